import Foundation

/// An answer to a request.
package struct Response: Sendable {
  /// The HTTP status.
  package var status: Int
  /// The kind of its contents.
  package var type: MediaType
  /// More headers, beside those that every answer has.
  package var headers: [String: String] = [:]
  let body: Body

  /// What is sent after the head.
  enum Body: Sendable {
    case bytes([UInt8])
    case file(ServedFile)
    /// Events until the closure returns or the client leaves.
    case events(@Sendable (EventStream) throws -> Void)
  }

  init(status: Int, _ type: MediaType, _ body: Body) {
    (self.status, self.type, self.body) = (status, type, body)
  }

  /// Bytes of some kind.
  package static func bytes(_ bytes: [UInt8], _ type: MediaType, status: Int = 200) -> Response {
    Response(status: status, type, .bytes(bytes))
  }

  /// Text of some kind.
  package static func text(
    _ text: String, _ type: MediaType = .plain, status: Int = 200
  ) -> Response {
    .bytes(Array(text.utf8), type, status: status)
  }

  /// JSON that is written already.
  package static func json(_ text: String) -> Response { .text(text, .json) }

  /// A value as JSON.
  package static func json(of value: some Encodable) throws -> Response {
    .json(try jsonText(of: value))
  }

  /// Another place of this server.
  package static func redirect(to path: String) -> Response {
    var response = Response(status: 303, .plain, .bytes([]))
    response.headers["Location"] = path
    return response
  }

  /// A stream of events (`text/event-stream`), for as long as `send` runs and the client stays.
  ///
  /// `send` runs on the connection's thread; `EventFeed` is the usual source.
  package static func events(
    _ send: @escaping @Sendable (EventStream) throws -> Void
  ) -> Response {
    Response(status: 200, .events, .events(send))
  }
}

/// A kind of contents, as HTTP names it.
package struct MediaType: Hashable, Sendable {
  let name: String
  /// Names a kind, such as `image/png`.
  package init(_ name: String) { self.name = name }

  package static let plain = MediaType("text/plain; charset=utf-8")
  package static let html = MediaType("text/html; charset=utf-8")
  package static let css = MediaType("text/css; charset=utf-8")
  package static let javaScript = MediaType("text/javascript; charset=utf-8")
  package static let json = MediaType("application/json")
  package static let svg = MediaType("image/svg+xml")
  package static let png = MediaType("image/png")
  package static let binary = MediaType("application/octet-stream")
  static let events = MediaType("text/event-stream")
}

/// A value as JSON in one line, its keys in order; what is not finite is a string, `NaN`, `Infinity` or `-Infinity`.
package func jsonText(of value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
