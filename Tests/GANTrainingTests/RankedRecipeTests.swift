import GANData
import GANNetworks
import GANRuntime
import GANTensor
import GANTestSupport
import GANTraining
import Testing

@Suite("Ranks train recipes as one process does", .serialized)
struct RankedRecipeTests {
  static let names = ["tutorial", "wgan-gp", "dcgan-28", "projection", "r3gan-32"]

  /// Noise with classes, in a recipe's size or in 8 × 8.
  private static func noise(side: Int, count: Int) -> ImageDataset {
    var random = SplitMix(seed: 11)
    let pixels = (0..<count * side * side).map { _ in UInt8.random(in: 0...255, using: &random) }
    return ImageDataset(
      name: "noise", imageShape: [1, side, side], pixels: pixels,
      labels: (0..<count).map { UInt8($0 % 10) })
  }

  private static func options(_ name: String, on dataset: ImageDataset) throws -> TrainingOptions {
    var options = try Recipe.named(name).options
    options.adopt(dataset)
    (options.epochs, options.steps, options.threads) = (nil, 20, 1)
    return options
  }

  // States are rounded to single precision after each step, as RankTests says.
  @Test(
    "In double precision narrow networks of five recipes learn the same in 20 steps",
    arguments: names, [2, 3, 4])
  func doublePrecision(name: String, count: Int) throws {
    let dataset = Self.noise(side: 8, count: 40)
    var options = try Self.options(name, on: dataset)
    options.batchSize = 9
    options.generator.hidden = options.generator.hidden.suffix(2).map { _ in 8 }
    options.discriminator.hidden = options.discriminator.hidden.prefix(2).map { _ in 8 }
    let alone = try RankTests.train(
      options, on: dataset, ranks: 1, steps: 20, device: .reference)[0]
    for result in try RankTests.train(
      options, on: dataset, ranks: count, steps: 20, device: .reference)
    {
      #expect(RankTests.outliers(result.trace, alone.trace, beyond: 1e-10).isEmpty)
      #expect(RankTests.outliers(result.state, alone.state, beyond: 1e-10).isEmpty)
    }
  }

  /// Data of a recipe's size: digits where they have it.
  private static func data(of recipe: Recipe) -> ImageDataset {
    let side = recipe.options.itemShape[1]
    return side == 28 ? .strokes(count: 300) : noise(side: side, count: 300)
  }

  /// All parameters and statistics of a network as one vector: biases, which begin at 0, are small
  /// beside their own changes.
  private static func network(_ player: String, in state: RankTests.Tensors) -> HostTensor {
    let values = state.filter {
      $0.name.hasPrefix("\(player).") && $0.tensor.elementType == .float32
    }
    .flatMap(\.tensor.floats)
    return HostTensor(shape: [values.count], values)
  }

  // Sums of many terms in another order, which moves the first update's gradients by 1e-5 at most. Adam
  // divides a gradient by its own size: where that is near zero a parameter moves by the learning rate one
  // way or the other, and all that follows, the other updates of the same step included, is computed from
  // there. DCGAN's weights begin at 0.02 and move by 2e-4 a step: 1e-3 to 3e-3 after 20 were seen, less of
  // the others. R3GAN's widths are a quarter, which saves minutes and changes no layer.
  @Test(
    "In single precision gradients of the first update agree to 1e-5, the step's others to 1e-3, each network after 20 steps to 5e-3, and a second run has the same bits",
    arguments: names)
  func singlePrecision(name: String) throws {
    let recipe = try Recipe.named(name)
    let dataset = Self.data(of: recipe)
    var options = try Self.options(name, on: dataset)
    if name == "r3gan-32" {
      options.generator.hidden = options.generator.hidden.map { $0 / 4 }
      options.discriminator.hidden = options.discriminator.hidden.map { $0 / 4 }
    }
    let alone = try RankTests.train(options, on: dataset, ranks: 1, steps: 20, device: .cpu)[0]
    func isFirst(_ name: String) -> Bool {
      name.hasPrefix("discriminator.0.gradient") || name.hasPrefix("discriminator.gradient")
    }
    #expect(alone.trace.contains { isFirst($0.name) })
    for count in [2, 3, 4] {
      let ranks = try RankTests.train(
        options, on: dataset, ranks: count, steps: 20, device: .cpu)
      #expect(
        RankTests.outliers(
          ranks[0].trace.filter { isFirst($0.name) }, alone.trace.filter { isFirst($0.name) },
          beyond: 1e-5
        ).isEmpty)
      #expect(RankTests.outliers(ranks[0].trace, alone.trace, beyond: 1e-3).isEmpty)
      for player in ["generator", "discriminator"] {
        let error = DeviceAgreementTests.error(
          Self.network(player, in: ranks[0].state), Self.network(player, in: alone.state))
        #expect(error < 5e-3, "the \(player) of \(count) ranks")
      }
      for other in ranks.dropFirst() {
        #expect(RankTests.differences(other.state, ranks[0].state).isEmpty, "ranks differ")
      }
    }
    let runs = try (0..<2).map { _ in
      try RankTests.train(options, on: dataset, ranks: 2, steps: 5, device: .cpu)[0].state
    }
    #expect(RankTests.differences(runs[0], runs[1]).isEmpty, "a second run differs")
  }

  @Test(
    "With sums in four parts one, two and four ranks learn a recipe's same bits", arguments: names)
  func chunks(name: String) throws {
    let recipe = try Recipe.named(name)
    let dataset = Self.data(of: recipe)
    var options = try Self.options(name, on: dataset)
    options.reduction.chunks = 4
    options.generator.hidden = options.generator.hidden.map { $0 / 4 }
    options.discriminator.hidden = options.discriminator.hidden.map { $0 / 4 }
    let states = try [1, 2, 4].map {
      try RankTests.train(options, on: dataset, ranks: $0, steps: 5, device: .cpu)[0].state
    }
    for state in states.dropFirst() {
      #expect(RankTests.differences(state, states[0]).isEmpty)
    }
  }
}
