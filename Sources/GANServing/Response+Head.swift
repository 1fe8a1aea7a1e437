extension Response {
  /// Headers of every answer: nothing from elsewhere is loaded, nobody else frames the page or learns its
  /// address, and nothing is kept.
  private static let common = """
    Cache-Control: no-cache\r
    Content-Security-Policy: default-src 'self'; img-src 'self' data: blob:; \
    style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'\r
    Cross-Origin-Opener-Policy: same-origin\r
    Cross-Origin-Resource-Policy: same-origin\r
    Referrer-Policy: no-referrer\r
    X-Content-Type-Options: nosniff\r
    X-Frame-Options: DENY\r

    """

  /// The line and headers, with the empty line.
  ///
  /// - Parameter keepsConnection: False where the connection ends after the answer.
  func head(keepsConnection: Bool) -> [UInt8] {
    var text = "HTTP/1.1 \(status) \(Self.phrase(status))\r\n"
    text += Self.common
    text += "Connection: \(keepsConnection ? "keep-alive" : "close")\r\n"
    if let length { text += "Content-Length: \(length)\r\n" }
    text += "Content-Type: \(type.name)\r\n"
    for (name, value) in headers { text += "\(name): \(value)\r\n" }
    text += "\r\n"
    return Array(text.utf8)
  }

  /// Bytes of the body; nil where that is not known before its end.
  private var length: Int? {
    switch body {
    case .bytes(let bytes): bytes.count
    case .file(let file): file.byteCount
    case .events: nil
    }
  }

  /// True for an answer that has no end of its own.
  var isStream: Bool { if case .events = body { true } else { false } }

  /// The answer to what is refused.
  init(_ refusal: Refusal) {
    self.init(status: refusal.status, .plain, .bytes(Array((refusal.reason + "\n").utf8)))
    if refusal.status == 405 { headers["Allow"] = "GET, HEAD, POST" }
    if refusal.status == 503 { headers["Retry-After"] = "1" }
  }

  private static func phrase(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 303: "See Other"
    case 304: "Not Modified"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 408: "Request Timeout"
    case 409: "Conflict"
    case 411: "Length Required"
    case 413: "Content Too Large"
    case 417: "Expectation Failed"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 503: "Service Unavailable"
    case 505: "HTTP Version Not Supported"
    default: "Status"
    }
  }
}
