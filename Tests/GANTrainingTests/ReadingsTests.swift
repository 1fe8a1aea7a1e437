import Foundation
import GANData
import GANLearning
import GANNetworks
import GANTensor
import GANTestSupport
import Testing

@testable import GANTraining

@Suite("Readings are of all steps since the last report")
struct ReadingsTests {
  @Test("Mean, least and greatest are those of the finite values, the others are counted")
  func summary() throws {
    var interval = ReadingAccumulator()
    let (a, b): ([Float], [Float]) = ([3, .nan, -1, .infinity, 4], [.nan, .nan, .nan, .nan, .nan])
    for step in 0..<5 { interval.add(["a", "b"], [a[step], b[step]]) }
    let readings = interval.readings
    #expect(readings.stepCount == 5)
    #expect(readings.all.map(\.name) == ["a", "b"])
    let first = try #require(readings["a"])
    #expect(first.last == 4 && first.mean == 2 && first.least == -1 && first.greatest == 4)
    #expect(first.nonfiniteCount == 2)
    let second = try #require(readings["b"])
    #expect(second.mean == nil && second.least == nil && second.greatest == nil)
    #expect(second.nonfiniteCount == 5)
    #expect(
      try JSONSerialization.jsonObject(with: Data(readings.json.utf8)) is [String: Any])
    interval.reset()
    #expect(interval.readings.stepCount == 0)
  }

  @Test("A name that only some steps say has the mean of those, and keeps its place")
  func rareNames() throws {
    var interval = ReadingAccumulator()
    interval.add(["loss", "score"], [1, 2])
    interval.add(["loss", "penalty", "score"], [3, 5, 4])
    interval.add(["loss", "score"], [5, 6])
    let readings = interval.readings
    #expect(readings.all.map(\.name) == ["loss", "score", "penalty"])
    #expect(readings.all.map(\.count) == [3, 3, 1])
    #expect(readings.all.map(\.mean) == [3, 4, 5])
    #expect(readings.all.map(\.nonfiniteCount) == [0, 0, 0])
    #expect(
      readings.json.contains(
        #""penalty":{"last":5.0,"mean":5.0,"least":5.0,"greatest":5.0,"count":1}"#))
    #expect(ReadingAccumulator(restoring: interval.tensors.reversed()) == interval)
  }

  @Test("Lines of a run have its losses, scores, penalties, gradient norms and logits' spread")
  func names() async throws {
    let dataset = ImageDataset.strokes(count: 60)
    var options = TrainingOptions()
    options.adopt(dataset)
    (options.threads, options.batchSize, options.epochs) = (1, 10, 1)
    (options.generator.hidden, options.discriminator.hidden) = ([4], [4])
    options.penalties = [.r1]
    options.penalty.r1.interval = 2
    options.reportInterval = 6
    let run = try Engine().training(TrainingRequest(options, on: dataset))
    var reports: [TrainingReport] = []
    for try await case .report(let report) in run.events { reports.append(report) }
    let readings = try #require(reports.first).readings
    #expect(readings.stepCount == 6)
    #expect(
      Set(readings.all.map(\.name)) == [
        "discriminator.loss", "discriminator.realScore", "discriminator.fakeScore",
        "discriminator.penalty.r1", "discriminator.gradientNorm",
        "discriminator.logits.real.deviation", "discriminator.logits.fake.deviation",
        "discriminator.logits.real.sign",
        "generator.loss", "generator.fakeScore", "generator.gradientNorm",
        "generator.logits.fake.deviation",
      ])
    #expect(readings["discriminator.penalty.r1"]?.count == 3)
    #expect(readings["generator.gradientNorm"]?.count == 1)
    #expect(readings["generator.loss"]?.last == reports.first?.losses.generatorLoss)
  }

  @Test("An interval that a checkpoint cuts ends as if it had not, to the bit", arguments: 0...4)
  func continuation(cut: Int) {
    let values: [[Float]] = (0..<5).map { [0.1 * Float($0), $0 == 1 ? .nan : 1 / Float($0 + 3)] }
    var whole = ReadingAccumulator()
    for step in values { whole.add(["x", "y"], step) }
    var before = ReadingAccumulator()
    for step in values[..<cut] { before.add(["x", "y"], step) }
    var after = ReadingAccumulator(restoring: before.tensors)
    for step in values[cut...] { after.add(["x", "y"], step) }
    #expect(after.readings == whole.readings)
  }

  @Test("Foreign numbers in a checkpoint are passed over")
  func foreign() {
    for numbers: [Int64] in [
      [], [0, 1, 2, 3, 4, 5, 5, 0], [0, 1, 2, 3, 4, 6, 5, 5], [0, 1, 2, 3, 4, 5, 6, 5],
      [0, 1, 2, 3, 4, 5, 5, .max],
    ] {
      let tensor = HostTensor(shape: [numbers.count], numbers)
      var interval = ReadingAccumulator(restoring: [("readings.x", tensor)])
      interval.add(["x"], [7])
      #expect(interval.readings.stepCount == 1)
      #expect(interval.readings["x"]?.mean == 7)
    }
  }

  @Test("A run that was stopped within an interval writes the lines of one that was not")
  func statistics() async throws {
    let scratch = try SmallMNIST()
    let dataset = ImageDataset.strokes(count: 200)
    var options = TrainingOptions()
    options.adopt(dataset)
    (options.threads, options.batchSize, options.epochs) = (1, 10, 2)
    (options.generator.hidden, options.discriminator.hidden) = ([4], [4])
    options.reportInterval = 7
    let environment = RunEnvironment(threads: 1, dataset: dataset)
    func folder() throws -> RunFolder {
      try RunFolder.create(in: scratch.path(of: "runs"), for: options, on: environment)
    }
    func lines(_ folder: RunFolder) throws -> [String] {
      try String(contentsOfFile: folder.statistics, encoding: .utf8).split(separator: "\n").map {
        String($0).replacing(#/"\w+(Seconds|PerSecond)":[^,}]+,/#, with: "")
      }
    }
    let whole = try folder()
    _ = try await Engine().training(TrainingRequest(options, on: dataset, in: whole)).outcome()
    let stopped = try folder()
    var request = TrainingRequest(options, on: dataset, in: stopped)
    request.observers = [Stopper(step: 11, request: request.stop)]
    #expect(try await Engine().training(request).outcome() == nil)
    let past = try StartedRun(stopped)
    #expect(past.step == 11)
    try past.prepare(options, on: environment)
    request = TrainingRequest(options, on: dataset, in: stopped, from: past.checkpoint)
    _ = try await Engine().training(request).outcome()
    #expect(try lines(stopped) == lines(whole))
    #expect(try lines(whole).count == 6)
  }

  /// Asks a run to stop after a step.
  private struct Stopper: RunObserver {
    let step: Int
    let request: StopRequest

    func isDue(at position: RunPosition) -> Bool { position.step == step }
    func look(at moment: RunMoment) async throws { request.stop() }
  }
}
