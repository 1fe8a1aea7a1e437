import ArgumentParser
import Dispatch
import GANRuntime
import GANTraining

/// `gan`: the root of the commands.
struct GAN: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gan",
    abstract: "Trains generative adversarial networks.",
    discussion: """
      Start with: gan train

      Results go to standard output, progress to standard error.
      GAN_EXPLAIN=1 shows how a step was compiled and which kernel serves what.
      gan --generate-completion-script bash (zsh, fish) prints a shell's completions.

      Exit codes: 0 done; 1 failed; 64 a wrong flag or --set; 65 a corrupt or foreign \
      file; 66 a missing path; 69 a device or library is unavailable; 70 our bug; \
      73 cannot write; 75 diverged; 78 values that contradict each other.
      """,
    version: "gan \(Version.current)",
    subcommands: [
      Train.self, Watch.self, PlotCommand.self, Report.self, Sample.self, Evaluate.self,
      RunsCommand.self, SweepCommand.self, Serve.self, Film.self, Latents.self, Invert.self,
      NeighboursCommand.self, Trace.self, Bench.self, Lab.self, Play.self,
      DataCommand.self, RecipesCommand.self, Info.self, Diagnose.self, Export.self, Doctor.self,
      OptionsPage.self,
    ])
}

/// Runs the command that the process's arguments name, and exits with its status.
///
/// Nothing is waited for until it is known that the system has room for the threads that waiting takes:
/// Swift's runtime would try for ever to start them. Commands that wait for nothing need none.
package func runCommandLine() -> Never {
  ProcessRoom.outliveLimits()
  let command = exitingWithErrors {
    let command = try GAN.parseAsRoot()
    // The doctor tells everything that is wrong.
    if !(command is Doctor) { try InstructionSet.checkLimit() }
    return command
  }
  guard let waiting = command as? any AsyncParsableCommand else {
    exitingWithErrors {
      var command = command
      try command.run()
    }
    exit(with: 0)
  }
  exitingWithErrors { try ProcessRoom.requireForComputing() }
  Task.detached {
    var command = waiting
    do {
      try await command.run()
      exit(with: 0)
    } catch {
      exit(with: report(error))
    }
  }
  dispatchMain()
}

/// Does what may fail, which then ends the process with the error's status.
private func exitingWithErrors<Result>(_ body: () throws -> Result) -> Result {
  do {
    return try body()
  } catch {
    exit(with: report(error))
  }
}
