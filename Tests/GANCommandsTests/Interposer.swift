#if os(Linux)
  import Foundation
  import Testing

  /// Compiles a file of `Tests/Interposer` into a library to preload.
  func buildInterposer(_ name: String, _ path: String) throws {
    let source = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Interposer/\(name)")
    let compiler = Process()
    compiler.executableURL = URL(filePath: "/usr/bin/env")
    compiler.arguments = ["clang", "-shared", "-fPIC", "-O1", "-o", path, source.path()]
    try compiler.run()
    compiler.waitUntilExit()
    try #require(compiler.terminationStatus == 0)
  }

  /// What `kills.c` does at a change to a run's folder.
  struct Change: Sendable, CustomStringConvertible {
    enum Act: String, Sendable {
      case before, after, torn, full, fails
    }

    /// Which change, from 1.
    let number: Int
    let act: Act

    var description: String { "\(act) \(number)" }
  }
#endif
