import Foundation
import Synchronization

/// A server of this program's own pages: HTTP/1.1 on 127.0.0.1, for whoever has its token.
///
/// Its identity is the listening socket; it serves from `init` to `stop()`, or to the end of the process.
///
/// ```swift
/// var router = Router()
/// router.get("/") { _ in .text(page, .html) }
/// router.get("/files/:name") { try folder.response([$0["name"]]) }       // a `ServedFolder`
/// router.get("/events") { _ in feed.response() }                         // an `EventFeed`
/// router.post("/control", bodyLimit: 1_000) { request in
///   control.take(try request.json(Command.self))
///   return .json("{}")
/// }
/// let server = try LocalServer(router, port: 0)
/// print(server.address)                                                  // http://127.0.0.1:PORT/?token=…
/// ```
///
/// - Every connection has a thread of its own, and handlers run on it: they may block, and must be
///   ready to run at once. `waiting(for:)` calls asynchronous code from there.
/// - A request is refused before its body is read and its handler runs unless its `Host` is this machine, its
///   `Origin`, if any, is the page itself, and it has the token: in the cookie that the printed
///   address is exchanged for, or as `Authorization: Bearer TOKEN`, for programs. What changes anything is
///   a POST; with the cookie it must have an `Origin`.
/// - Sizes, times and numbers are bounded by `ServerLimits`. Nobody who reads slowly holds up anybody else:
///   an `EventFeed` keeps the newest event of each name for a listener, and nothing older.
/// - A handler refuses by throwing a `Refusal`; any other error is answered with 500 and its description.
package final class LocalServer: Sendable {
  /// The port it listens on.
  package let port: Int
  /// The address it listens on.
  package let host: String
  /// The secret that a request needs; empty where none is needed.
  package let token: String
  let router: Router
  let admission: Admission
  let limits: ServerLimits
  let listener: ListeningSocket
  let connections = Mutex(OpenConnections())

  /// Who is let in.
  package enum Access: Hashable, Sendable {
    /// Who has a new token of 32 hexadecimal digits.
    case drawnToken
    /// Who has this token.
    case token(String)
    /// Everybody on this machine; only for what changes nothing and tells no secret.
    case everyoneHere
  }

  /// Listens, and serves from now on.
  ///
  /// - Parameters:
  ///   - router: The handlers by path.
  ///   - host: An IPv4 address of this machine; elsewhere than on 127.0.0.1 names of hosts are not checked.
  ///   - port: 0 takes a free one.
  ///   - access: Who is let in.
  ///   - limits: The bounds of requests and connections.
  /// - Throws: `ServingError` where the port is taken or the system refuses.
  package convenience init(
    _ router: Router, host: String = "127.0.0.1", port: Int = 0, access: Access = .drawnToken,
    limits: ServerLimits = ServerLimits()
  ) throws(ServingError) {
    self.init(
      router, on: try ListeningSocket(host: host, port: port), access: access, limits: limits)
  }

  /// Serves who connects to a socket, from now on; the socket ends with the server.
  package init(
    _ router: Router, on listener: ListeningSocket, access: Access = .drawnToken,
    limits: ServerLimits = ServerLimits()
  ) {
    self.listener = listener
    (host, port) = (listener.host, listener.port)
    self.router = router
    self.limits = limits
    token =
      switch access {
      case .drawnToken: Admission.makeToken()
      case .token(let text): text
      case .everyoneHere: ""
      }
    admission = Admission(
      token: token, port: listener.port, isOpen: access == .everyoneHere,
      isLocal: host == "127.0.0.1" || host == "localhost")
    Thread.serving { [weak self, listener] in
      while let socket = listener.accept() {
        guard let self else {
          socket.close()
          return
        }
        self.take(socket)
      }
    }
  }

  deinit { stop() }

  /// A new token: 128 bits of the system's randomness, in hexadecimal.
  package static func makeToken() -> String { Admission.makeToken() }

  /// The digits of a token.
  package static let tokenLength = 32

  /// The address that a browser is given once; the page's own addresses are without the token.
  package var address: String {
    "http://\(host):\(port)/" + (token.isEmpty ? "" : "?token=\(token)")
  }

  /// Streams of events that are open.
  package var streamCount: Int { connections.withLock { $0.streamCount } }

  /// Closes the listening socket and every connection.
  package func stop() {
    let open: [ConnectionSocket]? = connections.withLock { connections in
      guard !connections.isStopped else { return nil }
      connections.isStopped = true
      return Array(connections.sockets.values)
    }
    guard let open else { return }
    listener.stop()
    for socket in open { socket.shutDown() }
  }
}

/// The connections of a server.
struct OpenConnections {
  /// By the number of their descriptor.
  var sockets: [CInt: ConnectionSocket] = [:]
  /// How many of them are streams of events.
  var streamCount = 0
  var isStopped = false
}

extension Thread {
  /// Starts a thread for one connection, or for accepting them.
  static func serving(_ body: @escaping @Sendable () -> Void) {
    let thread = Thread(block: body)
    thread.name = "gan-page"
    // Laying plots out takes some; what is not touched takes no memory.
    thread.stackSize = 1 << 20
    thread.start()
  }
}

/// Waits for asynchronous work, on a connection's own thread.
///
/// Never to be called from asynchronous code, whose threads are few.
///
/// - Throws: What the work throws.
package func waiting<Result: Sendable>(
  for work: @escaping @Sendable () async throws -> Result
) throws -> Result {
  let done = DispatchSemaphore(value: 0)
  let box = WaitingBox<Result>()
  Task.detached {
    do {
      let value = try await work()
      box.result.withLock { $0 = .success(value) }
    } catch {
      box.result.withLock { $0 = .failure(error) }
    }
    done.signal()
  }
  done.wait()
  guard let result = box.result.withLock({ $0 }) else { preconditionFailure("no result was left") }
  return try result.get()
}

/// Where asynchronous work leaves its result; its identity is that place.
private final class WaitingBox<Value: Sendable>: Sendable {
  let result = Mutex<Result<Value, any Error>?>(nil)
}
