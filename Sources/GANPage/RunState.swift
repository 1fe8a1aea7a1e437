import Foundation
import GANTraining

/// A run now, as its page shows it: what changes while it goes on.
struct RunState: Codable, Sendable {
  let name: String
  let status: RunStatus
  let step, totalSteps, epoch, epochCount, images: Int
  let elapsedSeconds: Double
  /// Nil unless it is training, and where its speed is not known.
  let secondsLeft, imagesPerSecond: Double?
  /// The epochs with a picture: runs of equal distance, as `[first, last, distance]`.
  let pictures: [[Int]]
  let panels: [CurvePanel]
  /// The newest value of each reading; nil where it is not finite.
  let values: [String: Double?]
  /// By reading, the first step with a value that is not finite.
  let nonfinite: [String: Int]
  /// The values of what may change, in the next step.
  let hyperparameters: [Hyperparameter]
  /// The changes so far, the last of them.
  let changes: [HyperparameterChange]
  /// Why the changes cannot be read; nil where they can.
  let changesFault: String?
  let metrics: [MetricState]
  let verdict: Verdict?
  /// Present where this page controls the run.
  let live: LiveRun?
  /// Changes with what curves are drawn of.
  let version: String

  /// A hyperparameter that may change while the run goes on.
  struct Hyperparameter: Codable, Sendable {
    let name: String
    let value: Double
    /// True where the value is not the options'.
    let isChanged: Bool
    /// One line about it.
    let help: String
  }

  /// Changes that are listed at most.
  private static let listedChanges = 100

  /// A metric's newest value.
  struct MetricState: Codable, Sendable {
    let name: String
    let value, floor: Double?
    let epoch: Int
  }

  /// What looks wrong at the end.
  struct Verdict: Codable, Sendable {
    let line: String
    let findings: [Finding]
    struct Finding: Codable, Sendable { let kind, words, evidence, page: String }
  }

  init(_ record: RunRecord, live: LiveRun?) throws {
    let options = try record.options()
    let history = record.history()
    let plan = options.stepsPerEpoch
    name = record.name
    let found = RunStatus(of: record.folder)
    status = live.map { $0.isPaused && found == .training ? .paused : found } ?? found
    step = max(live?.step ?? 0, history.steps.last ?? 0)
    totalSteps = options.totalSteps
    epoch = step == 0 ? 0 : (step - 1) / plan + 1
    epochCount = (totalSteps + plan - 1) / plan
    images = options.epochPlan.itemCount(beforeStep: step)
    elapsedSeconds = history.seconds.last ?? 0
    let last = history.last
    let speed = last.map { $0.imagesPerSecond.isFinite ? $0.imagesPerSecond : nil } ?? nil
    imagesPerSecond = speed
    let stepSeconds = last.map { $0.stepSeconds.isFinite ? $0.stepSeconds : nil } ?? nil
    let stepsLeft = Double(totalSteps - step)
    secondsLeft = status == .training ? stepSeconds.map { $0 * stepsLeft } : nil
    pictures = record.folder.previewEpochs(areImages: options.makesImages).inRuns
    panels = CurvePanel.all(of: history, options)
    values = history.columns.mapValues { column in
      column.last.flatMap { $0.isFinite ? $0 : nil }
    }
    nonfinite = history.firstNonfinite
    let read = Result { try record.changes() }
    let all = (try? read.get()) ?? []
    changes = all.suffix(Self.listedChanges)
    if case .failure(let error) = read { changesFault = "\(error)" } else { changesFault = nil }
    let keys = options.changeable
    hyperparameters = options.hyperparameters(after: step, all).map { one in
      Hyperparameter(
        name: one.name, value: one.value, isChanged: one.isChanged,
        help: keys.first { $0.path == one.name }?.help ?? "")
    }
    metrics = Self.metrics(history)
    verdict = Self.verdict(record.folder)
    self.live = live
    version = record.version
  }

  private static func metrics(_ history: StatisticsHistory) -> [MetricState] {
    guard let last = history.judgements.last else { return [] }
    return last.metrics.sorted { $0.key < $1.key }.map {
      MetricState(name: $0.key, value: $0.value.value, floor: $0.value.floor, epoch: last.epoch)
    }
  }

  static func verdict(_ folder: RunFolder) -> Verdict? {
    guard let data = FileManager.default.contents(atPath: folder.diagnosis),
      let diagnosis = try? JSONDecoder().decode(RunDiagnosis.self, from: data)
    else { return nil }
    return Verdict(
      line: diagnosis.line,
      findings: diagnosis.findings.map {
        .init(
          kind: $0.kind.rawValue, words: $0.kind.words, evidence: $0.evidence, page: $0.kind.page)
      })
  }
}

extension [Int] {
  /// Ascending numbers as runs of equal distance, each `[first, last, distance]`.
  var inRuns: [[Int]] {
    var runs: [[Int]] = []
    for number in self {
      guard let run = runs.last else {
        runs.append([number, number, 1])
        continue
      }
      let index = runs.count - 1
      if run[0] == run[1] {
        runs[index] = [run[0], number, number - run[0]]
      } else if number - run[1] == run[2] {
        runs[index][1] = number
      } else {
        runs.append([number, number, 1])
      }
    }
    return runs
  }
}
