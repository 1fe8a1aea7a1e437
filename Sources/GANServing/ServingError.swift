import Foundation

/// A reason for which no server can be started.
package enum ServingError: Error, Hashable, CustomStringConvertible {
  /// Another program, or another server of ours, listens on the port.
  case portTaken(Int)
  /// Something that is no address.
  case unknownHost(String)
  /// The system refuses a call.
  case system(call: String, code: CInt)

  package var description: String {
    switch self {
    case .portTaken(let port): "port \(port) is taken by another program"
    case .unknownHost(let host): "\(host) is no IPv4 address, such as 127.0.0.1 or 0.0.0.0"
    case .system(let call, let code):
      "no server can be started: \(call): \(String(cString: strerror(code)))"
    }
  }
}

/// A request that is not served, and its answer.
package struct Refusal: Error, Hashable, Sendable {
  /// An HTTP status from 400 on.
  package let status: Int
  /// One sentence for who reads the answer.
  package let reason: String

  /// Refuses a request.
  package init(_ status: Int, _ reason: String) { (self.status, self.reason) = (status, reason) }

  /// Nothing is there.
  package static let notFound = Refusal(404, "Nothing is here.")
}

/// The client is gone, or too slow for what is sent.
struct ClientGone: Error {}
