import Synchronization

/// A wish that a run stop after the step it is in.
///
/// Its identity is the flag, which any thread may set.
package final class StopRequest: Sendable {
  private let flag = Atomic(false)
  private let number = Atomic<Int32>(0)

  /// Creates a request that is not made yet.
  package init() {}

  /// Asks the run to stop. It writes a checkpoint first.
  ///
  /// - Parameter signal: The signal that asks for it; 0 for none.
  package func stop(signal: Int32 = 0) {
    if signal != 0 { number.store(signal, ordering: .relaxed) }
    flag.store(true, ordering: .relaxed)
  }

  /// The signal that asked for it, here or at another rank; nil for none.
  package var signal: Int32? {
    let signal = number.load(ordering: .relaxed)
    return signal == 0 ? nil : signal
  }

  /// True if the stop was requested.
  package var isMade: Bool { flag.load(ordering: .relaxed) }
}
