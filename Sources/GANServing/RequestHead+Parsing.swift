import Foundation

extension RequestHead {
  /// Headers of which one is meant: two contradict each other.
  private static let single: Set = [
    "authorization", "content-length", "content-type", "host", "if-none-match", "origin",
  ]

  /// Reads a request's line and headers, without the empty line after them.
  ///
  /// - Throws: `Refusal` with the status that the fault has in RFC 9110 and 9112.
  init(_ bytes: some Collection<UInt8>, limits: ServerLimits) throws(Refusal) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Refusal(400, "The request's head is not text.")
    }
    // A line feed alone ends no line.
    var lines = text.components(separatedBy: "\r\n")
    let isClean = text.unicodeScalars.allSatisfy {
      $0.value >= 0x20 && $0.value != 0x7f || $0 == "\t" || $0 == "\r" || $0 == "\n"
    }
    guard isClean,
      lines.allSatisfy({ line in !line.unicodeScalars.contains { $0 == "\n" || $0 == "\r" } })
    else { throw Refusal(400, "The request's head has control characters.") }
    let parts = lines.removeFirst().split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 3 else { throw Refusal(400, "The request's line has not three parts.") }
    guard let method = Method(rawValue: String(parts[0])) else {
      throw Refusal(405, "Only GET, HEAD and POST are served.")
    }
    guard parts[2] == "HTTP/1.1" || parts[2] == "HTTP/1.0" else {
      throw Refusal(505, "Only HTTP/1.1 is spoken here.")
    }
    self.method = method
    (path, query) = try Self.target(parts[1])
    guard lines.count <= limits.headerCount else {
      throw Refusal(431, "More than \(limits.headerCount) headers.")
    }
    let headers = try Self.headers(lines)
    self.headers = headers
    guard headers["transfer-encoding"] == nil else {
      throw Refusal(411, "A body needs a Content-Length.")
    }
    guard headers["expect"] == nil else { throw Refusal(417, "Nothing is promised in advance.") }
    let length = headers["content-length"] ?? "0"
    guard !length.isEmpty, length.count <= 15,
      length.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let bodyLength = Int(length)
    else { throw Refusal(400, "The Content-Length is no number.") }
    self.bodyLength = bodyLength
    let connection = headers["connection"]?.lowercased() ?? ""
    keepsConnection = parts[2] == "HTTP/1.1" && !connection.contains("close")
  }

  private static func headers(_ lines: [String]) throws(Refusal) -> [String: String] {
    var headers: [String: String] = [:]
    for line in lines {
      guard let colon = line.firstIndex(of: ":"), colon > line.startIndex,
        line[..<colon].utf8.allSatisfy(isTokenCharacter)
      else { throw Refusal(400, "A header has no name.") }
      let name = line[..<colon].lowercased()
      let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      if let earlier = headers[name] {
        guard !single.contains(name) else { throw Refusal(400, "Two headers \(name).") }
        headers[name] = earlier + (name == "cookie" ? "; " : ", ") + value
      } else {
        headers[name] = value
      }
    }
    return headers
  }

  private static func isTokenCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }

  /// The path and the query.
  private static func target(
    _ target: Substring
  ) throws(Refusal) -> (path: [String], query: [String: String]) {
    guard target.first == "/", target.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
      throw Refusal(400, "The path does not begin with a slash.")
    }
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var path: [String] = []
    let segments = parts[0].dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    for (index, segment) in segments.enumerated() {
      guard let name = String(segment).removingPercentEncoding, name != ".", name != "..",
        !name.isEmpty || index == segments.count - 1,
        name.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0 != "/" && $0 != "\\" })
      else { throw Refusal(400, "The path leads out of what is served.") }
      path.append(name)
    }
    var query: [String: String] = [:]
    for pair in parts.count > 1 ? parts[1].split(separator: "&") : [] {
      let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let decoded = halves.map {
        $0.replacingOccurrences(of: "+", with: " ").removingPercentEncoding
      }
      guard let name = decoded[0], let value = decoded.count > 1 ? decoded[1] : "" else {
        throw Refusal(400, "The query is not encoded as UTF-8.")
      }
      query[name] = value
    }
    return (path, query)
  }
}
