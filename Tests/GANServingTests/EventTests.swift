import Foundation
import GANServing
import Testing

@Suite("Events reach every page, and wait for none")
struct EventTests {
  private func listen(_ feed: EventFeed, _ limits: ServerLimits = ServerLimits()) throws -> (
    LocalServer, RawClient
  ) {
    var router = Router()
    router.get("/events") { _ in feed.response() }
    let server = try LocalServer(router, limits: limits)
    let client = try RawClient(server.port)
    client.send("GET /events HTTP/1.1\r\n\(server.admittedHeaders)\r\n")
    return (server, client)
  }

  @Test func anEventHasItsNameItsNumberAndItsLines() throws {
    let feed = EventFeed()
    feed.publish(ServerEvent("tick", "{\"a\":1}\nsecond", id: "7"))
    feed.publish(ServerEvent("image\nevent: other", "x"))
    feed.end()
    let (server, client) = try listen(feed)
    let text = try client.text()
    #expect(text.contains("Content-Type: text/event-stream\r\n"))
    #expect(
      text.hasSuffix(
        "retry: 1000\n\nid: 7\nevent: tick\ndata: {\"a\":1}\ndata: second\n\n"
          + "event: imageevent: other\ndata: x\n\n"), "\(text)")
    server.stop()
  }

  @Test func aNewListenerBeginsWithTheNewestOfEachName() throws {
    let feed = EventFeed()
    for step in 1...100 { feed.publish(ServerEvent("tick", "\(step)")) }
    feed.publish(ServerEvent("state", "paused"))
    feed.end()
    let (server, client) = try listen(feed)
    let text = try client.text()
    #expect(text.hasSuffix("event: tick\ndata: 100\n\nevent: state\ndata: paused\n\n"), "\(text)")
    server.stop()
  }

  @Test func publishingDoesNotWaitForAListenerThatReadsNothing() throws {
    let feed = EventFeed()
    let (server, client) = try listen(feed)
    _ = try client.text { $0.contains("retry: 1000") }
    // Far more than the sockets hold: were it to wait, it would wait for ever.
    let data = String(repeating: "x", count: 1 << 20)
    for step in 1...200 { feed.publish(ServerEvent("big", "\(step) \(data)")) }
    feed.end()
    let text = try client.text()
    let steps = text.components(separatedBy: "data: ").dropFirst()
      .compactMap { $0.split(separator: " ").first.flatMap { Int($0) } }
    #expect(steps.last == 200)
    #expect(steps == steps.sorted() && steps.count < 200, "\(steps)")
    server.stop()
  }

  @Test func aSilentStreamShowsThatItLives() throws {
    var limits = ServerLimits()
    limits.heartbeatSeconds = 0.1
    let (server, client) = try listen(EventFeed(), limits)
    _ = try client.text { $0.components(separatedBy: "\n:\n").count > 2 }
    server.stop()
  }

  @Test func aListenerThatLeavesIsForgotten() throws {
    let feed = EventFeed()
    var (server, client): (LocalServer, RawClient?) = try listen(feed)
    // A stream begins before its listener is known.
    _ = try client?.text { $0.contains("retry: 1000") }
    wait { feed.listenerCount == 1 }
    #expect(feed.listenerCount == 1)
    client = nil
    wait { feed.listenerCount == 0 }
    #expect(feed.listenerCount == 0)
    server.stop()
  }

  /// Waits for what another thread does, as long as a client's patience.
  private func wait(until isDone: () -> Bool) {
    let end = Date(timeIntervalSinceNow: RawClient.patience)
    while !isDone(), Date() < end { usleep(10_000) }
  }

  @Test func streamsLeaveRoomForRequests() throws {
    var limits = ServerLimits()
    limits.streamCount = 1
    let (server, client) = try listen(EventFeed(), limits)
    _ = try client.text { $0.contains("retry: 1000") }
    let refused = try RawClient(server.port)
    refused.send("GET /events HTTP/1.1\r\n\(server.admittedHeaders)\r\n")
    #expect(try refused.status() == 503)
    server.stop()
  }

  @Test func aHandlerMayWaitForAsynchronousWork() throws {
    var router = Router()
    router.get("/") { _ in
      .text(
        try waiting {
          await Task.yield()
          return "done"
        })
    }
    let server = try LocalServer(router)
    let answer = try server.answer(
      to: "GET / HTTP/1.1\r\nHOST\r\nCOOKIE\r\nConnection: close\r\n\r\n")
    #expect(answer.hasSuffix("done"), "\(answer)")
    server.stop()
  }
}
