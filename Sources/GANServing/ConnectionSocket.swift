import Foundation

/// A connection to a client, read and written within a time.
struct ConnectionSocket: Sendable {
  let descriptor: CInt

  /// Takes an accepted connection over.
  init(_ descriptor: CInt) {
    self.descriptor = descriptor
    var yes: CInt = 1
    setsockopt(
      descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<CInt>.size))
    #if canImport(Darwin)
      setsockopt(
        descriptor, SOL_SOCKET, SO_NOSIGPIPE, &yes, socklen_t(MemoryLayout<CInt>.size))
    #endif
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  }

  /// Waits until something can be read or written.
  ///
  /// - Returns: False where the time is over.
  private func wait(for event: Int32, until deadline: Deadline) -> Bool {
    var ready = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    while true {
      let left = deadline.milliseconds
      let count = poll(&ready, 1, left)
      if count > 0 { return true }
      if count < 0, errno != EINTR { return true }
      if left == 0 || count == 0 && deadline.milliseconds == 0 { return false }
    }
  }

  /// Adds what has come to a buffer.
  ///
  /// - Returns: How many bytes; 0 where the client sends no more, nil where the time is over.
  func read(into buffer: inout [UInt8], until deadline: Deadline) throws(ClientGone) -> Int? {
    while wait(for: POLLIN, until: deadline) {
      var part = [UInt8](repeating: 0, count: 16_384)
      let count = recv(descriptor, &part, part.count, 0)
      if count >= 0 {
        buffer += part[..<count]
        return count
      }
      guard errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR else { throw ClientGone() }
    }
    return nil
  }

  /// Sends bytes, or finds that the client does not take them in time.
  func write(_ bytes: some Sequence<UInt8>, until deadline: Deadline) throws(ClientGone) {
    #if canImport(Darwin)
      let flags: CInt = 0
    #else
      let flags = CInt(MSG_NOSIGNAL)
    #endif
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, flags) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN || errno == EWOULDBLOCK {
        guard wait(for: POLLOUT, until: deadline) else { throw ClientGone() }
      } else if errno != EINTR {
        throw ClientGone()
      }
    }
  }

  /// True if the client has closed its end, or sends what nobody asked for.
  var isLeft: Bool {
    var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&ready, 1, 0) != 0
  }

  /// Ends sending and waits a moment for the client's end, so that an answer is not lost with what it
  /// sent meanwhile.
  func drain() {
    shutDownSending()
    let deadline = Deadline(seconds: 1)
    var dropped: [UInt8] = []
    while dropped.count < 1 << 18, let count = try? read(into: &dropped, until: deadline),
      count > 0
    {}
  }

  /// Says that nothing more is sent.
  func shutDownSending() { _ = Foundation.shutdown(descriptor, CInt(SHUT_WR)) }

  /// Ends both directions; the thread that reads or writes then finds out.
  func shutDown() { _ = Foundation.shutdown(descriptor, CInt(SHUT_RDWR)) }

  /// Gives the descriptor back.
  func close() { _ = Foundation.close(descriptor) }
}

/// The end of a time.
struct Deadline: Sendable {
  private let end: ContinuousClock.Instant

  /// So many seconds from now.
  init(seconds: Double) { end = ContinuousClock().now + .seconds(seconds) }

  /// What is left, for `poll`: rounded up, so that 0 means that it is over.
  var milliseconds: CInt {
    let left = end - ContinuousClock().now
    guard left > .zero else { return 0 }
    return CInt(min(left / .milliseconds(1), 60_000).rounded(.up))
  }
}
