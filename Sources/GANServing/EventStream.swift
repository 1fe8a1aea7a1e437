import Foundation

/// An event for a page (`EventSource` in a browser).
package struct ServerEvent: Hashable, Sendable {
  /// The name that listeners are added for.
  package var name: String
  /// Its contents, most often JSON.
  package var data: String
  /// What a client says when it comes back (`Last-Event-ID`); nil for nothing.
  package var id: String?

  /// Describes an event.
  package init(_ name: String, _ data: String, id: String? = nil) {
    (self.name, self.data, self.id) = (name, data, id)
  }

  /// The lines that are sent.
  var lines: String {
    // A line's end would end a field, or the event.
    func clean(_ text: String) -> String { text.filter { !$0.isNewline && $0 != "\0" } }
    let data = self.data.split(omittingEmptySubsequences: false) { $0.isNewline }
      .map { "data: \($0)\n" }.joined()
    return (id.map { "id: \(clean($0))\n" } ?? "") + "event: \(clean(name))\n\(data)\n"
  }
}

/// The sending end of a stream of events; it belongs to its connection's thread.
package final class EventStream {
  private let socket: ConnectionSocket
  private let limits: ServerLimits
  private var lastSign = ContinuousClock().now

  init(_ socket: ConnectionSocket, _ limits: ServerLimits) throws {
    (self.socket, self.limits) = (socket, limits)
    // A client that lost the connection tries again after a second.
    try send("retry: 1000\n\n")
  }

  /// Sends an event.
  ///
  /// - Throws: Where the client is gone or takes nothing: the stream is over.
  package func send(_ event: ServerEvent) throws { try send(event.lines) }

  /// Notices a client that has left, and shows it that this end is alive; to be called at least once a second.
  ///
  /// - Throws: As `send` does.
  package func check() throws {
    guard !socket.isLeft else { throw ClientGone() }
    if (ContinuousClock().now - lastSign) / .seconds(1) >= limits.heartbeatSeconds {
      try send(":\n\n")
    }
  }

  private func send(_ text: String) throws {
    try socket.write(text.utf8, until: Deadline(seconds: limits.writeSeconds))
    lastSign = ContinuousClock().now
  }
}
