import ArgumentParser
import Foundation
import GANTraining

/// The flag of commands that compute without a run's options: `sample` and the experiments.
struct ThreadArguments: ParsableArguments {
  @Option(help: ArgumentHelp("Threads that compute; all processors by default.", valueName: "t"))
  var threads: Int?

  func validate() throws { try checked(threads, "--threads", in: threadCounts) }

  /// The requested number: the flag's, else that of the environment, else one for each processor.
  ///
  /// - Throws: `OptionsError` where the environment asks for what cannot be.
  var count: Int {
    get throws {
      if let threads { return threads }
      let environment = try OptionAssignment.all(in: ProcessInfo.processInfo.environment)
      return try OptionSettings(environment.filter { $0.path == "threads" }).options.threads
    }
  }
}

/// A whole number within a range, or a `ValidationError` that names the flag.
func checked(_ value: Int?, _ flag: String, in range: ClosedRange<Int>) throws {
  guard let value, !range.contains(value) else { return }
  throw ValidationError(
    "\(flag) must be from \(range.lowerBound) to \(range.upperBound), got \(value)")
}
