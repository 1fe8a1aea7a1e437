package import GANGraph
import GANLearning
import GANNetworks
import GANTensor

/// The graph of a step while it is written; its identity is that graph.
final class StepConstruction {
  let builder = GraphBuilder()
  let step: StepGraph
  let seed: Tensor
  /// The values that may change while the run goes on.
  let hyperparameters: Hyperparameters
  /// The step's readings, in the order in which they are first reported.
  private(set) var readings: [Reading] = []
  /// The packs in the batch, where the first axis of an input or of random numbers is one.
  var packCounts: [NodeID: Int] = [:]
  /// The networks' outputs and their noise, since an update began that makes its own.
  var made: [Source: Items] = [:]
  /// The present batch of each data set.
  var batches: [String: Items] = [:]
  private var networks: [Role: Network] = [:]
  /// The probabilities of augmentation that follow a judge, by its role.
  private var probabilities: [Role: AdaptedProbability] = [:]
  private var optimizers: [Role: Adam] = [:]
  /// Updates that a network had made before the step, `int64 []`.
  private var counters: [Role: Tensor] = [:]
  /// Moving averages of logits, by name.
  private var anchors: [String: LogitAnchor] = [:]
  /// Updates that it made in the step so far.
  private var counts: [Role: Int] = [:]

  init(_ step: StepGraph) {
    self.step = step
    hyperparameters =
      step.writesHyperparameters
      ? Hyperparameters(inputsOf: builder) : Hyperparameters(constantsOf: builder)
    precondition(
      step.game.updates.count <= UpdateStreams.ruleLimit,
      "a game has at most \(UpdateStreams.ruleLimit) rules, got \(step.game.updates.count)")
    for player in step.game.players {
      networks[player.role] = Network(player.network, prefix: player.role.rawValue, in: builder)
    }
    for player in step.game.players {
      optimizers[player.role] = Adam(
        player.optimizer, prefix: "optimizer.\(player.role)", in: builder,
        hyperparameters: hyperparameters)
    }
    seed = builder.state(StepGraph.StateName.seed, .scalar, .int64)
    for role in step.game.learners {
      counters[role] = builder.state(StepGraph.StateName.updates(of: role), .scalar, .int64)
    }
  }

  /// Writes every update, in the order of the game.
  func writeUpdates() {
    for batch in step.updates.indices {
      batches = [:]
      var isFirst = true
      for (index, rule) in step.game.updates.enumerated() where rule.cadence == .batch {
        write(rule, index, batch: batch, iteratesPower: isFirst)
        isFirst = false
      }
    }
    for (index, rule) in step.game.updates.enumerated() where rule.cadence == .step {
      write(rule, index, batch: step.updates.count - 1, iteratesPower: false)
    }
  }

  private func write(_ rule: UpdateRule, _ index: Int, batch: Int, iteratesPower: Bool) {
    let update = UpdateConstruction(rule, index, batch: batch, of: self)
    if iteratesPower {
      // Every network's norms are those of this batch until the next.
      for role in step.game.roles { networks[role]?.iteratePower() }
    }
    if !rule.reusesItems { made = [:] }
    update.write()
    for role in rule.learners { counts[role, default: 0] += 1 }
    made = made.filter { $0.key.roles.isDisjoint(with: rule.learners) }
  }

  /// Makes the step's results the state of the next run.
  func recordUpdates() {
    for role in step.game.roles { networks[role]?.recordUpdates() }
    for role in step.game.roles { optimizers[role]?.recordUpdates() }
    if let average = step.game.average, let counter = counters[average.role] {
      NetworkAverage(
        options: average.options, batchSize: average.batchSize, hyperparameters: hyperparameters
      ).record(network(average.role), updates: counter, in: builder)
    }
    for (_, anchor) in anchors.sorted(by: { $0.key < $1.key }) {
      anchor.recordUpdates(in: builder)
    }
    if let role = step.game.powerAveraged, let counter = counters[role] {
      for length in PowerAverage.keptLengths {
        PowerAverage(length: length).record(network(role), updates: counter, in: builder)
      }
    }
    for role in step.game.roles { probabilities[role]?.recordUpdates(in: builder) }
    for role in step.game.learners {
      guard let counter = counters[role], let count = counts[role] else { continue }
      builder.update(counter, to: counter + Double(count))
    }
  }

  // MARK: Augmentation

  /// The probability of each change of an image that a judge sees now, `float32 []`; nil where every
  /// change happens.
  func augmentationProbability(for judge: Judge) -> Tensor? {
    switch judge.augmentation.probability {
    case .scheduled(1): nil
    case .scheduled(let schedule):
      hyperparameters.scalar(
        "augmentationProbability", schedule, in: Augmentation.probabilityRange)
    case .adapted(let target, let images):
      adaptedProbability(of: judge.role, target, images).value
    }
  }

  /// Lets the probability follow the overfitting of a batch of `count` real items, `[]`, where the
  /// judge's is one that does; gives it as it is then.
  func followOverfitting(
    _ overfitting: Tensor, ofBatch count: Int, by judge: Judge
  ) -> AdaptedProbability? {
    guard case .adapted(let target, let images) = judge.augmentation.probability else { return nil }
    var probability = adaptedProbability(of: judge.role, target, images)
    probability.follow(overfitting, ofBatch: count)
    probabilities[judge.role] = probability
    return probability
  }

  private func adaptedProbability(
    of role: Role, _ target: Double, _ images: Int
  ) -> AdaptedProbability {
    if let known = probabilities[role] { return known }
    let probability = AdaptedProbability(target: target, images: images, of: role, in: builder)
    probabilities[role] = probability
    return probability
  }

  // MARK: Networks

  /// Updates that a network made before this one, `int64 []`.
  func updateNumber(of role: Role, in cadence: UpdateRule.Cadence) -> Tensor {
    guard let counter = counters[role] else {
      return builder.missing(StepGraph.StateName.updates(of: role))
    }
    let count = counts[role] ?? 0
    return cadence == .step && count == 0 ? counter : counter + Double(count)
  }

  func network(_ role: Role) -> Network {
    guard let network = networks[role] else {
      preconditionFailure("the game has \(step.game.roles), not \(role)")
    }
    return network
  }

  /// A network's outputs for items in training; its running statistics learn of them.
  func train(_ role: Role, on items: Tensor, _ pass: NetworkPass) -> Tensor {
    var network = network(role)
    let output = network.train(on: items, pass)
    networks[role] = network
    return output
  }

  /// An optimiser step over each learner, whose parameters become the next ones; the other networks
  /// are held constant, and so are the results of power iterations.
  func learn(
    _ learners: [(role: Role, number: Tensor)], from loss: Tensor, clip: Double?,
    gradientFound: (Role, _ parameter: String, Tensor) -> Void
  ) {
    let roles = learners.map(\.role)
    let others = step.game.roles.filter { !roles.contains($0) }
    let parameters = roles.map { network($0).orderedParameters }
    // Before the gradients, so that each parameter can step while its gradient is in the cache.
    let corrections = learners.map { role, number in
      optimizers[role]?.correction(update: number + 1)
    }
    var gradients = loss.gradients(
      withRespectTo: parameters.flatMap { $0.map(\.tensor) },
      holding: others.flatMap { network($0).orderedParameters.map(\.tensor) }
        + (roles + others).flatMap { network($0).spectralVectors }
        + anchors.values.compactMap(\.value)
    )[...]
    for ((role, parameters), correction) in zip(zip(roles, parameters), corrections) {
      let own = gradients.prefix(parameters.count)
      gradients = gradients.dropFirst(parameters.count)
      for (parameter, gradient) in zip(parameters, own) {
        gradientFound(role, parameter.name, gradient)
      }
      guard let correction,
        let next = optimizers[role]?.step(parameters, gradients: own, correction, clip: clip)
      else { continue }
      networks[role]?.adopt(next)
    }
  }

  /// The moving average of the means of batches of logits after one more, `[]`.
  func anchor(_ name: String, of logits: Tensor) -> Tensor {
    var anchor = anchors[name] ?? LogitAnchor(name, in: builder)
    let value = anchor.follow(logits)
    anchors[name] = anchor
    return value
  }

  // MARK: Readings

  /// Makes a number readable; later updates of the same name take its place.
  func report(_ value: Tensor, _ reading: Reading) {
    builder.output(value, as: reading.output)
    if let known = readings.firstIndex(where: { $0.name == reading.name }) {
      readings[known] = reading
    } else {
      readings.append(reading)
    }
  }

  /// Makes a value readable for replays only.
  func trace(_ value: Tensor, as name: String) {
    if step.detail == .traced { builder.output(value, as: name) }
  }
}

/// Items that a network makes or judges, and their classes where some network looks at them.
package struct Items {
  /// `[B, …]`, as networks make them.
  package var tensor: Tensor
  /// `int32 [B]`.
  package var labels: Tensor?

  package init(tensor: Tensor, labels: Tensor? = nil) {
    (self.tensor, self.labels) = (tensor, labels)
  }
}
