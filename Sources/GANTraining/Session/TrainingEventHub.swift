import Synchronization

/// Hands the events of a run to its listeners.
///
/// Its identity is their list.
final class TrainingEventHub: Sendable {
  private struct State {
    /// Those of the present listeners, whose buffers are bounded.
    var mailboxes: [TrainingEventMailbox] = []
    /// The buffer for the first listener, which keeps everything.
    var first: TrainingEventMailbox?
    var end: Result<Void, any Error>?
  }

  private let state: Mutex<State>

  init() {
    let first = TrainingEventMailbox()
    state = Mutex(State(mailboxes: [first], first: first))
  }

  /// A new listener's buffer; the first one holds what happened so far.
  func join() -> TrainingEventMailbox {
    state.withLock { state in
      if let first = state.first.take() { return first }
      let mailbox = TrainingEventMailbox()
      if let end = state.end { mailbox.end(end) } else { state.mailboxes.append(mailbox) }
      return mailbox
    }
  }

  /// Tells everybody.
  func tell(_ event: TrainingEvent) {
    for mailbox in state.withLock({ $0.mailboxes }) { mailbox.put(event) }
  }

  /// Says that nothing follows.
  func end(_ result: Result<Void, any Error>) {
    let mailboxes = state.withLock { state in
      state.end = result
      return state.mailboxes
    }
    for mailbox in mailboxes { mailbox.end(result) }
  }
}
