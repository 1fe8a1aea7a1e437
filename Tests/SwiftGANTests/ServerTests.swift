import Foundation
import GANTestSupport
import Testing

@Suite("A server with the library inside", .serialized)
struct ServerTests {
  private let scratch: SmallMNIST

  init() throws { scratch = try SmallMNIST() }

  @Test("It trains two models, samples a third meanwhile, cancels, stops, resumes")
  func serving() throws {
    let server = try ServerProcess(in: scratch.path)
    server.ask("train c 1")
    try server.await("c: trained for 10 steps")
    // So long that neither ends before it is asked to, however late that is.
    server.ask("train a 1000000", "train b 1000000", "sample c 100", "sample nobody 1", "fly")
    // Only what has begun can be stopped.
    _ = try server.awaitAll(["a: step 10", "b: step 10"], prefix: "c: 100 samples")
    #expect(FileManager.default.fileExists(atPath: scratch.path(of: "c.png")))
    server.ask("cancel b", "sample c 100000", "cancel c", "stop a")
    let answers = try server.awaitAll(
      ["b: cancelled", "c/samples: cancelled"], prefix: "a: stopped")
    #expect(!answers.contains { $0.hasPrefix("b: trained") })
    let first = try stop(in: answers)
    server.ask("resume a")
    try server.await("a: step \(10 * (first / 10 + 1))")
    server.ask("stop a")
    let second = try stop(in: server.awaitAll([], prefix: "a: stopped"))
    #expect(second > first)
    server.ask("sample a 3")
    try server.await("a: 3 samples")
    server.endInput()
    #expect(try server.status() == 0)
  }

  /// The step at which the model a was stopped.
  private func stop(in answers: [String]) throws -> Int {
    let words = "a: stopped at step "
    let answer = try #require(answers.first { $0.hasPrefix(words) })
    return try #require(Int(answer.dropFirst(words.count)))
  }

  @Test("A process ends with its own code while it trains and samples", arguments: [0, 37])
  func exits(code: Int32) throws {
    for number in 0..<4 {
      let server = try ServerProcess(in: scratch.path)
      server.ask("train c 1")
      try server.await("c: trained for 10 steps")
      server.ask("train a 1000", "train b 1000", "sample c 100000")
      // Somewhere in the preparation, or among the steps.
      if number > 0 { try server.await("a: step \(10 * number)") }
      if code == 0 { server.endInput() } else { server.ask("exit \(code)") }
      #expect(try server.status() == code, "exit \(number)")
    }
  }
}
