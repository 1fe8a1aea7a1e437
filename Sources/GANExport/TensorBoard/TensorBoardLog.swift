import Foundation
import GANFormats
package import GANTraining
import Synchronization

/// A file of events of a run, which TensorBoard shows.
///
/// Its identity is the open file. It begins with what the run's folder holds and earlier files may
/// lack, and says from which step on it replaces them, so that the run is one line however often it
/// was stopped, killed and resumed. Every report is appended at once; a kill loses none.
package final class TensorBoardLog: RunObserver {
  /// Where the file is.
  package let path: String
  private let reportInterval: Int
  private let descriptor: CInt
  private let events: Mutex<RunEvents>

  private static let prefix = "events.out.tfevents."
  private static let suffix = ".gan"

  /// Writes the events of a run so far, and keeps the file open for more.
  ///
  /// Files that are there stay: TensorBoard may be reading them.
  ///
  /// - Parameters:
  ///   - run: The run.
  ///   - folder: For the file; made where it is missing. In the run's own folder a file goes on where
  ///     those before it end; elsewhere it has the whole run.
  /// - Throws: `FormatError`; `TrainingError` where the folder is no run's.
  package init(of run: RunFolder, in folder: String) throws {
    let options = try run.readOptions()
    reportInterval = options.reportInterval
    var events = RunEvents(of: run, options)
    let former = Self.files(in: folder)
    let history = try events.history(isRecorded: folder == run.path && !former.isEmpty)
    try makeFolder(folder)
    let path = "\(folder)/\(Self.prefix)\(Self.number(after: former))\(Self.suffix)"
    try AtomicFile.write(history.flatMap(\.record), to: path)
    self.path = path
    descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else { throw FormatError(path, .unwritable(code: errno)) }
    self.events = Mutex(events)
  }

  deinit { close(descriptor) }

  /// Seconds since 1970 in ten digits, or more of them than files have that are there: who reads one
  /// of those goes on with what comes after it by name.
  private static func number(after files: [String]) -> String {
    let numbers = files.compactMap {
      Int($0.split(separator: "/").last?.dropFirst(prefix.count).dropLast(suffix.count) ?? "")
    }
    let now = Int(Date.now.timeIntervalSince1970)
    return String(format: "%010d", numbers.reduce(now) { max($0, $1 + 1) })
  }

  /// Files of ours in a folder.
  package static func files(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }.sorted()
      .map { "\(folder)/\($0)" }
  }

  package func isDue(at position: RunPosition) -> Bool {
    position.isReportDue(every: reportInterval) || position.endsRound
  }

  package func look(at moment: RunMoment) throws { try catchUp() }

  /// Appends what has come to the run's folder since it last did.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  package func catchUp() throws {
    try events.withLock { events in try append(events.next()) }
  }

  /// Says that the run is finished, after all of it.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  package func finish() throws {
    try catchUp()
    try append([TensorBoardEvent(time: Date.now.timeIntervalSince1970, content: .finished)])
  }

  private func append(_ events: [TensorBoardEvent]) throws(FormatError) {
    var rest = events.flatMap(\.record)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        throw FormatError(path, .unwritable(code: errno))
      }
    }
  }
}
