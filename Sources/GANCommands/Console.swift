import Foundation
import GANFormats
import GANTraining

/// Standard error, and the run's `log.txt`, which says the same.
///
/// Its identity is the log. Nothing is ever redrawn: a line is a line, on a terminal or off it.
final class Console {
  private let isQuiet: Bool
  private var log: LineFile?
  /// What was said before there was a log.
  private var earlier: [String] = []

  /// - Parameter isQuiet: Whether the terminal stays silent; the log does not.
  init(isQuiet: Bool = false) { self.isQuiet = isQuiet }

  /// Says a line.
  func say(_ line: String) throws {
    if !isQuiet { Self.writeToStandardError(line) }
    if let log { try log.append(line) } else { earlier.append(line) }
  }

  /// Writes everything said so far, and from now on, to a file.
  func keepLog(in path: String) throws {
    let log = try LineFile(path)
    for line in earlier { try log.append(line) }
    self.log = log
  }

  /// Writes a line at once.
  static func writeToStandardError(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }

  /// Where the compiler's account of itself goes: to standard error if `GAN_EXPLAIN` is set.
  static var explain: (@Sendable (String) -> Void)? {
    let value = ProcessInfo.processInfo.environment["GAN_EXPLAIN"] ?? ""
    guard !value.isEmpty, value != "0" else { return nil }
    return { writeToStandardError($0) }
  }
}

/// Ends the process after what was printed has left it.
func exit(with status: Int32) -> Never {
  fflush(nil)
  Foundation.exit(status)
}
