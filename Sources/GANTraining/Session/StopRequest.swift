import Synchronization

/// A wish that a run stop after the step it is in.
///
/// Its identity is the flag; anybody may set it from any thread.
package final class StopRequest: Sendable {
  private let flag = Atomic(false)

  /// Nobody wishes it yet.
  package init() {}

  /// Asks the run to stop. It writes a checkpoint first.
  package func stop() { flag.store(true, ordering: .relaxed) }

  /// Whether anybody asked.
  package var isMade: Bool { flag.load(ordering: .relaxed) }
}
