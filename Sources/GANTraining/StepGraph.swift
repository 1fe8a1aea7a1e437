package import GANGraph
internal import GANLearning
internal import GANNetworks
internal import GANTensor

/// One training step as a graph: every discriminator update on its own real batch, then the
/// generator's.
///
/// Nothing here is arranged by hand to save work. The generator's backward pass while the
/// discriminator learns, and the discriminator's weight gradients while the generator learns, reach
/// no output and disappear as dead code.
package struct StepGraph: Hashable, Sendable {
  package let game: Game
  /// Real images of each discriminator update; the generator's update draws as many as the last.
  package let batchSizes: [Int]
  /// Images in the resident data.
  package let imageCount: Int
  /// Whether everything a replay needs becomes an output.
  package var isTraced = false
  /// Whether real and generated images pass the discriminator as one batch where they may.
  package var joinsBatches = true

  package init(
    game: Game, batchSizes: [Int], imageCount: Int, isTraced: Bool = false,
    joinsBatches: Bool = true
  ) {
    precondition(!batchSizes.isEmpty, "a step has at least one discriminator update")
    self.game = game
    self.batchSizes = batchSizes
    self.imageCount = imageCount
    self.isTraced = isTraced
    self.joinsBatches = joinsBatches
  }

  /// The state that both updates share by name, apart from parameters and moments.
  package enum StateName {
    /// The run's seed as a bit pattern, `int64 []`.
    package static let seed = "seed"

    /// Updates a player has made, `int64 []`.
    package static func updates(of player: Player) -> String { "optimizer.\(player).updates" }
  }

  /// The input that names the real images of discriminator update `index`, `int32 [B]`.
  package static func indicesInput(_ index: Int) -> String { "discriminator.\(index).indices" }

  /// The resident images, `uint8 [N, C·H·W]`.
  package static let imagesData = "images"

  /// Builds the graph, as written and before any pass.
  ///
  /// Outputs are `discriminator.<i>.loss`, `.realScore`, `.fakeScore`, `generator.loss` and
  /// `generator.fakeScore`, all `[]`; traced, also `.real`, `.latents` and `.gradient.<name>`.
  ///
  /// - Throws: `GraphError` where the networks do not fit each other or the images.
  package func build() throws(GraphError) -> Graph {
    var construction = Construction(self)
    for index in batchSizes.indices { construction.updateDiscriminator(index) }
    construction.updateGenerator(batchSize: batchSizes[batchSizes.count - 1])
    construction.recordUpdates()
    return try construction.builder.finish()
  }
}

/// The graph while it is written.
private struct Construction {
  let builder = GraphBuilder()
  private let plan: StepGraph
  private var generator: Network
  private var discriminator: Network
  private var generatorOptimizer: Adam
  private var discriminatorOptimizer: Adam
  private let seed: Tensor
  private let discriminatorUpdates: Tensor
  private let generatorUpdates: Tensor

  init(_ plan: StepGraph) {
    self.plan = plan
    generator = Network(plan.game.generator, prefix: "generator", in: builder)
    discriminator = Network(plan.game.discriminator, prefix: "discriminator", in: builder)
    generatorOptimizer = Adam(
      plan.game.generatorOptimizer, prefix: "optimizer.generator", in: builder)
    discriminatorOptimizer = Adam(
      plan.game.discriminatorOptimizer, prefix: "optimizer.discriminator", in: builder)
    seed = builder.state(StepGraph.StateName.seed, .scalar, .int64)
    discriminatorUpdates = builder.state(
      StepGraph.StateName.updates(of: .discriminator), .scalar, .int64)
    generatorUpdates = builder.state(StepGraph.StateName.updates(of: .generator), .scalar, .int64)
  }

  // MARK: The two updates

  mutating func updateDiscriminator(_ index: Int) {
    let name = "discriminator.\(index)"
    let batchSize = plan.batchSizes[index]
    let update = discriminatorUpdates + Double(index)
    let real = realImages(index, batchSize: batchSize)
    let latents = self.latents(.discriminatorLatents, batchSize: batchSize, update: update)
    let (realLogits, fakeLogits) = judge(real: real, fake: generator(latents))
    let loss = plan.game.objective.discriminatorLoss(real: realLogits, fake: fakeLogits)
    builder.output(loss, as: "\(name).loss")
    builder.output(realLogits.meanScore, as: "\(name).realScore")
    builder.output(fakeLogits.meanScore, as: "\(name).fakeScore")
    if plan.isTraced {
      builder.output(real, as: "\(name).real")
      builder.output(latents, as: "\(name).latents")
    }
    learn(
      &discriminator, against: generator, from: loss, with: &discriminatorOptimizer,
      update: update, named: name)
  }

  mutating func updateGenerator(batchSize: Int) {
    let latents = self.latents(
      .generatorLatents, batchSize: batchSize, update: generatorUpdates)
    let fakeLogits = Logits(discriminator(generator(latents)))
    let loss = plan.game.objective.generatorLoss(fake: fakeLogits)
    builder.output(loss, as: "generator.loss")
    builder.output(fakeLogits.meanScore, as: "generator.fakeScore")
    if plan.isTraced { builder.output(latents, as: "generator.latents") }
    learn(
      &generator, against: discriminator, from: loss, with: &generatorOptimizer,
      update: generatorUpdates, named: "generator")
  }

  func recordUpdates() {
    generator.recordUpdates()
    discriminator.recordUpdates()
    generatorOptimizer.recordUpdates()
    discriminatorOptimizer.recordUpdates()
    builder.update(
      discriminatorUpdates, to: discriminatorUpdates + Double(plan.batchSizes.count))
    builder.update(generatorUpdates, to: generatorUpdates + 1)
  }

  // MARK: Parts

  /// Real images in [-1, 1], `(x / 255 - 0.5) / 0.5` as the tutorial has it, to the bit.
  private func realImages(_ index: Int, batchSize: Int) -> Tensor {
    let pixelCount = plan.game.discriminator.inputShape.elementCount
    let images = builder.data(StepGraph.imagesData, [plan.imageCount, pixelCount], .uint8)
    let indices = builder.input(StepGraph.indicesInput(index), [batchSize], .int32)
    let pixels = images.gatheredRows(indices).converted(to: .float32)
    return (pixels / 255 - 0.5) * 2
  }

  private func latents(
    _ purpose: RandomPurpose, batchSize: Int, update: Tensor
  ) -> Tensor {
    builder.random(
      .normal, purpose, Shape([batchSize] + plan.game.generator.inputShape.dimensions),
      seed: seed, step: update)
  }

  /// The discriminator's logits, real first: as one batch where no layer looks across the batch.
  private func judge(real: Tensor, fake: Tensor) -> (real: Logits, fake: Logits) {
    guard plan.joinsBatches, plan.game.discriminator.isRowwise else {
      return (Logits(discriminator(real)), Logits(discriminator(fake)))
    }
    let logits = discriminator(real.concatenated(with: [fake], axis: 0))
    let (realCount, fakeCount) = (real.shape[0], fake.shape[0])
    return (
      Logits(logits.sliced(axis: 0, start: 0, count: realCount)),
      Logits(logits.sliced(axis: 0, start: realCount, count: fakeCount))
    )
  }

  /// One optimiser step over one network, whose parameters become the next ones; the opponent's
  /// are held constant.
  private func learn(
    _ network: inout Network, against opponent: Network, from loss: Tensor,
    with optimizer: inout Adam, update: Tensor, named name: String
  ) {
    let parameters = network.orderedParameters
    // Before the gradients, so that each parameter can step while its gradient is in the cache.
    let correction = optimizer.correction(update: update + 1)
    let gradients = loss.gradients(
      withRespectTo: parameters.map(\.tensor),
      holding: opponent.orderedParameters.map(\.tensor))
    for ((parameterName, parameter), gradient) in zip(parameters, gradients) {
      if plan.isTraced { builder.output(gradient, as: "\(name).gradient.\(parameterName)") }
      network.parameters[parameterName] = optimizer.step(
        parameter, named: parameterName, gradient: gradient, correction)
    }
  }
}
