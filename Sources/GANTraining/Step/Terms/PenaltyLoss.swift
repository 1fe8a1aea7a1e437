package import GANGraph
package import GANLearning

/// A penalty on the slope of a judge.
package struct PenaltyLoss: LossTerm {
  package var contest: Contest
  package var term: PenaltyTerm

  package init(_ term: PenaltyTerm, in contest: Contest) {
    (self.contest, self.term) = (contest, term)
  }

  package var name: String? { contest.named("penalty.\(term.penalty.rawValue)") }

  package var interval: Int? { term.interval }

  package var needsGradientsAtJudgedItems: Bool { term.penalty.isTakenAtJudgedItems }

  package func value(in update: UpdateConstruction) -> Tensor {
    term.term(
      of: update.judgedUpdate(contest), named: contest.named("penalty.\(term.penalty.rawValue)"),
      update.hyperparameters)
  }
}
