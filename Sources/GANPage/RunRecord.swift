import Foundation
import GANTraining
import Synchronization

/// What is known of a run from its files, read on as they grow.
///
/// Its identity is what was read so far; any thread may ask.
final class RunRecord: Sendable {
  let folder: RunFolder
  let name: String

  private struct State {
    var history = StatisticsHistory()
    var options: (version: String, value: TrainingOptions)?
    var changes: (version: String, value: [HyperparameterChange])?
    var lastUse = Date()
  }

  private let state = Mutex(State())

  init(_ folder: RunFolder, name: String) { (self.folder, self.name) = (folder, name) }

  /// Its options now: a resumed run may be longer.
  func options() throws -> TrainingOptions {
    let version = Self.version(folder.options)
    if let known = state.withLock({ $0.options }), known.version == version { return known.value }
    let options = try folder.readOptions()
    state.withLock { $0.options = (version, options) }
    return options
  }

  /// The changes of its hyperparameters so far.
  ///
  /// - Throws: As `RunFolder.readChanges`.
  func changes() throws -> [HyperparameterChange] {
    let version = Self.version(folder.changes)
    if let known = state.withLock({ $0.changes }), known.version == version { return known.value }
    let changes = try folder.readChanges(of: options())
    state.withLock { $0.changes = (version, changes) }
    return changes
  }

  /// Its statistics now.
  func history() -> StatisticsHistory {
    state.withLock { state in
      state.history.read(folder.statistics)
      return state.history
    }
  }

  /// Changes when there is something new to see.
  var version: String {
    [folder.statistics, folder.samples, folder.options, folder.diagnosis, folder.changes]
      .map(Self.version).joined(separator: " ")
  }

  /// Changes when there is a newer generator.
  var networkVersion: String {
    [folder.network(of: .generator), "\(folder.checkpoints)/latest"]
      .map(Self.version).joined(separator: " ")
  }

  private static func version(_ path: String) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { return "-" }
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    return "\(status.st_ino).\(status.st_size).\(time.tv_sec).\(time.tv_nsec)"
  }
}

/// The records of runs that somebody looked at, the newest of them.
///
/// Its identity is the list.
final class RunRecords: Sendable {
  /// Records with their statistics that are kept: some 5 MB for a run of 10,000 epochs.
  private static let limit = 64

  private let runs: RunsFolder
  private let records = Mutex<[RunRecord]>([])

  init(_ runs: RunsFolder) { self.runs = runs }

  /// The record of a run.
  ///
  /// - Throws: `Refusal` 404 where there is none.
  func record(_ name: String) throws -> RunRecord {
    let folder = try runs.run(name)
    return records.withLock { records in
      if let index = records.firstIndex(where: { $0.folder == folder }) {
        let record = records.remove(at: index)
        records.append(record)
        return record
      }
      let record = RunRecord(folder, name: name)
      records = records.suffix(Self.limit - 1) + [record]
      return record
    }
  }
}
