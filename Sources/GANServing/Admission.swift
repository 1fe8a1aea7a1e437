import Foundation

/// Who may ask for anything: the page itself, on this machine, with the token.
struct Admission: Sendable {
  let token: String
  let port: Int
  /// True where no token is needed.
  var isOpen = false
  /// True for a server that no other machine reaches.
  var isLocal = true

  /// A new token: 128 bits of the system's randomness.
  static func makeToken() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<2).map { _ in
      let digits = String(generator.next(), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// Cookies know no ports: each server has a name of its own.
  var cookieName: String { "gan-\(port)" }

  /// Lets a request in.
  ///
  /// - Returns: The answer that exchanges an address's token for a cookie; nil for a request to serve.
  /// - Throws: `Refusal` 403 for a foreign `Host` or `Origin`, 401 without the token.
  func admit(_ head: RequestHead) throws(Refusal) -> Response? {
    // A page elsewhere whose name was made to mean 127.0.0.1 still says its name.
    guard let host = head.headers["host"], !isLocal || isHere(host) else {
      throw Refusal(403, "This server answers to 127.0.0.1 and localhost alone.")
    }
    if let origin = head.headers["origin"], origin != "http://\(host)",
      isLocal || origin != "https://\(host)"
    {
      throw Refusal(403, "Another page asks for this.")
    }
    if isOpen, head.method != .post { return nil }
    if head.method != .post, let given = head.query["token"] {
      guard isToken(given) else {
        throw Refusal(
          401, "The token of this address is not this server's: use the address that it printed.")
      }
      return exchange(head)
    }
    if let authorization = head.headers["authorization"] {
      guard authorization.hasPrefix("Bearer "), isToken(String(authorization.dropFirst(7))) else {
        throw Refusal(401, "The token is not this server's.")
      }
      return nil
    }
    guard let cookie = cookie(head), isToken(cookie) else {
      throw Refusal(401, "The token is missing: use the address that gan printed.")
    }
    guard head.method != .post || head.headers["origin"] != nil else {
      throw Refusal(403, "A request that changes something says where it comes from.")
    }
    return nil
  }

  /// True for this machine's own names, at any port: a tunnel may have another one.
  private func isHere(_ host: String) -> Bool {
    let parts = host.split(separator: ":", omittingEmptySubsequences: false)
    let isPort = parts.count == 1 || parts.count == 2 && UInt16(parts[1]) != nil
    return isPort && ["127.0.0.1", "localhost"].contains(parts[0].lowercased())
  }

  /// Compares in a time that does not depend on where the two differ.
  private func isToken(_ text: String) -> Bool {
    let (given, wanted) = (Array(text.utf8), Array(token.utf8))
    guard given.count == wanted.count else { return false }
    return zip(given, wanted).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }

  private func cookie(_ head: RequestHead) -> String? {
    head.headers["cookie"]?.split(separator: ";").lazy
      .map { $0.trimmingCharacters(in: .whitespaces) }
      .first { $0.hasPrefix("\(cookieName)=") }
      .map { String($0.dropFirst(cookieName.count + 1)) }
  }

  /// Sends the browser to the same address without the token.
  private func exchange(_ head: RequestHead) -> Response {
    let path = head.path.map(Self.encoded).joined(separator: "/")
    let rest = head.query.filter { $0.key != "token" }.sorted { $0.key < $1.key }
      .map { "\(Self.encoded($0.key))=\(Self.encoded($0.value))" }.joined(separator: "&")
    var response = Response(status: 303, .plain, .bytes([]))
    response.headers["Location"] = "/" + path + (rest.isEmpty ? "" : "?" + rest)
    response.headers["Set-Cookie"] = "\(cookieName)=\(token); Path=/; HttpOnly; SameSite=Strict"
    return response
  }

  private static func encoded(_ text: String) -> String {
    let plain = CharacterSet(
      charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
    return text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
  }
}
