import Foundation
import GANRuntime

/// The ranks of a run on this machine, which Open MPI's `mpirun` starts: this process waits for them,
/// and hands signals on.
struct LocalRanks {
  let count: Int
  /// The arguments of each, the command included.
  let arguments: [String]

  /// Starts the ranks and waits for their end.
  ///
  /// A first signal becomes SIGUSR1, which reaches every rank at once and leaves it the time to save;
  /// another Ctrl-C or SIGTERM ends the launcher, with it the ranks, and this process.
  ///
  /// - Returns: The exit code of the run, as one process has it.
  /// - Throws: `RankError.noMPI`; `CommandError` where there is no `mpirun`, or a rank died.
  func run() throws -> Int32 {
    if case .missing(let other) = MPILink.library {
      throw RankError.noMPI(other: other, rankCount: count)
    }
    guard let launcher = installedProgram("mpirun"), let program = Bundle.main.executablePath else {
      throw CommandError(
        .unavailable, "there is Open MPI's library, but no mpirun in the folders of PATH",
        help: "Debian and Ubuntu have it in the package openmpi-bin")
    }
    let process = Process()
    process.executableURL = URL(filePath: launcher)
    // Ranks share the processors, and say themselves where they are more than those.
    process.arguments =
      ["-np", "\(count)", "--bind-to", "none", "--oversubscribe", program] + arguments
    process.environment = Self.environment
    // It is in a group of its own, whose terminal this is not to read.
    process.standardInput = FileHandle.nullDevice
    try process.start()
    // Only now: what this process ignores its children would ignore.
    let identifier = process.processIdentifier
    let interruption = Interruption(
      stopping: { kill(identifier, SIGUSR1) }, leaving: { kill(identifier, SIGTERM) })
    interruption.beginTraining()
    process.waitUntilExit()
    let status = process.terminationStatus
    if let signal = interruption.received, status == 128 + SIGUSR1 { return 128 + signal }
    guard !Self.fatalSignals.contains(status - 128) else {
      throw CommandError(
        .failed, "a rank was ended by signal \(status - 128)",
        help: "the last checkpoint stands: go on with gan train --resume")
    }
    return status
  }

  private static var environment: [String: String] {
    var environment = ProcessInfo.processInfo.environment
    // As --quiet, which Open MPI 5 has not got.
    environment["OMPI_MCA_orte_execute_quiet"] = "1"
    guard geteuid() == 0 else { return environment }
    // Who starts this as root has decided. Open MPI 5 has names of its own.
    for name in ["OMPI_ALLOW_RUN_AS_ROOT", "PRTE_ALLOW_RUN_AS_ROOT"] {
      environment[name] = "1"
      environment["\(name)_CONFIRM"] = "1"
    }
    return environment
  }

  /// Signals that end a process without a word.
  private static let fatalSignals = [SIGKILL, SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP]
}
