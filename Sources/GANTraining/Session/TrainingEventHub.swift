import Synchronization

/// Hands the events of a run to its listeners.
///
/// Its identity is their list.
final class TrainingEventHub: Sendable {
  private struct State {
    /// Those of the present listeners, whose buffers are bounded; they go with their listener.
    var listeners: [Listener] = []
    /// The buffer for the first listener, which keeps everything.
    var first: TrainingEventMailbox?
    var end: Result<Void, any Error>?
  }

  private struct Listener {
    weak var mailbox: TrainingEventMailbox?
  }

  private let state: Mutex<State>

  init() {
    let first = TrainingEventMailbox()
    state = Mutex(State(listeners: [Listener(mailbox: first)], first: first))
  }

  /// A new listener's buffer; the first one holds what happened so far.
  func join() -> TrainingEventMailbox {
    state.withLock { state in
      if let first = state.first.take() { return first }
      let mailbox = TrainingEventMailbox()
      if let end = state.end {
        mailbox.end(end)
      } else {
        state.listeners.removeAll { $0.mailbox == nil }
        state.listeners.append(Listener(mailbox: mailbox))
      }
      return mailbox
    }
  }

  /// Tells everybody.
  func tell(_ event: TrainingEvent) {
    for mailbox in state.withLock({ $0.listeners.compactMap(\.mailbox) }) { mailbox.put(event) }
  }

  /// Says that nothing follows.
  func end(_ result: Result<Void, any Error>) {
    let mailboxes = state.withLock { state in
      state.end = result
      return state.listeners.compactMap(\.mailbox)
    }
    for mailbox in mailboxes { mailbox.end(result) }
  }
}
