// Sources may be shared between threads; Dispatch does not declare it yet.
@preconcurrency import Dispatch
import Foundation
import GANRuntime
import Synchronization

/// The ranks of a run on this machine, which Open MPI's `mpirun` starts: this process waits for them, and hands
/// signals on.
struct LocalRanks {
  let count: Int
  /// The arguments of each, the command included.
  let arguments: [String]

  /// Starts the ranks and waits for their end.
  ///
  /// - Returns: The exit code of the run, as one process has it: 128 and the number of the first signal that this
  ///   process was sent, where that stopped them.
  /// - Throws: `RankError.noMPI`; `CommandError` where there is no `mpirun`, or a rank died.
  func run() throws -> Int32 {
    var environment = ProcessInfo.processInfo.environment
    if case .missing(let other) = MPILink.library {
      throw RankError.noMPI(other: other, rankCount: count)
    }
    guard let launcher = Self.launcher(environment), let program = Bundle.main.executablePath else {
      throw CommandError(
        .unavailable, "there is Open MPI's library, but no mpirun in the folders of PATH",
        help: "Debian and Ubuntu have it in the package openmpi-bin")
    }
    // As --quiet, which Open MPI 5 has not got.
    environment["OMPI_MCA_orte_execute_quiet"] = "1"
    if geteuid() == 0 {
      // Open MPI warns whoever starts it as root; who starts this as root has decided. Its fifth version has other names.
      for name in ["OMPI_ALLOW_RUN_AS_ROOT", "PRTE_ALLOW_RUN_AS_ROOT"] {
        environment[name] = "1"
        environment["\(name)_CONFIRM"] = "1"
      }
    }
    let process = Process()
    process.executableURL = URL(filePath: launcher)
    // Ranks share the processors, and say themselves where they are more than those.
    process.arguments =
      ["-np", "\(count)", "--bind-to", "none", "--oversubscribe", program] + arguments
    process.environment = environment
    // It is in a group of its own, whose terminal this is not to read.
    process.standardInput = FileHandle.nullDevice
    try Self.withSignalsUnblocked { try process.run() }
    // Only now: what this process ignores its children would ignore.
    let signals = HandedSignals(to: process.processIdentifier)
    process.waitUntilExit()
    return try exitCode(process.terminationStatus, after: signals.received)
  }

  private func exitCode(_ status: Int32, after signal: HandedSignals.Received) throws -> Int32 {
    switch signal {
    case .once(let number) where status == 128 + SIGUSR1: return 128 + number
    case .insistently(let number) where status != 0: return 128 + number
    default: break
    }
    guard !Self.fatalSignals.contains(status - 128) else {
      throw CommandError(
        .failed, "a rank was ended by signal \(status - 128)",
        help: "the last checkpoint stands: go on with gan train --resume")
    }
    return status
  }

  /// Starts a process with no signal blocked. Foundation lets it inherit the blocked ones of the thread that starts
  /// it (swift-corelibs-foundation issue 4772), and those of a pool have nearly all blocked.
  private static func withSignalsUnblocked(_ body: () throws -> Void) rethrows {
    var (none, former) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &former)
    defer { pthread_sigmask(SIG_SETMASK, &former, nil) }
    try body()
  }

  /// Signals that end a process without a word.
  private static let fatalSignals = [SIGKILL, SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP]

  /// The launcher in the folders that programs are looked for in.
  private static func launcher(_ environment: [String: String]) -> String? {
    (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/mpirun" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}

/// Signals that this process hands on to the launcher of ranks.
///
/// Its identity is the process's signal handlers. A first one becomes SIGUSR1, which reaches every rank at once
/// and leaves it the time to save; Ctrl-C or SIGTERM after it end the launcher, and with it the ranks.
private final class HandedSignals: Sendable {
  /// The first signal, and whether another one was to hurry.
  enum Received {
    case none
    case once(Int32)
    case insistently(Int32)
  }

  private let process: pid_t
  private let state = Mutex(Received.none)
  private let sources: [any DispatchSourceSignal]

  init(to process: pid_t) {
    self.process = process
    let queue = DispatchQueue(label: "gan-rank-signals")
    let heard = [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU].compactMap { number in
      signalSource(number, queue).map { (number, $0) }
    }
    sources = heard.map(\.1)
    for (number, source) in heard {
      source.setEventHandler { [weak self] in self?.hand(number) }
      source.resume()
    }
  }

  var received: Received { state.withLock { $0 } }

  private func hand(_ number: Int32) {
    let sent: Int32? = state.withLock { state in
      switch state {
      case .none:
        state = .once(number)
        return SIGUSR1
      case .once(let first) where [SIGINT, SIGTERM].contains(number):
        state = .insistently(first)
        return SIGTERM
      case .once, .insistently: return nil
      }
    }
    if let sent { kill(process, sent) }
  }
}
