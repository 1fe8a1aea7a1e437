// Sources may be shared between threads; Dispatch does not declare it yet.
@preconcurrency import Dispatch
import Foundation
import GANTraining
import Synchronization

/// The handling of Ctrl-C and SIGTERM: the first asks the run to stop and save, the second exits.
///
/// Its identity is the process's signal handlers. As long as there is nothing to save, the first
/// leaves at once too.
final class Interruption: Sendable {
  /// Tells the run to stop.
  let request = StopRequest()

  private struct State {
    /// The first signal that came.
    var signal: Int32?
    var isTraining = false
  }

  private let state = Mutex(State())
  private let sources: [any DispatchSourceSignal]

  /// Takes the signals over.
  ///
  /// - Parameters:
  ///   - stopping: Called when a run is to stop, on a thread of its own.
  ///   - leaving: Called right before the process ends at once.
  init(
    stopping: @escaping @Sendable () -> Void = {}, leaving: @escaping @Sendable () -> Void = {}
  ) {
    let queue = DispatchQueue(label: "gan-signals")
    let heard = [SIGINT, SIGTERM].compactMap { number in
      signalSource(number, queue).map { (number, $0) }
    }
    sources = heard.map(\.1)
    for (number, source) in heard {
      source.setEventHandler { [weak self] in
        guard let self else { return }
        if self.stops(at: number) {
          stopping()
        } else {
          leaving()
          _exit(128 + number)
        }
      }
      source.resume()
    }
  }

  /// Marks the start of training: from now on a run can be saved.
  func beginTraining() { state.withLock { $0.isTraining = true } }

  /// The signal that stopped the run, if one did.
  var received: Int32? { state.withLock { $0.signal } }

  /// Notes a signal; true if the run is to stop in its own time.
  private func stops(at number: Int32) -> Bool {
    let isFirst = state.withLock { state in
      guard state.isTraining, state.signal == nil else { return false }
      state.signal = number
      return true
    }
    if isFirst { request.stop() }
    return isFirst
  }
}

/// Takes a signal over: only the source's handler handles it.
///
/// - Returns: Nil if the process was started with the signal ignored, as a shell has its background
///   jobs ignore Ctrl-C: it stays ignored then.
func signalSource(
  _ number: Int32, _ queue: DispatchQueue? = nil
) -> (any DispatchSourceSignal)? {
  let former = signal(number, SIG_IGN)
  guard unsafeBitCast(former, to: Int.self) != unsafeBitCast(SIG_IGN, to: Int.self) else {
    return nil
  }
  return DispatchSource.makeSignalSource(signal: number, queue: queue)
}
