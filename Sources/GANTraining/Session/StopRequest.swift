import Synchronization

/// A wish that a run stop after the step it is in.
///
/// Its identity is the flag, which any thread may set.
package final class StopRequest: Sendable {
  private let flag = Atomic(false)

  /// Creates a request that is not made yet.
  package init() {}

  /// Asks the run to stop. It writes a checkpoint first.
  package func stop() { flag.store(true, ordering: .relaxed) }

  /// True if the stop was requested.
  package var isMade: Bool { flag.load(ordering: .relaxed) }
}
