import Foundation
import GANServing

/// A client that sends any bytes, and reads what comes.
///
/// Its identity is the connection.
final class RawClient {
  /// A wait of this long tells a hang, nothing else.
  static let patience = 60.0

  private let descriptor: CInt
  private(set) var received: [UInt8] = []

  /// Connects to a port of 127.0.0.1.
  init(_ port: Int) throws {
    #if canImport(Darwin)
      descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #else
      descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw ClientError(description: "connect: \(errno)") }
    var limit = timeval(tv_sec: Int(Self.patience), tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  /// Sends text; what the server no longer takes is lost.
  func send(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      #if canImport(Darwin)
        let flags: CInt = 0
      #else
        let flags = CInt(MSG_NOSIGNAL)
      #endif
      let count = rest.withUnsafeBytes {
        Foundation.send(descriptor, $0.baseAddress, $0.count, flags)
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Reads until the server closes, or until something is there.
  func text(until isEnough: (String) -> Bool = { _ in false }) throws -> String {
    while true {
      let text = String(decoding: received, as: UTF8.self)
      if isEnough(text) { return text }
      var part = [UInt8](repeating: 0, count: 65_536)
      let count = recv(descriptor, &part, part.count, 0)
      if count == 0 || count < 0 && errno == ECONNRESET { return text }
      guard count > 0 else { throw ClientError(description: "nothing came: \(errno); \(text)") }
      received += part[..<count]
    }
  }

  /// The status of the answer.
  func status() throws -> Int? {
    let text = try text { $0.contains("\r\n\r\n") }
    return text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
  }
}

struct ClientError: Error, CustomStringConvertible { let description: String }

extension LocalServer {
  /// The headers of a request that is let in.
  var admittedHeaders: String {
    "Host: 127.0.0.1:\(port)\r\nCookie: other=1; gan-\(port)=\(token)\r\n"
  }

  /// The answer to a request that closes the connection; `HOST`, `COOKIE`, `TOKEN` and `PORT` are filled in.
  func answer(to request: String) throws -> String {
    let client = try RawClient(port)
    client.send(filled(request))
    return try client.text()
  }

  func filled(_ request: String) -> String {
    request.replacingOccurrences(of: "HOST", with: "Host: 127.0.0.1:PORT")
      .replacingOccurrences(of: "COOKIE", with: "Cookie: gan-PORT=TOKEN")
      .replacingOccurrences(of: "PORT", with: "\(port)")
      .replacingOccurrences(of: "TOKEN", with: token)
  }
}

/// The status of an answer; nil where there is none.
func status(_ answer: String) -> Int? {
  answer.hasPrefix("HTTP/1.1 ")
    ? answer.split(separator: " ").dropFirst().first.flatMap { Int($0) } : nil
}
