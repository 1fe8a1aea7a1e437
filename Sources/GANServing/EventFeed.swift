import Foundation
import Synchronization

/// Hands events to every listener, and never waits for one.
///
/// Its identity is the list of listeners. Of each name it keeps the newest event: a new listener gets those
/// first, and one that lags behind finds the newest in place of those it did not take. So names are few, and
/// an event says all that its name has to say.
package final class EventFeed: Sendable {
  private struct State {
    /// The newest event of each name, in the order of the names' first.
    var newest: [ServerEvent] = []
    var listeners: [Int: Listener] = [:]
    var nextNumber = 0
    var isEnded = false
  }

  private let state = Mutex(State())

  /// A feed without events.
  package init() {}

  /// How many listen: with none, nobody misses an event that is not made.
  package var listenerCount: Int { state.withLock { $0.listeners.count } }

  /// Tells everybody; takes no longer than there are listeners.
  package func publish(_ event: ServerEvent) {
    let listeners = state.withLock { state in
      state.newest.keep(event)
      return Array(state.listeners.values)
    }
    for listener in listeners { listener.put(event) }
  }

  /// Ends every stream after what was published.
  package func end() {
    let listeners = state.withLock { state in
      state.isEnded = true
      return Array(state.listeners.values)
    }
    for listener in listeners { listener.end() }
  }

  /// A stream of what is published, for one listener.
  package func response() -> Response {
    .events { stream in
      let listener = Listener()
      let number = self.state.withLock { state in
        for event in state.newest { listener.put(event) }
        if state.isEnded { listener.end() }
        state.listeners[state.nextNumber] = listener
        defer { state.nextNumber += 1 }
        return state.nextNumber
      }
      defer { self.state.withLock { $0.listeners[number] = nil } }
      while let events = listener.take(within: 1) {
        for event in events { try stream.send(event) }
        try stream.check()
      }
    }
  }
}

/// The unread events of one listener.
private final class Listener: @unchecked Sendable {
  /// It guards the two others.
  private let condition = NSCondition()
  private var events: [ServerEvent] = []
  private var isEnded = false

  func put(_ event: ServerEvent) {
    condition.lock()
    events.keep(event)
    condition.signal()
    condition.unlock()
  }

  func end() {
    condition.lock()
    isEnded = true
    condition.signal()
    condition.unlock()
  }

  /// What has come, after at most so many seconds; nil at the end.
  func take(within seconds: Double) -> [ServerEvent]? {
    condition.lock()
    defer { condition.unlock() }
    let end = Date(timeIntervalSinceNow: seconds)
    while events.isEmpty, !isEnded, condition.wait(until: end) {}
    guard !events.isEmpty || !isEnded else { return nil }
    defer { events = [] }
    return events
  }
}

extension [ServerEvent] {
  /// Takes the place of the last event of the same name.
  fileprivate mutating func keep(_ event: ServerEvent) {
    if let index = firstIndex(where: { $0.name == event.name }) {
      self[index] = event
    } else {
      append(event)
    }
  }
}
