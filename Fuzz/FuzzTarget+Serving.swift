import Foundation
import GANData
import GANLab
import GANTensor

@testable import GANPlayground
@testable import GANServing

extension FuzzTarget {
  /// What browsers, and others on the same port, send.
  static let serving = [
    FuzzTarget(
      "requests",
      words: [
        "GET ", "HEAD ", "POST ", " HTTP/1.1\r\n", " HTTP/1.0\r\n", "\r\n\r\n", "Host: ",
        "Origin: ",
        "Cookie: ", "Authorization: Bearer ", "Content-Length: ", "Transfer-Encoding: chunked\r\n",
        "Expect: 100-continue\r\n", "Connection: close\r\n", "If-None-Match: ", "%2e", "%2f", "%00",
        "/../", "?", "&", "=", "+",
      ],
      seeds: {
        [
          "GET /?token=abc HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n",
          "GET /runs/00001-tutorial/samples/2.png?x=1&y=%EC%82%AC%EC%A7%84+b HTTP/1.1\r\n"
            + "Host: localhost:8080\r\nCookie: a=b; c=d\r\nCookie: e=f\r\nAccept: */*\r\n"
            + "If-None-Match: \"5d\"\r\n\r\nHEAD / HTTP/1.0\r\n\r\n",
          "POST /control HTTP/1.1\r\nHost: 127.0.0.1:1\r\nOrigin: http://127.0.0.1:1\r\n"
            + "Content-Type: application/json\r\nContent-Length: 16\r\nConnection: close\r\n\r\n"
            + "{\"do\": \"pause\"}\n",
          "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ].map { [UInt8]($0.utf8) }
      },
      read: { input, _ in try readRequests(input) }),
    FuzzTarget(
      "play-settings",
      words: [
        "\"world\":", "\"points\":", "\"spread\":", "\"mixture\":", "\"standIn\":",
        "\"objective\":",
        "\"penalty\":", "\"generator\":", "\"width\":", "\"seed\":", "ring-8(1,0.1)", "grid-25",
        "normal(0,1)",
      ],
      seeds: {
        let worlds = ["ring-8(1,0.1)", "grid-25", "points", "mixture"]
        return try worlds.map { world in
          var settings = PlaySettings()
          settings.world = world
          settings.batchSize = 1
          settings.points = "0.5,0.25 -1,1"
          settings.mixture = #"{"components": [{"weight": 1, "mean": [0, 1], "deviation": 0.5}]}"#
          return [UInt8](try JSONEncoder().encode(settings))
        }
      },
      read: { input, _ in
        guard let settings = try? JSONDecoder().decode(PlaySettings.self, from: Data(input)) else {
          return
        }
        do {
          _ = try settings.options(threads: 1)
          // A larger batch is only slower.
          guard settings.batchSize <= 4 else { return }
          let world = try PlayWorld(settings)
          precondition(world.real.count == settings.batchSize * PlaySettings.batchesPerEpoch)
        } catch is SettingsError {
        } catch is SpecificationError {}
      }),
  ]

  /// Reads requests from a connection until there are no more, or one is refused.
  private static func readRequests(_ input: [UInt8]) throws {
    var ends: [CInt] = [-1, -1]
    precondition(socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &ends) == 0)
    let (client, server) = (ConnectionSocket(ends[0]), ConnectionSocket(ends[1]))
    defer {
      client.close()
      server.close()
    }
    // The whole of an input fits into what the socket holds.
    try client.write(input, until: Deadline(seconds: 10))
    client.shutDownSending()
    let limits = ServerLimits()
    var reader = RequestReader(server, limits)
    do {
      while let head = try reader.readHead() {
        precondition(head.path.allSatisfy { $0 != ".." && !$0.contains("/") }, "\(head.path)")
        precondition(head.headers.count <= limits.headerCount)
        // As the server does, a longer body is refused before it is read.
        guard head.bodyLength <= input.count else { return }
        let body = try reader.readBody(head.bodyLength)
        precondition(body.count == head.bodyLength)
      }
    } catch let refusal as Refusal {
      precondition((400..<600).contains(refusal.status) && !refusal.reason.isEmpty)
    } catch is ClientGone {}
  }
}
