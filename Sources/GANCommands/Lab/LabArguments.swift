import ArgumentParser
import Foundation
import GANLab
import GANTraining

/// The flags that every experiment has.
struct LabArguments: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The experiment's folder, instead of the next number in lab.", valueName: "folder"))
  var output: String?

  @Flag(help: "Print report.json instead of the findings and the folder.")
  var json = false

  @Flag(help: "Print the folder alone, and say nothing but errors.")
  var quiet = false

  /// Runs an experiment, writes its folder and prints it.
  func perform(_ experiment: some Experiment) async throws {
    let isQuiet = quiet
    let report = try await LabReport(
      running: experiment, command: Self.commandLine, on: try Engine()
    ) { line in
      if !isQuiet { Console.writeToStandardError(line) }
    }
    let folder =
      try output.map { try LabFolder(path: $0) }
      ?? LabFolder(numberedIn: "lab", for: report.experiment)
    try folder.write(report)
    guard !json else { return print(try report.json, terminator: "") }
    if !quiet {
      let account = experiment.account(of: report.results)
      print(account.title + "\n")
      print(account.text.withoutMarkdown(columns: Terminal.output.size.columns) + "\n")
    }
    print(folder.path)
  }

  /// This process's arguments, quoted for a shell.
  private static var commandLine: String {
    (["gan"] + CommandLine.arguments.dropFirst()).shellLine
  }
}

/// Seeds, as a list of numbers and ranges: `0-4,7`.
struct SeedList: ExpressibleByArgument {
  let seeds: [UInt64]

  /// Nil for text that lists none.
  init?(argument: String) {
    guard let seeds = SweepRequest.seeds(argument) else { return nil }
    self.seeds = seeds
  }
}

/// The flags of experiments that are repeated.
struct SeedArguments: ParsableArguments {
  @Option(help: ArgumentHelp("Decides every random number.", valueName: "s"))
  var seed: UInt64?

  @Option(help: ArgumentHelp("Repeat with several, such as 0-4 or 0,3,7.", valueName: "list"))
  var seeds: SeedList?

  @OptionGroup var threads: ThreadArguments

  func validate() throws {
    guard seed == nil || seeds == nil else {
      throw ValidationError("--seed and --seeds both say which seeds")
    }
  }

  /// The requested seeds.
  func list(default usual: [UInt64] = [0]) -> [UInt64] {
    seeds?.seeds ?? seed.map { [$0] } ?? usual
  }

  /// The requested number of threads.
  var threadCount: Int { get throws { try threads.count } }
}
