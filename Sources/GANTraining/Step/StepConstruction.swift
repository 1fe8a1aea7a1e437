import GANGraph
import GANLearning
import GANNetworks
import GANTensor

/// The graph of a step while it is written.
struct StepConstruction {
  let builder = GraphBuilder()
  let plan: StepGraph
  private(set) var generator: Network
  private(set) var discriminator: Network
  private var generatorOptimizer: Adam
  private var discriminatorOptimizer: Adam
  let seed: Tensor
  private let discriminatorUpdates: Tensor
  private let generatorUpdates: Tensor
  /// What the last discriminator update saw; the generator may see it too.
  private var last: (real: Items, fake: Items)?

  /// Items that a network makes or judges, and their classes where somebody looks at them.
  struct Items {
    /// `[B, …]`, as the generator makes them.
    var tensor: Tensor
    /// `int32 [B]`.
    var labels: Tensor?
  }

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
    let update = UpdateName("discriminator.\(index)", number: discriminatorUpdates + Double(index))
    // The generator's norms, too, are those of this update until the next.
    generator.iteratePower()
    discriminator.iteratePower()
    let real = realItems(index, of: update)
    let fake = generatedItems(
      count: plan.updates[index].batchSize, of: update, .generatorForDiscriminator)
    last = (real, fake)

    let terms = plan.game.penalties.terms(in: plan.updates[index].penalties)
    let judged = judge(
      real, fake, together: !terms.contains { $0.penalty.isTakenAtJudgedItems }, of: update)
    var loss = plan.game.objective.discriminatorLoss(
      real: judged.real.logits, fake: judged.fake.logits)
    if let classification = judged.classification {
      trace(classification, as: "\(update.name).classification")
      loss = loss + classification
    }
    for term in terms {
      let value = term.term(of: judged.update)
      trace(value, as: "\(update.name).penalty.\(term.penalty.rawValue)")
      loss = loss + value
    }
    builder.output(loss, as: "\(update.name).loss")
    builder.output(judged.real.logits.meanScore, as: "\(update.name).realScore")
    builder.output(judged.fake.logits.meanScore, as: "\(update.name).fakeScore")
    learn(
      &discriminator, against: generator, from: loss, with: &discriminatorOptimizer, of: update,
      clip: plan.game.clip)
  }

  mutating func updateGenerator() {
    guard let last else { preconditionFailure("the discriminator learns first") }
    let update = UpdateName("generator", number: generatorUpdates)
    let fake =
      plan.game.sharesLatents
      ? last.fake
      : generatedItems(
        count: plan.updates[plan.updates.count - 1].batchSize, of: update, .generatorForItself)
    // Real items first, as the discriminator's running statistics have it in every update.
    var real: Verdict?
    if plan.game.objective.generatorJudgesReal {
      trace(last.real.tensor, as: "\(update.name).real")
      real = verdict(on: last.real, of: update, .realForGenerator)
    }
    let verdict = verdict(on: fake, of: update, .generatedForGenerator)
    var loss = plan.game.objective.generatorLoss(fake: verdict.logits) { (real ?? verdict).logits }
    if let classification = verdict.classification {
      trace(classification, as: "\(update.name).classification")
      loss = loss + classification
    }
    builder.output(loss, as: "\(update.name).loss")
    builder.output(verdict.logits.meanScore, as: "\(update.name).fakeScore")
    if let real { builder.output(real.logits.meanScore, as: "\(update.name).realScore") }
    learn(
      &generator, against: discriminator, from: loss, with: &generatorOptimizer, of: update)
  }

  func recordUpdates() {
    generator.recordUpdates()
    discriminator.recordUpdates()
    generatorOptimizer.recordUpdates()
    discriminatorOptimizer.recordUpdates()
    if let options = plan.game.average {
      GeneratorAverage(options: options).record(generator, updates: generatorUpdates, in: builder)
    }
    builder.update(discriminatorUpdates, to: discriminatorUpdates + Double(plan.updates.count))
    builder.update(generatorUpdates, to: generatorUpdates + 1)
  }

  // MARK: Learning

  /// One optimiser step over one network, whose parameters become the next ones; the opponent's
  /// are held constant, and so is what power iterations found.
  private func learn(
    _ network: inout Network, against opponent: Network, from loss: Tensor,
    with optimizer: inout Adam, of update: UpdateName, clip: Double? = nil
  ) {
    let parameters = network.orderedParameters
    // Before the gradients, so that each parameter can step while its gradient is in the cache.
    let correction = optimizer.correction(update: update.number + 1)
    let gradients = loss.gradients(
      withRespectTo: parameters.map(\.tensor),
      holding: opponent.orderedParameters.map(\.tensor) + network.spectralVectors
        + opponent.spectralVectors)
    var next: [String: Tensor] = [:]
    for ((parameterName, parameter), gradient) in zip(parameters, gradients) {
      trace(gradient, as: "\(update.name).gradient.\(parameterName)")
      let stepped = optimizer.step(
        parameter, named: parameterName, gradient: gradient, correction)
      next[parameterName] = clip.map(stepped.clamped(to:)) ?? stepped
    }
    network.adopt(next)
  }

  /// Makes something readable that only a replay wants.
  func trace(_ value: Tensor, as name: String) {
    if plan.isTraced { builder.output(value, as: name) }
  }

  // MARK: Networks

  /// The generator's items of latents, in training.
  mutating func generate(
    _ latents: Tensor, labels: Tensor?, of update: UpdateName, _ application: Application
  ) -> Tensor {
    let pass = pass(labels: labels, of: update, application)
    return generator.train(on: latents, pass)
  }

  /// The discriminator's outputs for packs, in training.
  mutating func discriminate(
    _ packs: Tensor, labels: Tensor?, of update: UpdateName, _ application: Application
  ) -> Tensor {
    discriminator.train(on: packs, pass(labels: labels, of: update, application))
  }
}

/// An update while it is written: what its outputs' names start with, and how many its player made
/// before, `int64 []`.
struct UpdateName {
  let name: String
  let number: Tensor

  init(_ name: String, number: Tensor) { (self.name, self.number) = (name, number) }
}

/// The applications of a network within an update; raw values are part of `docs/randomness.md`.
enum Application: Int {
  case real, generated, penalty, generatedForGenerator, realForGenerator
  case generatorForDiscriminator, generatorForItself

  /// What names of random tensors call it.
  var role: String {
    switch self {
    case .real, .realForGenerator: "real"
    case .generated, .generatedForGenerator: "generated"
    case .penalty: "penalty"
    case .generatorForDiscriminator, .generatorForItself: "generator"
    }
  }
}
