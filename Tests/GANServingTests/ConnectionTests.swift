import Foundation
import GANServing
import Testing

@Suite("Connections of a local server are few, short and from this machine")
struct ConnectionTests {
  @Test func itListensOnTheLoopbackAddressAlone() throws {
    let (server, folder) = try RefusalTests.makeServer()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func addresses(_ path: String) -> [String] {
      let port = String(server.port, radix: 16, uppercase: true)
      let suffix = ":" + String(repeating: "0", count: 4 - port.count) + port
      let lines = (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: "\n") ?? []
      return lines.compactMap { line in
        let fields = line.split(separator: " ")
        // State 0A listens.
        guard fields.count > 3, fields[3] == "0A", fields[1].hasSuffix(suffix) else { return nil }
        return String(fields[1].dropLast(suffix.count))
      }
    }
    #if os(Linux)
      #expect(addresses("/proc/net/tcp") == ["0100007F"])
      #expect(addresses("/proc/net/tcp6") == [])
    #endif
    server.stop()
  }

  @Test func aTakenPortIsNamed() throws {
    let (server, folder) = try RefusalTests.makeServer()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(throws: ServingError.portTaken(server.port)) {
      try LocalServer(Router(), port: server.port)
    }
    server.stop()
  }

  @Test func oneConnectionTooManyIsRefused() throws {
    var limits = ServerLimits()
    limits.connectionCount = 2
    let (server, folder) = try RefusalTests.makeServer(limits)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var held = [try RawClient(server.port), try RawClient(server.port)]
    for client in held {
      client.send("GET / HTTP/1.1\r\n\(server.admittedHeaders)\r\n")
      #expect(try client.status() == 200)
    }
    let refused = try RawClient(server.port)
    #expect(try refused.status() == 503)
    #expect(try refused.text().contains("Retry-After: 1\r\n"))
    // Room is made where one goes; the server may hear of it a moment later.
    held.removeLast()
    var last: Int?
    let end = Date(timeIntervalSinceNow: RawClient.patience)
    while last != 200, Date() < end {
      let client = try RawClient(server.port)
      client.send("GET / HTTP/1.1\r\n\(server.admittedHeaders)\r\n")
      last = try client.status()
    }
    #expect(last == 200)
    #expect(held.count == 1)
    server.stop()
  }

  @Test(arguments: [
    "GET / HT",
    "POST /control HTTP/1.1\r\nHOST\r\nAuthorization: Bearer TOKEN\r\nContent-Length: 5\r\n\r\nab",
  ])
  func aSlowClientIsRefusedAndClosed(request: String) throws {
    var limits = ServerLimits()
    limits.requestSeconds = 0.2
    let (server, folder) = try RefusalTests.makeServer(limits)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let client = try RawClient(server.port)
    client.send(server.filled(request))
    let answer = try client.text()
    #expect(status(answer) == 408, "\(answer)")
    server.stop()
  }

  @Test func aSilentClientIsClosed() throws {
    var limits = ServerLimits()
    limits.idleSeconds = 0.2
    let (server, folder) = try RefusalTests.makeServer(limits)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(try RawClient(server.port).text() == "")
    server.stop()
  }

  @Test func aClientThatTakesNothingIsClosed() throws {
    var limits = ServerLimits()
    limits.writeSeconds = 0.2
    let feed = EventFeed()
    var router = Router()
    router.get("/events") { _ in feed.response() }
    let server = try LocalServer(router, limits: limits)
    let client = try RawClient(server.port)
    client.send("GET /events HTTP/1.1\r\n\(server.admittedHeaders)\r\n")
    _ = try client.text { $0.contains("retry: 1000") }
    let end = Date(timeIntervalSinceNow: RawClient.patience)
    let data = String(repeating: "x", count: 1 << 20)
    while feed.listenerCount > 0, Date() < end {
      feed.publish(ServerEvent("big", data))
      usleep(10_000)
    }
    #expect(feed.listenerCount == 0)
    server.stop()
  }

  @Test func aStoppedServerEndsEverything() throws {
    let feed = EventFeed()
    var router = Router()
    router.get("/events") { _ in feed.response() }
    let server = try LocalServer(router)
    let client = try RawClient(server.port)
    client.send("GET /events HTTP/1.1\r\n\(server.admittedHeaders)\r\n")
    _ = try client.text { $0.contains("retry: 1000") }
    server.stop()
    _ = try client.text()
    #expect(throws: (any Error).self) {
      // The socket closes on its own thread.
      let end = Date(timeIntervalSinceNow: RawClient.patience)
      while Date() < end {
        _ = try RawClient(server.port)
        usleep(10_000)
      }
    }
  }
}
