import Foundation

extension Process {
  /// Starts it with no signal blocked. `run` lets it inherit what the thread that starts it has blocked
  /// (swift-corelibs-foundation issue 4772), and threads of a pool have nearly all signals blocked.
  ///
  /// - Throws: Foundation's error where there is no such program.
  func start() throws {
    var (none, former) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &former)
    defer { pthread_sigmask(SIG_SETMASK, &former, nil) }
    try run()
  }
}

/// The file of a program in the folders of `PATH`; nil where none has it.
func installedProgram(_ name: String) -> String? {
  (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
    .first { FileManager.default.isExecutableFile(atPath: $0) }
}
