import Foundation
import GANData
import GANFormats
import GANLearning
import GANNetworks
import GANTensor
import GANTestSupport
import Testing

@testable import GANTraining

@Suite("Checkpoints hold everything needed to go on")
struct CheckpointTests {
  @Test(
    "The newest three are kept, and every tenth epoch's",
    arguments: [
      ([600, 1_200, 1_800], []),
      ([600, 1_200, 1_800, 2_400], [600]),
      ([5_400, 6_000, 6_600, 7_200, 7_800], [5_400]),
      ([60, 12_000, 12_600, 13_200, 13_250], [60]),
    ] as [([Int], [Int])])
  func retention(steps: [Int], superfluous: [Int]) {
    let retention = CheckpointRetention(TrainingOptions())
    #expect(retention.superfluous(among: steps.reversed()) == superfluous)
  }

  @Test(
    "A run continued from its checkpoint ends as one that never stopped",
    arguments: [[], [.dragan, .r1], [.leCam, .approximateR2]] as [[Penalty]])
  func continuation(penalties: [Penalty]) async throws {
    let scratch = try SmallMNIST()
    let dataset = try ImageDataset.mnist(in: scratch.path)
    var options = TrainingOptions()
    options.adopt(dataset)
    options.epochs = nil
    options.threads = 1
    (options.batchSize, options.discriminatorSteps) = (60, 2)
    (options.generator.hidden, options.discriminator.hidden) = ([12], [12])

    options.penalties = penalties
    options.penalty.r1.interval = 3

    // Five batches of which two make a step: the checkpoint lies within the second epoch.
    let engine = try Engine()
    options.steps = 4
    let environment = RunEnvironment(threads: 1, dataset: dataset)
    let first = try RunFolder.create(in: scratch.path(of: "runs"), for: options, on: environment)
    for try await _ in engine.training(TrainingRequest(options, on: dataset, in: first)).events {}
    options.steps = 8
    var whole: TrainingOutcome?
    for try await event in engine.training(TrainingRequest(options, on: dataset)).events {
      if case .finished(let outcome) = event { whole = outcome }
    }

    let checkpoint = try #require(try first.latestCheckpoint())
    #expect(checkpoint.kind == .checkpoint)
    #expect(checkpoint.step == 4)
    let continued = try await engine.generator(
      after: 8, from: checkpoint, options: options, dataset: dataset)
    let expected = try #require(whole).generator.tensors
    #expect(continued.map(\.name) == expected.map(\.name))
    #expect(continued.map(\.tensor) == expected.map(\.tensor))
  }

  @Test(
    "A file that is not ours is refused",
    arguments: [
      [:], ["kind": "network"], ["kind": "checkpoint", "formatVersion": "1"],
      ["kind": "network", "formatVersion": "1", "step": "1", "options": "{}", "networks": "{}"],
    ])
  func foreignFile(metadata: [String: String]) throws {
    let scratch = try SmallMNIST()
    let path = scratch.path(of: "x.safetensors")
    try SafetensorsFile(metadata: metadata, tensors: [(name: "x", HostTensor(shape: [1], [1.5]))])
      .write(to: path)
    let error = #expect(throws: TrainingError.self) {
      try SavedNetwork(.generator, contentsOf: path)
    }
    guard case .foreign = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}

extension Engine {
  /// The generator once a run restored from a checkpoint has finished `step` steps.
  fileprivate func generator(
    after step: Int, from checkpoint: RunFile, options: TrainingOptions, dataset: ImageDataset
  ) throws -> [(name: String, tensor: HostTensor)] {
    let session = try TrainingSession(options.setup, dataset: dataset)
    try session.restore(
      Dictionary(
        uniqueKeysWithValues: checkpoint.contents.entries.map { ($0.name, $0.tensor) }))
    while session.step < step { try session.runStep() }
    return try session.tensors(of: .generator)
  }
}
