package import GANGraph
package import GANLearning

/// A judge's loss: an objective's discriminator side.
package struct JudgingLoss: LossTerm {
  package var contest: Contest
  package var objective: Objective

  package init(_ objective: Objective, in contest: Contest) {
    (self.contest, self.objective) = (contest, objective)
  }

  package var name: String? { contest.name.map { "\($0).judging" } }

  package func value(in update: UpdateConstruction) -> Tensor {
    let (real, fake) = update.judged(contest)
    let loss = objective.discriminatorLoss(real: real.logits, fake: fake.logits)
    update.report(real.logits, .real, in: contest)
    update.report(fake.logits, .generated, in: contest)
    update.follow(contest) { objective.overfitting(real: real.logits, fake: fake.logits) }
    return loss
  }
}
