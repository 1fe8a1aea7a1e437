import Foundation

/// A request that was let in.
package struct Request: Sendable {
  /// Its method, path, query and headers.
  package let head: RequestHead
  /// What the names in the route's path stand for.
  package let parameters: [String: String]
  /// Its body; empty where it has none.
  package let body: [UInt8]

  /// What a name in the route's path stands for: one segment, decoded, with no slash in it.
  package subscript(parameter: String) -> String { parameters[parameter] ?? "" }

  /// The value of a name in the query; nil where it is not there.
  package func query(_ name: String) -> String? { head.query[name] }

  /// The number that a name in the query has.
  ///
  /// - Parameter usual: Its value where the name is not there.
  /// - Throws: `Refusal` 400 where it is no number of the range.
  package func number<Value: LosslessStringConvertible & Comparable>(
    _ name: String, in range: ClosedRange<Value>, usually usual: Value
  ) throws(Refusal) -> Value {
    guard let text = query(name) else { return usual }
    guard let value = Value(text), range.contains(value) else {
      throw Refusal(
        400, "\(name) must be a number from \(range.lowerBound) to \(range.upperBound).")
    }
    return value
  }

  /// The body as JSON.
  ///
  /// - Throws: `Refusal` 400 where it is none.
  package func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(body))
    } catch {
      throw Refusal(400, "The body is not the JSON that is expected here.")
    }
  }
}

/// The line and the headers of a request.
package struct RequestHead: Hashable, Sendable {
  /// The methods that are served.
  package enum Method: String, Sendable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
  }

  package let method: Method
  /// The path's segments, decoded: none is empty but the last, none has a slash or is `.` or `..`.
  package let path: [String]
  /// The names of the query with their values; of equal names the last counts.
  package let query: [String: String]
  /// By names in lower case.
  package let headers: [String: String]
  /// False for HTTP/1.0 and where the client asks for the connection's end.
  let keepsConnection: Bool
  /// Bytes of the body.
  let bodyLength: Int
}
