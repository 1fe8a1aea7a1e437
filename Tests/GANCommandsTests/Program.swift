import Foundation
import Testing

/// The program `gan`, built beside the tests.
enum Program {
  /// What a run of it left behind.
  struct Result {
    let status: Int32
    /// Whether a signal ended it, whose number `status` then is.
    let isKilled: Bool
    let output: String
    let errors: String

    /// The lines on standard output.
    var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  static let executable: URL = {
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
    let folder = bundle?.bundleURL.deletingLastPathComponent() ?? Bundle.main.bundleURL
    return folder.appending(path: "gan")
  }()

  /// Whether it is built for release, as it ships: debug builds allocate where it does not, and take
  /// three times as long.
  static let isForRelease: Bool = {
    #if DEBUG
      false
    #else
      true
    #endif
  }()

  /// Why a test of what ships is skipped.
  static let isForDebugging: Comment = "gan is not built for release"

  /// How long a test waits for what must happen before it takes the program for hung: nothing is
  /// judged by how soon it comes.
  static let patience = Duration.seconds(600)

  /// Runs the program in a folder and waits for it, or kills it after a while.
  static func run(
    executable: URL = executable, _ arguments: [String], in folder: String,
    environment: [String: String] = [:], killedAfter limit: Duration? = nil
  ) throws -> Result {
    // Files, not pipes: a full pipe would stop the program.
    let outputs = ["output", "errors"].map {
      URL(filePath: "\(folder)/\($0)-\(UUID().uuidString)")
    }
    for output in outputs { try Data().write(to: output) }
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: folder)
    var inherited = ProcessInfo.processInfo.environment
    // Help screens are as wide as a terminal says.
    inherited["COLUMNS"] = "80"
    inherited["GAN_EXPLAIN"] = nil
    // What this machine has downloaded is nobody's business, nor is a test the network's.
    inherited["XDG_CACHE_HOME"] = "\(folder)/cache"
    inherited["GAN_SET_DATA_MIRROR"] = "none"
    process.environment = inherited.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: outputs[0])
    process.standardError = try FileHandle(forWritingTo: outputs[1])
    try process.run()
    if let limit {
      let (seconds, attoseconds) = limit.components
      Thread.sleep(forTimeInterval: Double(seconds) + 1e-18 * Double(attoseconds))
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
    process.waitUntilExit()
    let texts = try outputs.map { try String(contentsOf: $0, encoding: .utf8) }
    for output in outputs { try FileManager.default.removeItem(at: output) }
    return Result(
      status: process.terminationStatus,
      isKilled: process.terminationReason == .uncaughtSignal, output: texts[0], errors: texts[1])
  }
}
