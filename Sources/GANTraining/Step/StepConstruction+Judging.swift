import GANGraph
import GANLearning
import GANNetworks
import GANTensor

// What the discriminator says of items.
extension StepConstruction {
  /// What it says of a batch.
  struct Verdict {
    let logits: Logits
    /// How far it is from naming the classes, `[]`, where it names classes.
    let classification: Tensor?
  }

  /// What it says of a discriminator update's batches.
  struct JudgedBatches {
    let real: Judged
    let fake: Judged
    /// Of both batches, `[]`.
    let classification: Tensor?
    /// As penalties see it.
    let update: JudgedUpdate
  }

  /// The verdict on one batch.
  mutating func verdict(
    on items: Items, of update: UpdateName, _ application: Application
  ) -> Verdict {
    let packs = packed(augmented(items.tensor, of: update, application))
    return verdict(
      outputs: discriminate(packs, labels: items.labels, of: update, application),
      labels: items.labels)
  }

  /// The verdicts on real and generated items: as one batch, real first, where that is wanted and no
  /// layer looks across the batch.
  mutating func judge(
    _ real: Items, _ fake: Items, together: Bool, of update: UpdateName
  ) -> JudgedBatches {
    let realPacks = packed(augmented(real.tensor, of: update, .real))
    let fakePacks = packed(augmented(fake.tensor, of: update, .generated))
    let (realOutputs, fakeOutputs): (Tensor, Tensor)
    if together, plan.joinsBatches, plan.game.discriminator.isRowwise {
      let labels = real.labels.flatMap { labels in
        fake.labels.map { labels.concatenated(with: [$0], axis: 0) }
      }
      let outputs = discriminate(
        realPacks.concatenated(with: [fakePacks], axis: 0), labels: labels, of: update, .real)
      let (realCount, fakeCount) = (realPacks.shape[0], fakePacks.shape[0])
      realOutputs = outputs.sliced(axis: 0, start: 0, count: realCount)
      fakeOutputs = outputs.sliced(axis: 0, start: realCount, count: fakeCount)
    } else {
      realOutputs = discriminate(realPacks, labels: real.labels, of: update, .real)
      fakeOutputs = discriminate(fakePacks, labels: fake.labels, of: update, .generated)
    }
    let realVerdict = verdict(outputs: realOutputs, labels: real.labels)
    let fakeVerdict = verdict(outputs: fakeOutputs, labels: fake.labels)
    let judged = (
      real: Judged(items: realPacks, logits: realVerdict.logits),
      fake: Judged(items: fakePacks, logits: fakeVerdict.logits)
    )
    return JudgedBatches(
      real: judged.real, fake: judged.fake,
      classification: realVerdict.classification.flatMap { real in
        fakeVerdict.classification.map { real + $0 }
      },
      update: judgedUpdate(judged.real, judged.fake, labels: real.labels, of: update))
  }

  /// The update as penalties see it; what they judge besides is of the real items' classes.
  private func judgedUpdate(
    _ real: Judged, _ fake: Judged, labels: Tensor?, of update: UpdateName
  ) -> JudgedUpdate {
    let construction = self
    // All penalties judge with the same units dropped out, and no statistics learn of it.
    let pass = pass(labels: labels, of: update, .penalty)
    return JudgedUpdate(
      real: real, fake: fake,
      judge: { packs in
        construction.verdict(outputs: construction.discriminator(packs, pass), labels: nil).logits
      },
      uniform: { role, shape in
        let values = construction.builder.random(
          .uniform, role.purpose, shape, seed: construction.seed, step: update.number)
        construction.trace(values, as: "\(update.name).\(role.rawValue)")
        return values
      })
  }

  /// Tells the logit from those of classes.
  private func verdict(outputs: Tensor, labels: Tensor?) -> Verdict {
    guard plan.game.hasAuxiliaryClassifier else {
      return Verdict(logits: Logits(outputs), classification: nil)
    }
    let classLogits = outputs.sliced(axis: 1, start: 1, count: outputs.shape[1] - 1)
    return Verdict(
      logits: Logits(outputs.sliced(axis: 1, start: 0, count: 1)),
      classification: labels.map { ClassLogits(classLogits).crossEntropy(of: $0) })
  }
}
