import Foundation

/// A socket that listens on one address of this machine: who connects waits until a server takes it.
package struct ListeningSocket: Sendable {
  /// The address.
  package let host: String
  /// The port.
  package let port: Int
  private let descriptor: CInt
  /// A byte in it ends the wait for a connection.
  private let (bell, ringer): (CInt, CInt)

  /// Listens; 0 takes a free port.
  ///
  /// - Parameter host: An IPv4 address, or `localhost`.
  /// - Throws: `ServingError` where the port is taken or the system refuses.
  package init(host: String = "127.0.0.1", port: Int) throws(ServingError) {
    self.host = host
    var place = in_addr()
    guard inet_pton(AF_INET, host == "localhost" ? "127.0.0.1" : host, &place) == 1 else {
      throw .unknownHost(host)
    }
    #if canImport(Darwin)
      let listening = socket(AF_INET, SOCK_STREAM, 0)
    #else
      let listening = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    #endif
    guard listening >= 0 else { throw .system(call: "socket", code: errno) }
    keepFromChildren(listening)
    var yes: CInt = 1
    setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
    address.sin_addr = place
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listening, $0, size) }
    }
    guard isBound == 0, listen(listening, 64) == 0 else {
      let code = errno
      close(listening)
      throw code == EADDRINUSE
        ? .portTaken(port) : .system(call: "bind to \(host), port \(port)", code: code)
    }
    _ = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listening, $0, &size) }
    }
    self.port = Int(in_port_t(bigEndian: address.sin_port))
    // A client may leave between the wait and `accept`, which must not wait then.
    _ = fcntl(listening, F_SETFL, fcntl(listening, F_GETFL) | O_NONBLOCK)
    var ends: [CInt] = [-1, -1]
    guard pipe(&ends) == 0 else {
      let code = errno
      close(listening)
      throw .system(call: "pipe", code: code)
    }
    for end in ends { keepFromChildren(end) }
    (descriptor, bell, ringer) = (listening, ends[0], ends[1])
  }

  /// The next connection; nil once it is stopped.
  func accept() -> ConnectionSocket? {
    while true {
      var waits = [
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: bell, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&waits, 2, -1) > 0 else { continue }
      guard waits[1].revents == 0 else {
        for end in [descriptor, bell, ringer] { close(end) }
        return nil
      }
      let accepted = Foundation.accept(descriptor, nil, nil)
      if accepted >= 0 {
        keepFromChildren(accepted)
        return ConnectionSocket(accepted)
      }
      // Out of descriptors: others have to go first.
      if errno == EMFILE || errno == ENFILE || errno == ENOMEM { usleep(50_000) }
    }
  }

  /// Ends the wait; the waiting thread closes the socket.
  func stop() {
    var byte: UInt8 = 0
    _ = write(ringer, &byte, 1)
  }
}

/// Programs that are started do not inherit the descriptor.
func keepFromChildren(_ descriptor: CInt) {
  _ = fcntl(descriptor, F_SETFD, fcntl(descriptor, F_GETFD) | FD_CLOEXEC)
}
