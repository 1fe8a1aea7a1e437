#if os(Linux)
  import Foundation
  import Testing

  /// A library that changes what the system does for a program, compiled from `Tests/Interposer`.
  struct Interposer: Sendable {
    /// Ends a program, or refuses it the disk, at a change to a folder.
    static let kills = Result { try Interposer("kills.c") }
    /// Makes what a program does to some files wait.
    static let slow = Result { try Interposer("slow.c") }
    /// Gives a program no more than some threads.
    static let threads = Result { try Interposer("threads.c") }
    /// Counts allocations.
    static let allocations = Result { try Interposer("allocations.c") }

    /// What `LD_PRELOAD` takes.
    let path: String

    /// Compiles it once for all tests; whoever empties the temporary folder removes it.
    private init(_ name: String) throws {
      let source = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Interposer/\(name)")
      let folder = NSTemporaryDirectory() + "/gan-interposers-\(getpid())"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      path = "\(folder)/\(name).so"
      let compiler = Process()
      compiler.executableURL = URL(filePath: "/usr/bin/env")
      compiler.arguments = ["clang", "-shared", "-fPIC", "-O1", "-o", path, source.path()]
      try compiler.run()
      compiler.waitUntilExit()
      try #require(compiler.terminationStatus == 0)
    }
  }

  /// What `kills.c` does at a change to a run's folder.
  struct Change: Sendable, CustomStringConvertible {
    enum Act: String, Sendable {
      case before, after, torn, full, fails
    }

    /// What is changed, and which change to it, from 1.
    let place: Place
    let act: Act

    /// A change that comes in every run that comes so far, whatever its threads do in between.
    struct Place: Sendable, CustomStringConvertible {
      let part: String
      let number: Int

      var description: String { "\(part) \(number)" }
    }

    var description: String { "\(act) \(place)" }
  }

  /// A change as `kills.c` logs it.
  struct LoggedChange: Sendable {
    /// Such as `write`.
    let call: String
    let place: Change.Place
    let path: String

    /// Reads a line of the log.
    init(_ line: Substring) throws {
      let words = line.split(separator: " ", maxSplits: 3).map(String.init)
      try #require(words.count == 4, "\(line)")
      (call, path) = (words[0], words[3])
      place = Change.Place(part: words[1], number: try #require(Int(words[2])))
    }
  }
#endif
