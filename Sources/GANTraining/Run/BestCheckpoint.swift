import Foundation
import GANFormats

/// The judgements of a run so far: which checkpoint is the best, and how long there was no better one.
struct BestCheckpoint: Hashable, Sendable {
  /// The step of the best; nil before the first judgement with a value.
  private(set) var step: Int?
  /// Judgements since the best, it not included.
  private(set) var judgementsSince = 0
  private var value = Double.nan
  private let metric: DecidingMetric
  private let retention: CheckpointRetention

  init(_ options: TrainingOptions) {
    metric = options.evaluation.metric
    retention = CheckpointRetention(options)
  }

  /// Goes on with the judgements in a run's statistics.
  ///
  /// - Parameter lines: Of `stats.jsonl`; those of other kinds are passed over.
  init(_ options: TrainingOptions, restoring lines: [UInt8]) {
    self.init(options)
    guard options.evaluation.isOn else { return }
    struct Line: Decodable {
      struct Metric: Decodable { let value: Double? }
      let kind: String
      let step: Int
      let metrics: [String: Metric]?
    }
    for bytes in lines.split(separator: UInt8(ascii: "\n")) {
      guard let line = try? JSONDecoder().decode(Line.self, from: Data(bytes)),
        line.kind == RunJudgement.lineKind
      else { continue }
      note(line.metrics?[metric.rawValue]?.value ?? .nan, step: line.step)
    }
  }

  /// Takes a judgement into account.
  ///
  /// Only a step whose checkpoint the schedule asks for can be the best.
  ///
  /// - Returns: True if the step's checkpoint is the best so far.
  @discardableResult
  mutating func note(_ value: Double, step: Int) -> Bool {
    let isBetter = value.isFinite && (self.step == nil || metric.prefers(value, to: self.value))
    guard isBetter, retention.isRegular(step) else {
      judgementsSince += 1
      return false
    }
    (self.step, self.value, judgementsSince) = (step, value, 0)
    return true
  }
}

extension RunFolder {
  /// The file that names the best checkpoint.
  var bestCheckpointName: String { "\(checkpoints)/best" }

  /// Writes which checkpoint is the best; where there is none, removes what was written.
  ///
  /// The last one of a run that has grown since may be gone.
  func writeBest(step: Int?) throws(FormatError) {
    guard let step, checkpointSteps().contains(step) else {
      unlink(bestCheckpointName)
      return
    }
    let text = [UInt8]((Checkpoint.fileName(step: step) + "\n").utf8)
    if let file = try? InputFile(path: bestCheckpointName),
      (try? file.bytes(upTo: 256)) == text
    {
      return
    }
    try AtomicFile.write(text, to: bestCheckpointName)
  }

  /// The path of the best checkpoint, by the metric that the run's options name; nil where no
  /// evaluation has chosen one.
  ///
  /// - Throws: `FormatError`; `TrainingError.foreign` where `checkpoints/best` names none.
  package func bestCheckpoint() throws -> String? {
    let file: InputFile
    do throws(FormatError) {
      file = try InputFile(path: bestCheckpointName)
    } catch {
      guard error.reason == .notFound else { throw error }
      return nil
    }
    let step = try checkpointStep(namedIn: file, at: bestCheckpointName)
    return "\(checkpoints)/\(Checkpoint.fileName(step: step))"
  }

  /// The step of the checkpoint that a file names.
  func checkpointStep(namedIn file: borrowing InputFile, at path: String) throws -> Int {
    let text = String(decoding: try file.bytes(upTo: 256), as: UTF8.self)
    let name = text.hasSuffix("\n") ? String(text.dropLast()) : text
    guard let step = Checkpoint.step(ofFileName: name) else {
      throw TrainingError.foreign(
        path: path, reason: "it does not name a checkpoint, step-<n>.safetensors")
    }
    return step
  }
}
