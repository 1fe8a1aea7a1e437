import Foundation
import GANFormats

/// What came of a run of a sweep.
package struct SweepResult: Sendable {
  /// Which.
  package let run: SweepPlan.Case
  package let state: State
  /// Steps of its last report.
  package let step: Int
  /// Losses and scores of its last report and the metrics of its last evaluation, by name; without
  /// those that are not finite.
  package let values: [String: Double]
  /// What real images get in place of generated ones.
  package let floors: [String: Double]

  package enum State: String, Sendable {
    case finished, diverged, unfinished
  }

  /// An error that ended a run: what a file in `failures/` holds.
  package struct Failure: Codable, Sendable {
    let step: Int
    let reason: String
  }

  /// Reads what is in a sweep's folder.
  ///
  /// - Throws: `FormatError`, `TrainingError` where files are damaged.
  package init(of run: SweepPlan.Case, in sweep: SweepFolder) throws {
    self.run = run
    let folder = sweep.run(run)
    guard folder.isRun, let progress = try RunProgress(of: folder, run.options) else {
      (state, step, values, floors) = (.unfinished, 0, [:], [:])
      return
    }
    if sweep.hasFailed(run) {
      state = .diverged
    } else {
      let isThere = FileManager.default.fileExists(atPath: folder.network(of: .discriminator))
      state = isThere && progress.step == run.options.totalSteps ? .finished : .unfinished
    }
    step = progress.step
    let judged = try folder.judgements().last?.metrics ?? [:]
    let losses = progress.values.compactMap { value in value.last.map { (value.name, $0) } }
    values = Dictionary(losses) { $1 }.merging(judged.compactMapValues(\.value)) { $1 }
    floors = judged.compactMapValues(\.floor)
  }
}

extension SweepFolder {
  /// Notes that a run diverged, so that it is not tried again.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  package func note(divergence reason: String, at step: Int, of run: SweepPlan.Case) throws {
    let failure = SweepResult.Failure(step: step, reason: reason)
    try makeFolder("\(path)/failures")
    try AtomicFile.write([UInt8](readableJSON(failure).utf8), to: self.failure(of: run))
  }

  /// True for a run that diverged.
  package func hasFailed(_ run: SweepPlan.Case) -> Bool {
    FileManager.default.fileExists(atPath: failure(of: run))
  }
}
