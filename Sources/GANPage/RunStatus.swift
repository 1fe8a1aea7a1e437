import Foundation
import GANTraining

/// What a run is doing.
package enum RunStatus: String, Codable, Sendable {
  /// A process trains it.
  case training
  /// A process holds it and waits for being told to go on.
  case paused
  /// It came to its end.
  case finished
  /// Nobody trains it; it can be resumed.
  case stopped

  /// Looks at a run's folder, and leaves its lock alone.
  init(of folder: RunFolder) {
    if Self.isLocked(folder) {
      self = .training
    } else {
      let last = folder.network(of: .discriminator)
      self = FileManager.default.fileExists(atPath: last) ? .finished : .stopped
    }
  }

  /// True if a process trains it: to try its lock would refuse the run to who takes it that moment.
  private static func isLocked(_ folder: RunFolder) -> Bool {
    #if os(Linux)
      var status = stat()
      guard stat(folder.path, &status) == 0,
        let locks = try? String(contentsOfFile: "/proc/locks", encoding: .utf8)
      else { return false }
      let ending = ":\(status.st_ino)"
      return locks.split(separator: "\n").contains { line in
        let fields = line.split(separator: " ")
        return fields.contains("FLOCK") && fields.contains { $0.hasSuffix(ending) }
      }
    #else
      let written = try? FileManager.default.attributesOfItem(atPath: folder.statistics)
      let date = written?[.modificationDate] as? Date
      return date.map { Date().timeIntervalSince($0) < 30 } ?? false
    #endif
  }
}
