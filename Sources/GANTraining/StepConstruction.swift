internal import GANGraph
internal import GANLearning
internal import GANNetworks
internal import GANTensor

/// The graph of a step while it is written.
struct StepConstruction {
  let builder = GraphBuilder()
  private let plan: StepGraph
  private var generator: Network
  private var discriminator: Network
  private var generatorOptimizer: Adam
  private var discriminatorOptimizer: Adam
  private let seed: Tensor
  private let discriminatorUpdates: Tensor
  private let generatorUpdates: Tensor
  /// What the last discriminator update saw; an objective may have the generator see it too.
  private var lastReal: Tensor?

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
    let (batchSize, penalties) = (plan.updates[index].batchSize, plan.updates[index].penalties)
    let update = discriminatorUpdates + Double(index)
    let real = realItems(index, batchSize: batchSize)
    let latents = self.latents(.discriminatorLatents, batchSize: batchSize, update: update)
    trace(real, as: "\(name).real")
    trace(latents, as: "\(name).latents")
    lastReal = real

    let terms = plan.game.penalties.terms(in: penalties)
    let judged = judge(
      real: packed(real), fake: packed(generator(latents)),
      together: !terms.contains { $0.penalty.isTakenAtJudgedItems }, update: update, named: name)
    var loss = plan.game.objective.discriminatorLoss(
      real: judged.real.logits, fake: judged.fake.logits)
    for term in terms {
      let value = term.term(of: judged)
      trace(value, as: "\(name).penalty.\(term.penalty.rawValue)")
      loss = loss + value
    }
    builder.output(loss, as: "\(name).loss")
    builder.output(judged.real.logits.meanScore, as: "\(name).realScore")
    builder.output(judged.fake.logits.meanScore, as: "\(name).fakeScore")
    learn(
      &discriminator, against: generator, from: loss, with: &discriminatorOptimizer,
      update: update, clip: plan.game.clip, named: name)
  }

  mutating func updateGenerator() {
    let batchSize = plan.updates[plan.updates.count - 1].batchSize
    let latents = self.latents(
      .generatorLatents, batchSize: batchSize, update: generatorUpdates)
    trace(latents, as: "generator.latents")
    let fakeLogits = Logits(discriminator(packed(generator(latents))))
    var realLogits: Logits?
    let loss = plan.game.objective.generatorLoss(fake: fakeLogits) {
      guard let lastReal else { preconditionFailure("the discriminator learns first") }
      trace(lastReal, as: "generator.real")
      let logits = Logits(discriminator(packed(lastReal)))
      realLogits = logits
      return logits
    }
    builder.output(loss, as: "generator.loss")
    builder.output(fakeLogits.meanScore, as: "generator.fakeScore")
    if let realLogits { builder.output(realLogits.meanScore, as: "generator.realScore") }
    learn(
      &generator, against: discriminator, from: loss, with: &generatorOptimizer,
      update: generatorUpdates, named: "generator")
  }

  func recordUpdates() {
    generator.recordUpdates()
    discriminator.recordUpdates()
    generatorOptimizer.recordUpdates()
    discriminatorOptimizer.recordUpdates()
    builder.update(discriminatorUpdates, to: discriminatorUpdates + Double(plan.updates.count))
    builder.update(generatorUpdates, to: generatorUpdates + 1)
  }

  // MARK: Parts

  private func trace(_ value: Tensor, as name: String) {
    if plan.isTraced { builder.output(value, as: name) }
  }

  /// Real items: points as they are, images in [-1, 1], `(x / 255 - 0.5) / 0.5` as the tutorial has
  /// it, to the bit.
  private func realItems(_ index: Int, batchSize: Int) -> Tensor {
    let size = plan.game.discriminator.inputShape.elementCount / plan.game.packing
    let data = builder.data(
      StepGraph.residentData, [plan.itemCount, size], plan.elementType)
    let indices = builder.input(StepGraph.indicesInput(index), [batchSize], .int32)
    let items = data.gatheredRows(indices)
    return plan.elementType == .uint8 ? (items.converted(to: .float32) / 255 - 0.5) * 2 : items
  }

  private func latents(
    _ purpose: RandomPurpose, batchSize: Int, update: Tensor
  ) -> Tensor {
    builder.random(
      .normal, purpose, Shape([batchSize] + plan.game.generator.inputShape.dimensions),
      seed: seed, step: update)
  }

  /// Neighbours in the batch side by side, as the discriminator judges them: `[B, …]` to `[B / m, …]`.
  private func packed(_ items: Tensor) -> Tensor {
    let packs = items.shape[0] / plan.game.packing
    return items.reshaped(to: Shape([packs] + plan.game.discriminator.inputShape.dimensions))
  }

  /// The discriminator's logits: as one batch, real first, where that is wanted and no layer looks
  /// across the batch.
  private func judge(
    real: Tensor, fake: Tensor, together: Bool, update: Tensor, named name: String
  ) -> JudgedUpdate {
    let (discriminator, builder, seed, isTraced) = (discriminator, builder, seed, plan.isTraced)
    let realLogits: Tensor
    let fakeLogits: Tensor
    if together, plan.joinsBatches, plan.game.discriminator.isRowwise {
      let logits = discriminator(real.concatenated(with: [fake], axis: 0))
      let (realCount, fakeCount) = (real.shape[0], fake.shape[0])
      realLogits = logits.sliced(axis: 0, start: 0, count: realCount)
      fakeLogits = logits.sliced(axis: 0, start: realCount, count: fakeCount)
    } else {
      (realLogits, fakeLogits) = (discriminator(real), discriminator(fake))
    }
    return JudgedUpdate(
      real: Judged(items: real, logits: Logits(realLogits)),
      fake: Judged(items: fake, logits: Logits(fakeLogits)),
      judge: { Logits(discriminator($0)) },
      uniform: { role, shape in
        let values = builder.random(.uniform, role.purpose, shape, seed: seed, step: update)
        if isTraced { builder.output(values, as: "\(name).\(role.rawValue)") }
        return values
      })
  }

  /// One optimiser step over one network, whose parameters become the next ones; the opponent's
  /// are held constant.
  private func learn(
    _ network: inout Network, against opponent: Network, from loss: Tensor,
    with optimizer: inout Adam, update: Tensor, clip: Double? = nil, named name: String
  ) {
    let parameters = network.orderedParameters
    // Before the gradients, so that each parameter can step while its gradient is in the cache.
    let correction = optimizer.correction(update: update + 1)
    let gradients = loss.gradients(
      withRespectTo: parameters.map(\.tensor),
      holding: opponent.orderedParameters.map(\.tensor))
    for ((parameterName, parameter), gradient) in zip(parameters, gradients) {
      trace(gradient, as: "\(name).gradient.\(parameterName)")
      let stepped = optimizer.step(
        parameter, named: parameterName, gradient: gradient, correction)
      network.parameters[parameterName] = clip.map(stepped.clamped(to:)) ?? stepped
    }
  }
}
