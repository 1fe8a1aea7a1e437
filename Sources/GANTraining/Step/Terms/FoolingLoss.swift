package import GANGraph
package import GANLearning

/// The loss of generated items' maker: an objective's generator side.
package struct FoolingLoss: LossTerm {
  package var contest: Contest
  package var objective: Objective

  package init(_ objective: Objective, in contest: Contest) {
    (self.contest, self.objective) = (contest, objective)
  }

  package var name: String? { contest.name.map { "\($0).fooling" } }

  package func value(in update: UpdateConstruction) -> Tensor {
    let fake = update.items(of: contest.fake)
    // Real items first, as the judge's running statistics have it in every update.
    var real: Logits?
    if objective.generatorJudgesReal {
      real = update.verdict(on: update.items(of: contest.real), .real, in: contest).logits
    }
    let verdict = update.verdict(on: fake, .generated, in: contest)
    let loss = objective.generatorLoss(fake: verdict.logits) { real ?? verdict.logits }
    update.report(verdict.logits, .generated, in: contest)
    if let real { update.report(real, .real, in: contest) }
    return loss
  }
}
