import Foundation
import Synchronization

extension LocalServer {
  /// Serves a connection on a thread of its own, or refuses it where there are too many.
  func take(_ socket: ConnectionSocket) {
    let isTaken = connections.withLock { connections in
      guard !connections.isStopped, connections.sockets.count < limits.connectionCount else {
        return false
      }
      connections.sockets[socket.descriptor] = socket
      return true
    }
    guard isTaken else {
      // Without a thread, and without waiting: what does not fit into the socket's buffer is not sent.
      let refusal = Response(Refusal(503, "Too many connections."))
      try? send(refusal, to: socket, isHead: false, keepsConnection: false, seconds: 0)
      socket.shutDownSending()
      socket.close()
      return
    }
    Thread.serving { [self] in
      do {
        try serve(socket)
      } catch {
        // The client is gone: there is nobody to be told.
      }
      socket.drain()
      // First forgotten, then closed: the number may be another connection's at once.
      connections.withLock { $0.sockets[socket.descriptor] = nil }
      socket.close()
    }
  }

  /// Answers requests until either side ends the connection.
  private func serve(_ socket: ConnectionSocket) throws {
    var reader = RequestReader(socket, limits)
    while true {
      var isHead = false
      do {
        guard let head = try reader.readHead() else { return }
        isHead = head.method == .head
        let response = try answer(head, &reader)
        try send(
          response, to: socket, isHead: isHead,
          keepsConnection: head.keepsConnection && !response.isStream)
        guard head.keepsConnection, !response.isStream else { return }
      } catch let refusal as Refusal {
        // Nothing of the body was read: the next request cannot be found.
        try send(Response(refusal), to: socket, isHead: isHead, keepsConnection: false)
        return
      }
    }
  }

  /// Admits a request, reads its body and calls its handler.
  ///
  /// - Throws: `Refusal` of what came before the handler; `ClientGone`.
  private func answer(_ head: RequestHead, _ reader: inout RequestReader) throws -> Response {
    if let exchange = try admission.admit(head) {
      guard head.bodyLength == 0 else { throw Refusal(413, "No body is expected here.") }
      return exchange
    }
    let (handler, parameters, bodyLimit) = try router.handler(of: head)
    guard head.bodyLength <= bodyLimit else {
      throw Refusal(413, "More than \(bodyLimit) bytes in the body.")
    }
    let body = try reader.readBody(head.bodyLength)
    do {
      return try handler(Request(head: head, parameters: parameters, body: body))
    } catch let refusal as Refusal {
      return Response(refusal)
    } catch {
      return Response(Refusal(500, "\(error)"))
    }
  }

  private func send(
    _ response: Response, to socket: ConnectionSocket, isHead: Bool, keepsConnection: Bool,
    seconds: Double? = nil
  ) throws {
    func deadline() -> Deadline { Deadline(seconds: seconds ?? limits.writeSeconds) }
    let head = response.head(keepsConnection: keepsConnection)
    guard !isHead else { return try socket.write(head, until: deadline()) }
    switch response.body {
    case .bytes(let bytes):
      try socket.write(head + bytes.prefix(65_536), until: deadline())
      for start in stride(from: 65_536, to: bytes.count, by: 65_536) {
        try socket.write(bytes[start..<min(start + 65_536, bytes.count)], until: deadline())
      }
    case .file(let file):
      try socket.write(head, until: deadline())
      var sent = 0
      while sent < file.byteCount {
        guard let part = file.bytes(at: sent, count: 65_536) else { throw ClientGone() }
        try socket.write(part, until: deadline())
        sent += part.count
      }
    case .events(let send):
      let isTaken = connections.withLock { connections in
        guard connections.streamCount < limits.streamCount else { return false }
        connections.streamCount += 1
        return true
      }
      guard isTaken else { throw Refusal(503, "Too many pages listen.") }
      defer { connections.withLock { $0.streamCount -= 1 } }
      try socket.write(head, until: deadline())
      try send(EventStream(socket, limits))
    }
  }
}
