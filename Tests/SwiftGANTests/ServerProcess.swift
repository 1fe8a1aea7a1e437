import Foundation
import Testing

/// The example `gan-server` at work.
final class ServerProcess {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var rest = Data()

  /// Starts it.
  ///
  /// - Parameter folder: For its runs and pictures.
  init(in folder: String) throws {
    let runs = folder
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
    let folder = bundle?.bundleURL.deletingLastPathComponent() ?? Bundle.main.bundleURL
    process.executableURL = folder.appending(path: "gan-server")
    process.arguments = [runs]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
  }

  deinit { if process.isRunning { process.terminate() } }

  /// Sends requests as one piece: none is late for what the one before it began.
  func ask(_ requests: String...) {
    input.fileHandleForWriting.write(Data(requests.map { "\($0)\n" }.joined().utf8))
  }

  /// Sends no more.
  func endInput() { try? input.fileHandleForWriting.close() }

  /// Reads answers up to the one expected.
  ///
  /// - Returns: The answers before it.
  @discardableResult
  func await(_ expected: String) throws -> [String] {
    try answers { $0.last == expected }
  }

  /// Reads answers until there are all of some, and one that begins with a prefix, in any order.
  func awaitAll(_ expected: [String], prefix: String) throws -> [String] {
    try answers { answers in
      answers.contains { $0.hasPrefix(prefix) } && expected.allSatisfy(answers.contains)
    }
  }

  private func answers(until areEnough: ([String]) -> Bool) throws -> [String] {
    var answers: [String] = []
    while true {
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        answers.append(String(decoding: rest[..<end], as: UTF8.self))
        rest = rest[rest.index(after: end)...]
        if areEnough(answers) { return answers }
      }
      let more = output.fileHandleForReading.availableData
      try #require(!more.isEmpty, "it ended after \(answers.suffix(5))")
      rest += more
    }
  }

  /// Reads what is left, and waits for the end.
  ///
  /// - Returns: Its code; nil where a signal ended it.
  func status() throws -> Int32? {
    _ = try output.fileHandleForReading.readToEnd()
    process.waitUntilExit()
    return process.terminationReason == .exit ? process.terminationStatus : nil
  }
}
