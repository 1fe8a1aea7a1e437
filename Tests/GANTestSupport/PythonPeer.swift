import Foundation

/// Python, where this machine has it, and the packages that tests compare with.
package enum PythonPeer {
  /// What a script that failed wrote.
  package struct Failure: Error {
    package let text: String
  }

  /// The folder of our scripts, in which every script runs: it can import them.
  package static let scripts = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Parity").path()

  /// Runs `python3` and returns what it printed, errors too.
  package static func run(_ arguments: [String]) throws -> (status: Int32, text: String) {
    let output = Pipe()
    let process = try start(arguments, output: output, errors: output)
    let text = try read(output)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  /// Runs a script, which finds arguments from `sys.argv[1]` on, and returns its standard output.
  package static func printed(by script: String, _ arguments: String...) throws -> String {
    let (output, errors) = (Pipe(), Pipe())
    let process = try start(["-c", script] + arguments, output: output, errors: errors)
    let text = try read(output)
    let complaint = try read(errors)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(text: complaint) }
    return text
  }

  private static func start(
    _ arguments: [String], output: Pipe, errors: Pipe
  ) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    process.currentDirectoryURL = URL(filePath: scripts)
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["PYTHONDONTWRITEBYTECODE": "1"]) { $1 }
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    return process
  }

  private static func read(_ pipe: Pipe) throws -> String {
    String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
  }

  /// Whether Python is here and imports `modules`.
  package static func canImport(_ modules: String) -> Bool {
    (try? run(["-c", "import \(modules)"]))?.status == 0
  }

  /// Why a comparison on MNIST that imports `modules` cannot run, if it cannot.
  package static func missing(_ modules: String) -> String? {
    RealMNIST.folder == nil
      ? RealMNIST.absence : missingModules(modules)
  }

  /// Why a comparison that imports `modules` cannot run, if it cannot.
  package static func missingModules(_ modules: String) -> String? {
    canImport(modules)
      ? nil : "Python does not import \(modules) (pip install -r Tests/Parity/requirements.txt)"
  }
}
