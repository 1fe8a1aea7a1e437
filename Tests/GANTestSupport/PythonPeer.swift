import Foundation

/// Python, where this machine has it, and the frameworks that tests compare with.
package enum PythonPeer {
  /// Runs `python3` and returns what it printed, errors too.
  package static func run(_ arguments: [String]) throws -> (status: Int32, text: String) {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  /// Why a comparison on MNIST that imports `modules` cannot run, if it cannot.
  package static func missing(_ modules: String) -> String? {
    RealMNIST.folder == nil
      ? "GAN_TEST_MNIST names no folder with MNIST" : missingModules(modules)
  }

  /// Why a comparison that imports `modules` cannot run, if it cannot.
  package static func missingModules(_ modules: String) -> String? {
    (try? run(["-c", "import \(modules)"]))?.status == 0
      ? nil : "PyTorch is not importable (pip install -r Tests/Parity/requirements.txt)"
  }
}
