import Foundation
import Testing

@Suite("A server with the library inside", .serialized)
struct ServerTests {
  @Test("A process ends with its own code while it trains and samples", arguments: [0, 37])
  func exits(code: Int32) throws {
    for number in 0..<4 {
      let server = try ServerProcess()
      server.ask("train c 1")
      try server.await("c: trained")
      server.ask("train a 1000", "train b 1000", "sample c 1000000")
      // Somewhere in the preparation, or among the steps.
      if number > 0 { try server.await("a: step \(10 * number)") }
      if code == 0 { server.endInput() } else { server.ask("exit \(code)") }
      #expect(try server.status() == code, "exit \(number)")
    }
  }
}
