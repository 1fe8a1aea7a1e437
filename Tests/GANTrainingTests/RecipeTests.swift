import Foundation
import GANData
import GANFormats
import GANGraph
import GANNetworks
import GANTensor
import GANTestSupport
import Testing

@testable import GANTraining

@Suite("Recipes are runs that anybody can repeat", .serialized)
struct RecipeTests {
  /// Noise in the shape of a recipe's data, with classes.
  private static func noise(for options: TrainingOptions, count: Int = 23) -> any TrainingData {
    var random = SplitMix(seed: 5)
    guard options.makesImages else { return PointDataset(.ring8, count: count, seed: 1) }
    let pixels = (0..<count * options.itemShape.elementCount).map { _ in
      UInt8.random(in: 0...255, using: &random)
    }
    return ImageDataset(
      name: "noise", imageShape: options.itemShape, pixels: pixels,
      labels: (0..<count).map { UInt8($0 % 10) })
  }

  /// A recipe with all its parts and few weights.
  private static func narrowed(_ recipe: Recipe) -> TrainingOptions {
    var options = recipe.options
    options.adopt(noise(for: options))
    (options.epochs, options.steps) = (nil, 3)
    (options.batchSize, options.threads, options.previewCount) = (6, 1, 4)
    options.discriminatorSteps = min(options.discriminatorSteps, 2)
    // Of four ReLUs behind two latents all may be shut.
    options.generator.hidden = options.generator.hidden.map { _ in options.makesImages ? 4 : 16 }
    options.discriminator.hidden = options.discriminator.hidden.map { _ in 3 }
    return options
  }

  @Test("A recipe's options are valid, say their names and survive their JSON")
  func validity() throws {
    for recipe in Recipe.all {
      try recipe.options.validate()
      #expect(recipe.options.recipe == recipe.name)
      let json = Data(try recipe.options.json.utf8)
      #expect(try JSONDecoder().decode(TrainingOptions.self, from: json) == recipe.options)
      for text in [recipe.summary, recipe.citation, recipe.expectedResult] { #expect(text != "") }
    }
    #expect(Set(Recipe.all.map(\.name)).count == Recipe.all.count)
  }

  @Test(
    "A run of any recipe resumed from its checkpoint's file ends as one that never stopped",
    arguments: Recipe.all.map(\.name))
  func continuation(name: String) async throws {
    let options = Self.narrowed(try Recipe.named(name))
    let dataset = Self.noise(for: options)
    let scratch = try SmallMNIST()
    let folder = try RunFolder.create(
      in: scratch.path(of: "runs"), for: options,
      on: RunEnvironment(threads: 1, dataset: dataset))
    let engine = try Engine()
    for try await _ in engine.training(TrainingRequest(options, on: dataset, in: folder)).events {}

    // Four batches an epoch: the checkpoint lies within one, and the rest meets its shorter end.
    let checkpoint = try #require(try folder.latestCheckpoint())
    let (whole, continued) = try await engine.states(
      after: 8, from: checkpoint, options: options, dataset: dataset)
    #expect(whole.map(\.name) == continued.map(\.name))
    #expect(whole.map(\.tensor) == continued.map(\.tensor))

    // What a run leaves behind is whole, too: every network can be read and used.
    for player in Role.pair { _ = try folder.savedNetwork(of: player) }
    let isAveraged = options.average.isOn
    #expect(FileManager.default.fileExists(atPath: folder.rawGenerator) == isAveraged)
    let samples = try await engine.samples(
      of: folder.savedNetwork(of: .generator), count: 3, seed: 0, threads: 1)
    #expect(samples.shape == Shape([3] + options.itemShape.dimensions))
  }

  // A single number may have reason to stay, as a bias that a Wasserstein loss does not see.
  @Test(
    "Training changes every tensor of more than one number, of both players and optimisers",
    arguments: Recipe.all.map(\.name))
  func learning(name: String) async throws {
    let options = Self.narrowed(try Recipe.named(name))
    let unchanged = try await Engine().unchangedTensors(
      after: 2, options: options, dataset: Self.noise(for: options))
    #expect(unchanged == [])
  }
}

extension Engine {
  /// Everything two sessions hold after `step` steps: one that never stopped, and one that went on
  /// from a checkpoint.
  fileprivate func states(
    after step: Int, from checkpoint: RunFile, options: TrainingOptions,
    dataset: any TrainingData
  ) throws -> (
    whole: [(name: String, tensor: HostTensor)], continued: [(name: String, tensor: HostTensor)]
  ) {
    let whole = try TrainingSession(options.setup, dataset: dataset)
    let continued = try TrainingSession(options.setup, dataset: dataset)
    try continued.restore(
      Dictionary(uniqueKeysWithValues: checkpoint.contents.entries.map { ($0.name, $0.tensor) }))
    #expect(continued.step == options.steps)
    for session in [whole, continued] {
      while session.step < step { try session.runStep() }
    }
    return (try whole.checkpoint(), try continued.checkpoint())
  }

  /// The tensors of both networks that some steps leave as they were.
  fileprivate func unchangedTensors(
    after steps: Int, options: TrainingOptions, dataset: any TrainingData
  ) throws -> [String] {
    let session = try TrainingSession(options.setup, dataset: dataset)
    let before = try session.checkpoint()
    for _ in 0..<steps { try session.runStep() }
    return zip(before, try session.checkpoint()).compactMap { old, new in
      old.tensor.shape.elementCount > 1 && old.tensor == new.tensor ? old.name : nil
    }
  }
}
