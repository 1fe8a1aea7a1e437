/// Reads requests from a connection, within its bounds.
struct RequestReader {
  private let socket: ConnectionSocket
  private let limits: ServerLimits
  /// What has come and is not yet used.
  private var buffer: [UInt8] = []
  /// The end of the request that is being read.
  private var deadline: Deadline

  init(_ socket: ConnectionSocket, _ limits: ServerLimits) {
    (self.socket, self.limits) = (socket, limits)
    deadline = Deadline(seconds: limits.requestSeconds)
  }

  /// Reads the next request's line and headers.
  ///
  /// - Returns: Nil where the client asks for nothing more.
  /// - Throws: `Refusal` 400, 408, 431 and those of what is read; `ClientGone`.
  mutating func readHead() throws -> RequestHead? {
    if buffer.isEmpty {
      let idle = Deadline(seconds: limits.idleSeconds)
      guard let count = try socket.read(into: &buffer, until: idle), count > 0 else { return nil }
    }
    deadline = Deadline(seconds: limits.requestSeconds)
    var searched = 0
    while true {
      if let end = endOfHead(from: searched) {
        guard end <= limits.headBytes else { throw tooLong }
        let head = try RequestHead(buffer[..<(end - 4)], limits: limits)
        buffer.removeFirst(end)
        return head
      }
      guard buffer.count <= limits.headBytes else { throw tooLong }
      searched = max(buffer.count - 3, 0)
      guard try read() > 0 else { return nil }
    }
  }

  /// Reads a request's body.
  ///
  /// - Throws: `Refusal` 408; `ClientGone`.
  mutating func readBody(_ count: Int) throws -> [UInt8] {
    while buffer.count < count {
      guard try read() > 0 else { throw ClientGone() }
    }
    let body = Array(buffer[..<count])
    buffer.removeFirst(count)
    return body
  }

  private mutating func read() throws -> Int {
    guard let count = try socket.read(into: &buffer, until: deadline) else {
      throw Refusal(408, "The request did not come within \(limits.requestSeconds) seconds.")
    }
    return count
  }

  private var tooLong: Refusal {
    Refusal(431, "More than \(limits.headBytes) bytes before the body.")
  }

  /// The place after the empty line.
  private func endOfHead(from start: Int) -> Int? {
    guard buffer.count >= 4 else { return nil }
    return buffer[start...].indices.dropLast(3).first { index in
      buffer[index] == 13 && buffer[index + 1] == 10 && buffer[index + 2] == 13
        && buffer[index + 3] == 10
    }.map { $0 + 4 }
  }
}
