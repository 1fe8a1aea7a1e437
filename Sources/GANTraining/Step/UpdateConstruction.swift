package import GANGraph
package import GANLearning
import GANNetworks
package import GANTensor

/// An update under construction, as the terms of its loss see it. Its identity is the update.
package final class UpdateConstruction {
  /// The builder of every node.
  package var builder: GraphBuilder { step.builder }
  /// The values that may change while the run goes on.
  package var hyperparameters: Hyperparameters { step.hyperparameters }
  /// Items in the update's batch.
  package var batchSize: Int { step.step.updates[batch].batchSize }

  let step: StepConstruction
  let rule: UpdateRule
  /// The place of its batch in the step.
  let batch: Int
  /// The prefix of its outputs' names.
  let name: String
  /// The terms that are part of it.
  let terms: [any LossTerm]
  /// The verdicts so far.
  var judgements: [Contest: Judgement] = [:]
  var verdicts: [Contest: [Contest.Side: Verdict]] = [:]
  /// The uniforms of dropout layers so far, by application and layer.
  private var dropout: [String: [String: Tensor]] = [:]
  /// Data sets that it has recorded.
  var recordedData: Set<String> = []
  /// Items that it has drawn for itself, by data set.
  var drawnBatches: [String: Items] = [:]
  /// The learners, and the updates that each made before this one.
  private let learners: [(role: Role, number: Tensor)]
  private let ruleIndex: Int
  private var drawnNames: [String] = []
  /// The overfitting that probabilities of augmentation follow once the learners have learnt: the
  /// sums behind it then share the exchange of the gradients.
  private var overfitting: [(contest: Contest, value: Tensor)] = []
  /// The readings that follow the loss.
  private var later: [(name: String, value: () -> Tensor)] = []

  init(_ rule: UpdateRule, _ index: Int, batch: Int, of step: StepConstruction) {
    self.step = step
    self.rule = rule
    self.batch = batch
    ruleIndex = index
    name = rule.cadence == .batch ? "\(rule.name).\(batch)" : rule.name
    learners = rule.learners.map { ($0, step.updateNumber(of: $0, in: rule.cadence)) }
    terms = step.step.dueTerms(ofRule: index, batch: batch)
  }

  /// Writes the loss, its readings, and the learning.
  func write() {
    var loss: Tensor?
    for term in terms {
      let value = term.value(in: self)
      if let name = term.name { report(value, as: name) }
      loss = loss.map { $0 + value } ?? value
    }
    let total = loss ?? builder.missing("a term of \(name)")
    report(total, as: "loss")
    for (name, value) in later { report(value(), as: name) }
    learn(from: total)
    for (contest, value) in overfitting { followOverfitting(value, in: contest) }
  }

  /// Lets the probability of a judge's augmentation follow its overfitting, `[]`, from the next update
  /// on, where it is one that does.
  package func follow(_ contest: Contest, _ value: () -> Tensor) {
    guard case .adapted = contest.judge.augmentation.probability else { return }
    overfitting.append((contest, value()))
  }

  private func followOverfitting(_ value: Tensor, in contest: Contest) {
    guard
      let probability = step.followOverfitting(value, ofBatch: batchSize, by: contest.judge),
      step.step.detail != .plain
    else { return }
    for (part, value) in [
      ("augmentation.overfitting", probability.overfitting),
      ("augmentation.probability", probability.value),
    ] {
      if step.step.detail == .measured {
        report(value, as: contest.named(part))
      } else {
        trace(value, as: contest.named(part))
      }
    }
  }

  private func learn(from loss: Tensor) {
    var squares: [Role: [Tensor]] = [:]
    step.learn(learners, from: loss, clip: rule.clip) { role, parameter, gradient in
      trace(gradient, as: "\(prefix(of: role))gradient.\(parameter)")
      if step.step.detail == .measured {
        squares[role, default: []].append(
          gradient.summedSquares(over: Array(gradient.shape.dimensions.indices)))
      }
    }
    for role in rule.learners {
      guard let parts = squares[role], let first = parts.first else { continue }
      report(
        parts.dropFirst().reduce(first, +).squareRoot(), as: "\(prefix(of: role))gradientNorm")
    }
  }

  /// The prefix that tells the learners apart, if there are several.
  private func prefix(of role: Role) -> String { rule.learners.count == 1 ? "" : "\(role)." }

  // MARK: Readings

  /// Makes a number of the update, `[]`, one of the step's readings.
  package func report(_ value: Tensor, as part: String) {
    step.report(value, Reading(name: "\(rule.name).\(part)", output: "\(name).\(part)"))
  }

  /// Reports a value, once the loss has been reported.
  package func reportAfterLoss(_ part: String, _ value: @escaping () -> Tensor) {
    later.append((part, value))
  }

  /// Makes a value readable for replays only.
  package func trace(_ value: Tensor, as part: String) { step.trace(value, as: "\(name).\(part)") }

  // MARK: Random numbers

  /// Random numbers that no other name, purpose, layer, update or step has.
  ///
  /// - Parameters:
  ///   - name: Their purpose; the same name is the same numbers.
  ///   - layer: The place among the layers that draw in one application of a network, from 0.
  package func drawn(
    _ distribution: RandomDistribution, _ purpose: RandomPurpose, _ shape: Shape, for name: String,
    layer: Int = 0
  ) -> Tensor {
    let values = builder.random(
      distribution, purpose, shape, seed: step.seed, step: streamStep(for: name, layer: layer))
    step.packCounts[values.id] = packCount
    return values
  }

  /// Packs in the update's batch.
  var packCount: Int { batchSize / step.step.game.packing }

  /// The upper bits of a stream's step tell rules, names and layers apart.
  private func streamStep(for name: String, layer: Int) -> Tensor {
    let named = UpdateStreams.namedCount
    var upper = named * layer << 40
    if let number = rule.streams.numbers[name] {
      upper += number << 40
    } else {
      let number = drawnNames.firstIndex(of: name) ?? drawnNames.count
      if number == drawnNames.count { drawnNames.append(name) }
      precondition(
        number < UpdateStreams.limit, "\(self.name) draws for more than \(drawnNames)")
      let group = UpdateStreams.limit / named * (ruleIndex + 1) + number / named
      upper += (number % named) << 40 + group << 56
    }
    let number = learners[0].number
    return upper == 0 ? number : number + Double(upper)
  }

  /// The pass of a network over batches in training; one name has the same numbers each time.
  func pass(labels: Tensor?, for application: String) -> NetworkPass {
    .training(labels: labels, statisticsParts: step.step.statisticsParts) { layer, shape in
      if let known = self.dropout[application]?[layer] { return known }
      let uniform = self.drawn(
        .uniform, .dropout, shape, for: application,
        layer: self.dropout[application]?.count ?? 0)
      self.trace(uniform, as: "dropout.\(application).\(layer)")
      self.dropout[application, default: [:]][layer] = uniform
      return uniform
    }
  }
}
