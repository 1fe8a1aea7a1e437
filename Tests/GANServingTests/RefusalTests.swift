import Foundation
import GANServing
import Testing

@Suite("A local server serves its own page and refuses everybody else")
struct RefusalTests {
  /// A server with a page, a folder and something to be posted to.
  static func makeServer(_ limits: ServerLimits = ServerLimits()) throws -> (LocalServer, String) {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "gan-serving-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder.appending(path: "served"), withIntermediateDirectories: true)
    try Data("inside".utf8).write(to: folder.appending(path: "served/inside.txt"))
    try Data("outside".utf8).write(to: folder.appending(path: "outside.txt"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/served/link.txt", withDestinationPath: "../outside.txt")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/served/up", withDestinationPath: "..")
    var router = Router()
    router.get("/") { _ in .text("the page", .html) }
    router.get("/a page") { request in .text("asked for \(request.query("x") ?? "nothing")") }
    let served = try ServedFolder(folder.path + "/served")
    router.get("/files/:name") { try served.response([$0["name"]], .plain, to: $0) }
    router.get("/files/:folder/:name") {
      try served.response([$0["folder"], $0["name"]], .plain, to: $0)
    }
    router.get("/fault") { _ in throw ClientError(description: "a fault") }
    router.post("/control", bodyLimit: 16) { .text("took \($0.body.count)") }
    return (try LocalServer(router, limits: limits), folder.path)
  }

  struct Case: CustomTestStringConvertible {
    let testDescription: String
    let request: String
    let status: Int

    init(_ testDescription: String, _ request: String, _ status: Int) {
      (self.testDescription, self.status) = (testDescription, status)
      self.request =
        request.replacingOccurrences(of: "\n", with: "\r\n") + "\r\nConnection: close\r\n\r\n"
    }
  }

  static let cases = [
    Case("the page with the cookie", "GET / HTTP/1.1\nHOST\nCOOKIE", 200),
    Case("the page by the machine's name", "GET / HTTP/1.1\nHost: localhost:PORT\nCOOKIE", 200),
    Case("through a tunnel with another port", "GET / HTTP/1.1\nHost: localhost:1\nCOOKIE", 200),
    Case("a program with the token", "GET / HTTP/1.1\nHOST\nAuthorization: Bearer TOKEN", 200),
    Case("its head alone", "HEAD / HTTP/1.1\nHOST\nCOOKIE", 200),
    Case("the token in the address", "GET /?token=TOKEN HTTP/1.1\nHOST", 303),
    Case("a file", "GET /files/inside.txt HTTP/1.1\nHOST\nCOOKIE", 200),
    Case(
      "a request of the page that changes something",
      "POST /control HTTP/1.1\nHOST\nCOOKIE\nOrigin: http://127.0.0.1:PORT\nContent-Length: 0", 200),
    Case(
      "the same of a program",
      "POST /control HTTP/1.1\nHOST\nAuthorization: Bearer TOKEN\nContent-Length: 0", 200),

    Case("a foreign Host", "GET / HTTP/1.1\nHost: evil.example\nCOOKIE", 403),
    Case("a foreign Host at our port", "GET / HTTP/1.1\nHost: evil.example:PORT\nCOOKIE", 403),
    Case("a Host that begins as ours", "GET / HTTP/1.1\nHost: 127.0.0.1.evil.example\nCOOKIE", 403),
    Case("another address", "GET / HTTP/1.1\nHost: 0.0.0.0:PORT\nCOOKIE", 403),
    Case("no Host", "GET / HTTP/1.1\nCOOKIE", 403),
    Case("two Hosts", "GET / HTTP/1.1\nHOST\nHost: evil.example\nCOOKIE", 400),
    Case("a foreign Host with the token", "GET /?token=TOKEN HTTP/1.1\nHost: evil.example", 403),
    Case("a foreign Origin", "GET / HTTP/1.1\nHOST\nCOOKIE\nOrigin: http://evil.example", 403),
    Case(
      "the Origin of another port", "GET / HTTP/1.1\nHOST\nCOOKIE\nOrigin: http://127.0.0.1:1", 403),
    Case("an Origin without a name", "GET / HTTP/1.1\nHOST\nCOOKIE\nOrigin: null", 403),
    Case(
      "a foreign Origin with the token",
      "POST /control HTTP/1.1\nHOST\nAuthorization: Bearer TOKEN\nOrigin: http://evil.example\n"
        + "Content-Length: 0", 403),
    Case(
      "a request that changes something, by the cookie alone",
      "POST /control HTTP/1.1\nHOST\nCOOKIE\nContent-Length: 0", 403),
    Case("no token", "GET / HTTP/1.1\nHOST", 401),
    Case("no token for what is not there", "GET /nothing HTTP/1.1\nHOST", 401),
    Case("a wrong token", "GET /?token=0123456789abcdef0123456789abcdef HTTP/1.1\nHOST", 401),
    Case("a part of the token", "GET / HTTP/1.1\nHOST\nCookie: gan-PORT=", 401),
    Case("a wrong cookie", "GET / HTTP/1.1\nHOST\nCookie: gan-PORT=TOKEN1", 401),
    Case(
      "a wrong bearer beside the cookie", "GET / HTTP/1.1\nHOST\nCOOKIE\nAuthorization: Bearer x",
      401),
    Case(
      "the token of a request that changes something in its address",
      "POST /control?token=TOKEN HTTP/1.1\nHOST\nOrigin: http://127.0.0.1:PORT\nContent-Length: 0",
      401),

    Case("what is not there", "GET /nothing HTTP/1.1\nHOST\nCOOKIE", 404),
    Case("a file that is not there", "GET /files/nothing HTTP/1.1\nHOST\nCOOKIE", 404),
    Case("a folder", "GET /files/up HTTP/1.1\nHOST\nCOOKIE", 404),
    Case("a link that leads out", "GET /files/link.txt HTTP/1.1\nHOST\nCOOKIE", 404),
    Case(
      "a file behind a link that leads out", "GET /files/up/outside.txt HTTP/1.1\nHOST\nCOOKIE", 404
    ),
    Case("a path outside", "GET /files/../outside.txt HTTP/1.1\nHOST\nCOOKIE", 400),
    Case("an encoded path outside", "GET /files/%2e%2e HTTP/1.1\nHOST\nCOOKIE", 400),
    Case("an encoded slash", "GET /files/..%2foutside.txt HTTP/1.1\nHOST\nCOOKIE", 400),
    Case("a zero byte", "GET /files/inside.txt%00 HTTP/1.1\nHOST\nCOOKIE", 400),
    Case("an address of another server", "GET http://evil.example/ HTTP/1.1\nHOST\nCOOKIE", 400),

    Case("a method of another kind", "DELETE / HTTP/1.1\nHOST\nCOOKIE", 405),
    Case(
      "a page that is posted to",
      "POST / HTTP/1.1\nHOST\nCOOKIE\nOrigin: http://127.0.0.1:PORT\nContent-Length: 0", 405),
    Case("what is posted to, asked for", "GET /control HTTP/1.1\nHOST\nCOOKIE", 405),
    Case(
      "an oversized body",
      "POST /control HTTP/1.1\nHOST\nAuthorization: Bearer TOKEN\nContent-Length: 17", 413),
    Case(
      "a body that says it is huge",
      "POST /control HTTP/1.1\nHOST\nAuthorization: Bearer TOKEN\nContent-Length: 999999999999999",
      413),
    Case(
      "a body without a length",
      "POST /control HTTP/1.1\nHOST\nAuthorization: Bearer TOKEN\nTransfer-Encoding: chunked", 411),
    Case("a body where none belongs", "GET / HTTP/1.1\nHOST\nCOOKIE\nContent-Length: 1", 413),
    Case("a negative length", "GET / HTTP/1.1\nHOST\nCOOKIE\nContent-Length: -1", 400),
    Case("two lengths", "GET / HTTP/1.1\nHOST\nCOOKIE\nContent-Length: 0\nContent-Length: 1", 400),
    Case(
      "an oversized head",
      "GET / HTTP/1.1\nHOST\nCOOKIE\nX: " + String(repeating: "x", count: 16_384), 431),
    Case(
      "an oversized address", "GET /" + String(repeating: "x", count: 16_384) + " HTTP/1.1\nHOST",
      431),
    Case(
      "too many headers",
      "GET / HTTP/1.1\nHOST\nCOOKIE\n" + (0..<64).map { "X-\($0): x" }.joined(separator: "\n"), 431),
    Case("a header without a name", "GET / HTTP/1.1\nHOST\nCOOKIE\n: x", 400),
    Case("a header on two lines", "GET / HTTP/1.1\nHOST\nCOOKIE\nX: a\n b", 400),
    Case("a blank before the colon", "GET / HTTP/1.1\nHOST\nCOOKIE\nX : a", 400),
    Case("a version to come", "GET / HTTP/2.0\nHOST\nCOOKIE", 505),
    Case("a line of another kind", "hello\nHOST\nCOOKIE", 400),
    Case("a promise to wait", "GET / HTTP/1.1\nHOST\nCOOKIE\nExpect: 100-continue", 417),
    Case("a fault of ours", "GET /fault HTTP/1.1\nHOST\nCOOKIE", 500),
  ]

  @Test func everyRequestHasItsStatus() throws {
    let (server, folder) = try Self.makeServer()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for example in Self.cases {
      let answer = try server.answer(to: example.request)
      #expect(status(answer) == example.status, "\(example.testDescription): \(answer)")
      if status(answer) != 200 { #expect(!answer.contains("outside\r\n"), "\(answer)") }
      #expect(answer.contains("Referrer-Policy: no-referrer\r\n"), "\(answer)")
    }
    server.stop()
  }

  @Test func theAddressIsExchangedForACookieAndKeepsItsState() throws {
    let (server, folder) = try Self.makeServer()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let answer = try server.answer(
      to: "GET /a%20page?x=%26+1&token=TOKEN HTTP/1.1\r\nHOST\r\nConnection: close\r\n\r\n")
    #expect(status(answer) == 303)
    #expect(answer.contains("Location: /a%20page?x=%26%201\r\n"), "\(answer)")
    let cookie =
      "Set-Cookie: gan-\(server.port)=\(server.token); Path=/; HttpOnly; SameSite=Strict\r\n"
    #expect(answer.contains(cookie), "\(answer)")
    let page = try server.answer(
      to: "GET /a%20page?x=%26%201 HTTP/1.1\r\nHOST\r\nCOOKIE\r\nConnection: close\r\n\r\n")
    #expect(page.hasSuffix("asked for & 1"), "\(page)")
    server.stop()
  }

  @Test func oneConnectionServesRequestAfterRequest() throws {
    let (server, folder) = try Self.makeServer()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let client = try RawClient(server.port)
    let get = "GET /files/inside.txt HTTP/1.1\r\n\(server.admittedHeaders)\r\n"
    client.send(get + get)
    client.send("GET / HTTP/1.0\r\n\(server.admittedHeaders)\r\n")
    let answers = try client.text()
    #expect(answers.components(separatedBy: "HTTP/1.1 200 OK\r\n").count == 4, "\(answers)")
    #expect(answers.hasSuffix("the page"))
    server.stop()
  }

  @Test func whatTheClientHasIsNotSentAgain() throws {
    let (server, folder) = try Self.makeServer()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let request = "GET /files/inside.txt HTTP/1.1\r\nHOST\r\nCOOKIE\r\nConnection: close\r\n"
    let first = try server.answer(to: request + "\r\n")
    let tag = try #require(
      first.components(separatedBy: "ETag: ").last?.components(separatedBy: "\r").first)
    let second = try server.answer(to: request + "If-None-Match: \(tag)\r\n\r\n")
    #expect(status(second) == 304, "\(second)")
    #expect(!second.contains("inside"))
    server.stop()
  }
}
