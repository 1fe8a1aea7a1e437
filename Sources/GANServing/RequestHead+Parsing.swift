import Foundation

extension RequestHead {
  /// Headers of which one is meant: two contradict each other.
  private static let single: Set = [
    "authorization", "content-length", "content-type", "host", "if-none-match", "origin",
  ]

  /// Reads a request's line and headers, without the empty line after them.
  ///
  /// - Throws: `Refusal` with the status that the fault has in RFC 9110 and 9112.
  init(_ bytes: ArraySlice<UInt8>, limits: ServerLimits) throws(Refusal) {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw Refusal(400, "The request's head is not text.")
    }
    var lines = try Self.lines(of: bytes)[...]
    let parts = String(decoding: lines.removeFirst(), as: UTF8.self)
      .split(separator: " ", omittingEmptySubsequences: false)
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

  /// The lines of a head, without their ends. A line feed alone ends none.
  private static func lines(of bytes: ArraySlice<UInt8>) throws(Refusal) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    var (start, place) = (bytes.startIndex, bytes.startIndex)
    while place < bytes.endIndex {
      if bytes[place] == 13, bytes[place...].dropFirst().first == 10 {
        lines.append(bytes[start..<place])
        place += 2
        start = place
      } else if bytes[place] >= 0x20 && bytes[place] != 0x7f || bytes[place] == 9 {
        place += 1
      } else {
        throw Refusal(400, "The request's head has control characters.")
      }
    }
    return lines + [bytes[start...]]
  }

  private static func headers(
    _ lines: ArraySlice<ArraySlice<UInt8>>
  ) throws(Refusal) -> [String: String] {
    var headers: [String: String] = [:]
    for line in lines {
      let name = line.prefix { $0 != UInt8(ascii: ":") }
      guard !name.isEmpty, name.count < line.count, name.allSatisfy(isTokenCharacter) else {
        throw Refusal(400, "A header has no name.")
      }
      let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 9 }
      var trimmed = line.dropFirst(name.count + 1).drop(while: isSpace)
      while let last = trimmed.last, isSpace(last) { trimmed.removeLast() }
      let key = String(decoding: name, as: UTF8.self).lowercased()
      let value = String(decoding: trimmed, as: UTF8.self)
      if let earlier = headers[key] {
        guard !single.contains(key) else { throw Refusal(400, "Two headers \(key).") }
        headers[key] = earlier + (key == "cookie" ? "; " : ", ") + value
      } else {
        headers[key] = value
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
      guard let name = segment.contains("%") ? segment.removingPercentEncoding : String(segment),
        name != ".", name != "..",
        !name.isEmpty || index == segments.count - 1,
        name.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0 != "/" && $0 != "\\" })
      else { throw Refusal(400, "The path leads out of what is served.") }
      path.append(name)
    }
    var query: [String: String] = [:]
    for pair in parts.count > 1 ? parts[1].split(separator: "&") : [] {
      let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let decoded = halves.map {
        $0.contains(where: { "+%".contains($0) })
          ? $0.replacingOccurrences(of: "+", with: " ").removingPercentEncoding : String($0)
      }
      guard let name = decoded[0], let value = decoded.count > 1 ? decoded[1] : "" else {
        throw Refusal(400, "The query is not encoded as UTF-8.")
      }
      query[name] = value
    }
    return (path, query)
  }
}
