package import GANGraph
package import GANLearning
import GANNetworks
import GANTensor

// The judging of items.
extension UpdateConstruction {
  /// A judge's verdict on a batch.
  package struct Verdict {
    /// The items it saw: packs, augmented.
    package let packs: Tensor
    package let logits: Logits
    /// Its error in naming the classes, `[]`, if it names classes.
    package let classification: Tensor?
  }

  /// A judge's verdicts on both sides of a contest.
  struct Judgement {
    let real: Verdict
    let fake: Verdict
    /// The classification error of both batches, `[]`.
    let classification: Tensor?
    /// The update as penalties see it.
    let update: JudgedUpdate
  }

  /// The verdict on one side of a contest.
  package func verdict(
    on items: Items, _ side: Contest.Side, in contest: Contest
  ) -> Verdict {
    if let known = verdicts[contest]?[side] { return known }
    let application = contest.named(side.rawValue)
    let packs = packed(augmented(items.tensor, by: contest.judge, application), for: contest.judge)
    let outputs = step.train(
      contest.judge.role, on: packs, pass(labels: items.labels, for: application))
    let verdict = verdict(on: packs, outputs: outputs, labels: items.labels, by: contest.judge)
    verdicts[contest, default: [:]][side] = verdict
    return verdict
  }

  /// The verdicts on both sides of a contest.
  package func judged(_ contest: Contest) -> (real: Verdict, fake: Verdict) {
    let judgement = judgement(contest)
    return (judgement.real, judgement.fake)
  }

  /// The judge's error in naming the classes of both sides, `[]`, if it names classes.
  func classification(in contest: Contest) -> Tensor? { judgement(contest).classification }

  /// The update as penalties of the judge see it.
  package func judgedUpdate(_ contest: Contest) -> JudgedUpdate { judgement(contest).update }

  /// Reports the mean score of one side, and how far its logits spread, and their signs, where the step is measured.
  package func report(_ logits: Logits, _ side: Contest.Side, in contest: Contest) {
    let word = side == .real ? "real" : "fake"
    reportAfterLoss(contest.named("\(word)Score")) { logits.meanScore }
    guard step.step.detail == .measured else { return }
    reportAfterLoss(contest.named("logits.\(word).deviation")) { logits.deviation }
    guard side == .real else { return }
    reportAfterLoss(contest.named("logits.real.sign")) { logits.meanSign }
  }

  /// Real items first; as one batch where that is wanted and no layer looks across the batch.
  private func judgement(_ contest: Contest) -> Judgement {
    if let known = judgements[contest] { return known }
    let (real, fake) = (items(of: contest.real), items(of: contest.fake))
    let judge = contest.judge
    let names = (
      real: contest.named(Contest.Side.real.rawValue),
      fake: contest.named(Contest.Side.generated.rawValue)
    )
    let realPacks = packed(augmented(real.tensor, by: judge, names.real), for: judge)
    let fakePacks = packed(augmented(fake.tensor, by: judge, names.fake), for: judge)
    let (realOutputs, fakeOutputs): (Tensor, Tensor)
    if !terms.contains(where: \.needsGradientsAtJudgedItems), step.step.joinsBatches,
      step.step.game.network(of: judge.role).isRowwise
    {
      let labels = real.labels.flatMap { labels in
        fake.labels.map { labels.concatenated(with: [$0], axis: 0) }
      }
      let outputs = step.train(
        judge.role, on: realPacks.concatenated(with: [fakePacks], axis: 0),
        pass(labels: labels, for: names.real))
      let (realCount, fakeCount) = (realPacks.shape[0], fakePacks.shape[0])
      realOutputs = outputs.sliced(axis: 0, start: 0, count: realCount)
      fakeOutputs = outputs.sliced(axis: 0, start: realCount, count: fakeCount)
    } else {
      realOutputs = step.train(
        judge.role, on: realPacks, pass(labels: real.labels, for: names.real))
      fakeOutputs = step.train(
        judge.role, on: fakePacks, pass(labels: fake.labels, for: names.fake))
    }
    let realVerdict = verdict(on: realPacks, outputs: realOutputs, labels: real.labels, by: judge)
    let fakeVerdict = verdict(on: fakePacks, outputs: fakeOutputs, labels: fake.labels, by: judge)
    verdicts[contest] = [.real: realVerdict, .generated: fakeVerdict]
    let judgement = Judgement(
      real: realVerdict, fake: fakeVerdict,
      classification: realVerdict.classification.flatMap { real in
        fakeVerdict.classification.map { real + $0 }
      },
      update: judgedUpdate(realVerdict, fakeVerdict, labels: real.labels, of: contest))
    judgements[contest] = judgement
    return judgement
  }

  /// The update as penalties see it; further items that they judge are of the real items' classes.
  private func judgedUpdate(
    _ real: Verdict, _ fake: Verdict, labels: Tensor?, of contest: Contest
  ) -> JudgedUpdate {
    // All penalties judge with the same units dropped out, and no statistics learn of it.
    let pass = pass(labels: labels, for: contest.named("penalty"))
    return JudgedUpdate(
      real: Judged(items: real.packs, logits: real.logits),
      fake: Judged(items: fake.packs, logits: fake.logits),
      judge: { packs in
        let outputs = self.step.network(contest.judge.role)(packs, pass)
        return self.verdict(on: packs, outputs: outputs, labels: nil, by: contest.judge).logits
      },
      anchors: {
        (
          self.step.anchor(contest.named("anchor.real"), of: real.logits.tensor),
          self.step.anchor(contest.named("anchor.generated"), of: fake.logits.tensor)
        )
      },
      uniform: { role, shape in
        let name = contest.named(role.rawValue)
        let values = self.drawn(.uniform, role.purpose, shape, for: name)
        self.trace(values, as: name)
        return values
      })
  }

  /// Tells the logit from those of classes.
  private func verdict(
    on packs: Tensor, outputs: Tensor, labels: Tensor?, by judge: Judge
  ) -> Verdict {
    guard judge.namesClasses else {
      return Verdict(packs: packs, logits: Logits(outputs), classification: nil)
    }
    let classLogits = outputs.sliced(axis: 1, start: 1, count: outputs.shape[1] - 1)
    return Verdict(
      packs: packs, logits: Logits(outputs.sliced(axis: 1, start: 0, count: 1)),
      classification: labels.map { ClassLogits(classLogits).crossEntropy(of: $0) })
  }

  // MARK: Its inputs

  private func augmented(_ items: Tensor, by judge: Judge, _ application: String) -> Tensor {
    let augmentation = judge.augmentation
    guard !augmentation.kinds.isEmpty, let imageShape = judge.imageShape else { return items }
    let count = items.shape[0]
    let images = items.reshaped(to: Shape([count] + imageShape.dimensions))
    let strength = hyperparameters.scalar(
      "augmentationStrength", augmentation.strength, in: Augmentation.strengthRange)
    return augmentation.kinds.applied(
      to: images, strength: strength, probability: step.augmentationProbability(for: judge)
    ) { role in
      let numbers = self.drawn(
        role.distribution, role.purpose, [count], for: application, layer: role.number)
      self.trace(numbers, as: "\(role.rawValue).\(application)")
      return numbers
    }.reshaped(to: items.shape)
  }

  /// Neighbours in the batch side by side, as the judge sees them: `[B, …]` to `[B / m, …]`.
  private func packed(_ items: Tensor, for judge: Judge) -> Tensor {
    let shape = step.step.game.network(of: judge.role).inputShape
    return items.reshaped(to: Shape([items.shape[0] / judge.packing] + shape.dimensions))
  }
}
