import Foundation
import GANData
import GANFormats
import GANNetworks
import GANTensor
import GANTestSupport
import Synchronization
import Testing

@testable import GANTraining

@Suite("The best checkpoint of a run is kept")
struct BestCheckpointTests {
  /// Judges every epoch by a table of values.
  private final class TableJudge: RunJudge {
    let values: [Double]
    /// The epoch in which it gives up once, as where a classifier is still being trained.
    let abandoned: Mutex<Int?>

    init(_ values: [Double], abandoningOnceIn epoch: Int? = nil) {
      self.values = values
      abandoned = Mutex(epoch)
    }

    func isDue(at position: RunPosition) -> Bool { position.endsRound }

    func judge(at moment: RunMoment, unless stop: StopRequest) async throws -> RunJudgement? {
      let epoch = moment.position.epoch
      let givesUp = abandoned.withLock { abandoned in
        guard abandoned == epoch else { return false }
        abandoned = nil
        return true
      }
      if givesUp { return nil }
      try await moment.pause()
      let item = try moment.session.makeSampler()
        .items(count: 1, seed: 0, purpose: .sampleLatents).floats[0]
      return RunJudgement(
        features: .init(name: "table-1", sha256: "00"), count: 100, seed: 0,
        metrics: [
          .init(name: "frechet-distance", value: values[epoch - 1], floor: 0.5),
          .init(name: "item", value: Double(item), floor: nil),
        ], seconds: 1)
    }
  }

  private let scratch: SmallMNIST
  private let dataset: ImageDataset
  private var options: TrainingOptions

  init() throws {
    scratch = try SmallMNIST()
    dataset = try ImageDataset.mnist(in: scratch.path)
    var options = TrainingOptions.smallRun(on: dataset, epochs: 6)
    (options.keptCheckpoints, options.keptCheckpointInterval) = (1, 0)
    options.evaluation.interval = 1
    self.options = options
  }

  private var environment: RunEnvironment { RunEnvironment(threads: 1, dataset: dataset) }

  private func makeRun() throws -> RunFolder {
    try RunFolder.create(in: scratch.path(of: "runs"), for: options, on: environment)
  }

  private typealias End = (interrupted: Int?, isBest: [Bool], stalled: Int?)

  private func train(
    _ folder: RunFolder, _ judge: TableJudge, patience: Int? = nil
  ) async throws -> End {
    let past = try StartedRun(folder)
    try past.prepare(options, on: environment)
    var request = TrainingRequest(options, on: dataset, in: folder, from: past.checkpoint)
    request.judge = judge
    request.patience = patience
    var end: End = (nil, [], nil)
    for try await event in try Engine().training(request).events {
      switch event {
      case .judged(_, _, _, let isBest): end.isBest.append(isBest)
      case .interrupted(let step): end.interrupted = step
      case .stalled(let judgements, _): end.stalled = judgements
      default: break
      }
    }
    return end
  }

  private func checkpoints(_ folder: RunFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.checkpoints).sorted()
  }

  @Test("It stays whatever its age, and is named")
  func kept() async throws {
    let folder = try makeRun()
    // Ten steps an epoch.
    let end = try await train(folder, TableJudge([5, 3, 4, .nan, 3, 9]))
    #expect(end.isBest == [true, true, false, false, false, false])
    #expect(
      try checkpoints(folder) == [
        "best", "latest", "step-20.safetensors", "step-60.safetensors",
      ])
    #expect(try folder.bestCheckpoint() == "\(folder.checkpoints)/step-20.safetensors")
    let best = try #require(try folder.bestCheckpoint())
    let generator = try SavedNetwork(.generator, contentsOf: best)
    #expect(generator.step == 20)
  }

  @Test("A run that goes on after an abandoned judgement has the bytes of one that never stopped")
  func resuming() async throws {
    let values: [Double] = [5, 3, 4, 2, 3, 9]
    let whole = try makeRun()
    _ = try await train(whole, TableJudge(values))
    let folder = try makeRun()
    let judge = TableJudge(values, abandoningOnceIn: 4)
    // The checkpoint of the epoch before: it judges once it comes here again.
    #expect(try await train(folder, judge).interrupted == 30)
    #expect(try folder.bestCheckpoint() == "\(folder.checkpoints)/step-20.safetensors")
    #expect(try await train(folder, judge).interrupted == nil)
    let names = try FileManager.default.subpathsOfDirectory(atPath: whole.path).sorted()
    #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() == names)
    for name in names where !name.hasPrefix("environment") && name != "stats.jsonl" {
      guard !isFolder("\(whole.path)/\(name)") else { continue }
      #expect(
        try Data(contentsOf: URL(filePath: "\(folder.path)/\(name)"))
          == Data(contentsOf: URL(filePath: "\(whole.path)/\(name)")), "\(name)")
    }
    let lines = try [whole, folder].map { folder in
      try String(contentsOfFile: folder.statistics, encoding: .utf8).split(separator: "\n")
        .filter { $0.contains("\"evaluation\"") }
    }
    #expect(lines[0].count == 6 && lines[0] == lines[1])
  }

  @Test("A run whose best checkpoint lost its name gets it back")
  func unnamed() async throws {
    let folder = try makeRun()
    _ = try await train(folder, TableJudge([5, 3, 4, 4, 4, 4]))
    try FileManager.default.removeItem(atPath: folder.bestCheckpointName)
    try StartedRun(folder).prepare(options, on: environment)
    #expect(try folder.bestCheckpoint() == "\(folder.checkpoints)/step-20.safetensors")
  }

  @Test("It stops after so many judgements without a better one, and goes on when asked to")
  func patience() async throws {
    let folder = try makeRun()
    let values: [Double] = [5, 3, 4, 4, 2, 1]
    let end = try await train(folder, TableJudge(values), patience: 2)
    #expect(end.stalled == 2 && end.interrupted == 40)
    #expect(try StartedRun(folder).step == 40)
    let later = try await train(folder, TableJudge(values), patience: 2)
    #expect(later.isBest == [true, true] && later.stalled == nil)
  }

  @Test("A judged run ends with the bits of one that is not")
  func reads() async throws {
    let judged = try makeRun()
    _ = try await train(judged, TableJudge([5, 3, 4, 4, 2, 1]))
    let plain = try makeRun()
    try StartedRun(plain).prepare(options, on: environment)
    _ = try await Engine().training(TrainingRequest(options, on: dataset, in: plain)).outcome()
    for role in Role.pair {
      #expect(
        try Data(contentsOf: URL(filePath: judged.network(of: role)))
          == Data(contentsOf: URL(filePath: plain.network(of: role))))
    }
  }

  @Test(
    "What is better follows from the metric",
    arguments: [
      (DecidingMetric.frechetDistance, [3, 4, 2, 2], [10, 10, 30, 30]),
      (.clippedCoverage, [0.3, 0.4, 0.2, 0.4], [10, 20, 20, 20]),
    ] as [(DecidingMetric, [Double], [Int])])
  func metrics(metric: DecidingMetric, values: [Double], best: [Int]) {
    var options = options
    options.evaluation.metric = metric
    var record = BestCheckpoint(options)
    for (index, value) in values.enumerated() {
      record.note(value, step: 10 * (index + 1))
      #expect(record.step == best[index])
    }
  }

  @Test("A step that the schedule saves no checkpoint of is never the best")
  func unsaved() {
    var options = options
    options.checkpointInterval = 2
    var record = BestCheckpoint(options)
    let isBest = [(1, 10), (2, 20)].map { record.note($0, step: $1) }
    #expect(isBest == [false, true])
    #expect(record.step == 20 && record.judgementsSince == 0)
  }
}
