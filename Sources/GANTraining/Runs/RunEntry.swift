import Foundation
package import GANFormats

/// A run among others: its options, how far it is, and its last numbers.
package struct RunEntry: Sendable {
  /// Its folder.
  package let folder: RunFolder
  /// The options it was started with.
  package let options: TrainingOptions
  /// What of them was changed while it went on.
  package let changes: [HyperparameterChange]
  /// What becomes of it.
  package let state: State
  /// Steps in its statistics; those after its newest checkpoint are lost where it was killed.
  package let step: Int
  /// The epoch of that step, from 1; 0 before the first.
  package let epoch: Int
  /// Seconds of training over all processes that took part; nil where none are recorded.
  package let elapsedSeconds: Double?
  /// The means of the last report by their keys in `stats.jsonl`, and then the metrics of the
  /// evaluation that chose the best checkpoint; null where not finite.
  package let results: [(name: String, value: Double?)]
  /// That evaluation; nil where there was none.
  package let judgement: RecordedJudgement?
  /// Bytes of its files.
  package let byteCount: Int
  /// What looked wrong at its end, in a line; nil before.
  package let verdict: String?

  /// What becomes of a run.
  package enum State: String, Codable, Sendable {
    /// It came to its end.
    case finished
    /// A process trains it.
    case training
    /// It ended with an error, such as divergence.
    case failed
    /// It can be resumed.
    case stopped
  }

  /// Reads a run's folder; its checkpoints are not opened.
  ///
  /// - Throws: `FormatError`; `TrainingError.notRun`, `.foreign` or `.newer`.
  package init(_ folder: RunFolder) throws {
    self.folder = folder
    options = try folder.readOptions()
    changes = try folder.readChanges(of: options)
    let progress = try RunProgress(of: folder, options)
    (step, epoch) = (progress?.step ?? 0, progress?.epoch ?? 0)
    elapsedSeconds = progress?.elapsedSeconds
    judgement = try folder.bestJudgement(by: options.evaluation.metric)
    results =
      (progress?.values.map { ($0.name, $0.last) } ?? [])
      + (judgement?.metrics ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value.value) }
    verdict = progress?.diagnosis?.line
    byteCount = folder.byteCount
    state = folder.state
  }

  /// The last name of its path.
  package var name: String { URL(filePath: folder.path).lastPathComponent }

  /// The number that its folder's name begins with; nil for a folder of another name.
  package var number: Int? { RunFolder.number(ofName: name) }

  /// The share of its steps that are done, from 0 to 1.
  package var share: Double { Double(step) / Double(max(options.totalSteps, 1)) }

  /// A result by its name; nil where there is none, or it is not finite.
  package subscript(result name: String) -> Double? {
    results.first { $0.name == name }.flatMap(\.value)
  }
}

extension RunEntry: Encodable {
  private enum Key: String, CodingKey {
    case path, name, state, step, totalSteps, epoch, elapsedSeconds, bytes, verdict, results
    case evaluation, options, changes
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(folder.path, forKey: .path)
    try container.encode(name, forKey: .name)
    try container.encode(state, forKey: .state)
    try container.encode(step, forKey: .step)
    try container.encode(options.totalSteps, forKey: .totalSteps)
    try container.encode(epoch, forKey: .epoch)
    try container.encode(elapsedSeconds, forKey: .elapsedSeconds)
    try container.encode(byteCount, forKey: .bytes)
    try container.encode(verdict, forKey: .verdict)
    let named = Dictionary(results.map { ($0.name, $0.value) }) { first, _ in first }
    try container.encode(named, forKey: .results)
    try container.encode(judgement, forKey: .evaluation)
    try container.encode(options, forKey: .options)
    try container.encode(changes, forKey: .changes)
  }
}

extension RunFolder {
  /// The number that a folder's name begins with; nil for other names.
  package static func number(ofName name: String) -> Int? {
    let digits = name.prefix { $0.isASCII && $0.isNumber }
    return name.dropFirst(digits.count).hasPrefix("-") ? Int(digits) : nil
  }

  /// The runs in a folder, in the order of their names.
  ///
  /// - Throws: `FormatError` where it cannot be read.
  package static func all(in folder: String) throws(FormatError) -> [RunFolder] {
    guard isFolder(folder) else { throw FormatError(folder, .notFound) }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw FormatError(folder, .unreadable(code: EACCES))
    }
    return names.filter { !$0.hasPrefix(".") }.sorted()
      .map { RunFolder(path: "\(folder)/\($0)") }.filter(\.isRun)
  }

  /// Bytes of the files in it.
  fileprivate var byteCount: Int {
    let keys: Set<URLResourceKey> = [.fileSizeKey, .isRegularFileKey]
    let files = FileManager.default.enumerator(
      at: URL(filePath: path), includingPropertiesForKeys: Array(keys))
    return (files?.compactMap { $0 as? URL } ?? []).reduce(0) { total, file in
      total + ((try? file.resourceValues(forKeys: keys).fileSize) ?? 0)
    }
  }

  /// What becomes of the run in it.
  fileprivate var state: RunEntry.State {
    if isLocked { return .training }
    if FileManager.default.fileExists(atPath: network(of: .discriminator)) { return .finished }
    return lastLogLine?.hasPrefix("error: ") == true ? .failed : .stopped
  }

  /// True while a process trains the run.
  private var isLocked: Bool {
    do {
      try RunLock(self).release()
      return false
    } catch {
      if case TrainingError.busy = error { return true }
      return false
    }
  }

  private var lastLogLine: Substring? {
    guard let text = try? String(contentsOfFile: log, encoding: .utf8) else { return nil }
    return text.split(separator: "\n").last
  }
}
