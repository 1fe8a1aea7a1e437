package import Foundation

/// A server of a test's own on 127.0.0.1 that has files, and ways to serve them badly.
///
/// Its identity is the process, which ends with it. `Tests/Mirror/mirror.py` says what there is to
/// ask for.
package final class Mirror: Sendable {
  /// The folder with the files, for `<data set>/<file>`.
  package let folder: String
  private let process = Process()
  /// The server ends when this does, also where the test is killed.
  private let input = Pipe()
  private let port: String

  /// Starts a server for an empty folder.
  package init() throws {
    folder = NSTemporaryDirectory() + "/gan-mirror-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let script = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Mirror/mirror.py")
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", script.path(percentEncoded: false), folder]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    port = line.trimmingCharacters(in: .newlines)
  }

  deinit {
    try? input.fileHandleForWriting.close()
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// The address under which the files are served in some way, such as `ranges`.
  package func address(_ how: String) -> String { "http://127.0.0.1:\(port)/\(how)" }

  /// Gives it a file.
  package func add(_ path: String, _ bytes: Data) throws {
    let url = URL(filePath: "\(folder)/\(path)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try bytes.write(to: url)
  }

  /// What it was asked for so far, as `<how> <file> <first byte>`.
  package var requests: [String] {
    let text = (try? String(contentsOfFile: "\(folder)/requests", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }
}
