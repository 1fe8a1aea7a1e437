import Foundation

/// The Python interpreter of the machine, for what its libraries say of our files.
enum Python {
  static let hasNumPy = (try? run("import numpy")) != nil
  static let hasSafetensors = (try? run("import numpy, safetensors.numpy")) != nil

  struct Failure: Error { let errors: String }

  /// Runs a script with arguments from `sys.argv[1]` on, and returns its standard output.
  @discardableResult
  static func run(_ script: String, _ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script] + arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let complaint = String(
      decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(errors: complaint) }
    return text
  }
}
