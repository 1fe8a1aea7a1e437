// Sources may be shared between threads; Dispatch does not declare it yet.
@preconcurrency import Dispatch
import Foundation
import GANTraining
import Synchronization

/// The handling of Ctrl-C, SIGTERM and the signals by which terminals and schedulers announce an end: the
/// first asks the run to stop and save; after it another Ctrl-C or SIGTERM exits.
///
/// Its identity is the process's signal handlers. As long as there is nothing to save, the first
/// leaves at once too.
final class Interruption: Sendable {
  /// Tells the run to stop.
  let request = StopRequest()

  /// Signals that end the process at once when they come again.
  private static let insistent = [SIGINT, SIGTERM]
  /// A terminal that closes, and what schedulers send before they end a job: one end may send several.
  private static let announcing = [SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU]

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
    let heard = (Self.insistent + Self.announcing).compactMap { number in
      signalSource(number, queue).map { (number, $0) }
    }
    sources = heard.map(\.1)
    for (number, source) in heard {
      source.setEventHandler { [weak self] in
        switch self?.answer(to: number) {
        case .stop: stopping()
        case .leave:
          leaving()
          _exit(128 + number)
        case .wait, nil: break
        }
      }
      source.listen()
    }
  }

  /// Marks the start of training: from now on a run can be saved.
  func beginTraining() { state.withLock { $0.isTraining = true } }

  /// The signal that stopped the run, if one did: here, or at another rank.
  var received: Int32? { state.withLock { $0.signal } ?? request.signal }

  private enum Answer {
    /// The run stops in its own time.
    case stop
    /// The process ends at once.
    case leave
    /// The run is stopping already.
    case wait
  }

  /// Notes a signal.
  private func answer(to number: Int32) -> Answer {
    let answer: Answer = state.withLock { state in
      guard state.isTraining else { return .leave }
      guard state.signal == nil else { return Self.insistent.contains(number) ? .leave : .wait }
      state.signal = number
      return .stop
    }
    if answer == .stop { request.stop(signal: number) }
    return answer
  }
}

extension Interruption {
  /// Prints a signal's effect on the console.
  convenience init(_ console: Console) {
    self.init(
      stopping: { console.notice("stopping after this step; again to leave at once") },
      leaving: { console.leave() })
  }
}

/// A run stopped by a signal, after saving.
struct Interrupted: Error {
  let signal: Int32
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

extension DispatchSourceSignal {
  /// Hears the signal from when this returns: it is lost until the system knows the source, which takes a
  /// busy machine a while.
  func listen() {
    let isHeard = DispatchSemaphore(value: 0)
    setRegistrationHandler { isHeard.signal() }
    resume()
    isHeard.wait()
  }
}
