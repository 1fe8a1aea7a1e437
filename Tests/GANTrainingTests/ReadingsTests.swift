import Foundation
import GANData
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
    for step in 0..<5 { interval.add(["a", "b"]) { [a, b][$0][step] } }
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

  @Test("An interval that a checkpoint cuts ends as if it had not, to the bit", arguments: 0...4)
  func continuation(cut: Int) {
    let values: [[Float]] = (0..<5).map { [0.1 * Float($0), $0 == 1 ? .nan : 1 / Float($0 + 3)] }
    var whole = ReadingAccumulator()
    for step in values { whole.add(["x", "y"]) { step[$0] } }
    var before = ReadingAccumulator()
    for step in values[..<cut] { before.add(["x", "y"]) { step[$0] } }
    var after = ReadingAccumulator(restoring: before.tensors)
    for step in values[cut...] { after.add(["x", "y"]) { step[$0] } }
    #expect(after.readings == whole.readings)
  }

  @Test("Foreign numbers in a checkpoint are passed over")
  func foreign() {
    for numbers: [Int64] in [[], [1, 2, 3, 4, 5, 0], [1, 2, 3, 4, 9, 5], [1, 2, 3, 4, 5, .max]] {
      let tensor = HostTensor(shape: [numbers.count], numbers)
      var interval = ReadingAccumulator(restoring: [("readings.x", tensor)])
      interval.add(["x"]) { _ in 7 }
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
