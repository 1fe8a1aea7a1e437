package import GANGraph

/// A judge's error in naming the classes of items: cross entropy, in nats.
///
/// - Source: Odena et al., "Conditional Image Synthesis with Auxiliary Classifier GANs", 2016,
///   arXiv:1610.09585.
package struct ClassificationLoss: LossTerm {
  package var contest: Contest
  /// The sides whose classes count: both for the judge, the generated for their maker.
  package var sides: Sides

  package enum Sides: Hashable, Sendable {
    case both, generated
  }

  package init(of sides: Sides, in contest: Contest) {
    (self.contest, self.sides) = (contest, sides)
  }

  package var name: String? { contest.named("classification") }

  package func value(in update: UpdateConstruction) -> Tensor {
    let value =
      switch sides {
      case .both: update.classification(in: contest)
      case .generated:
        update.verdict(on: update.items(of: contest.fake), .generated, in: contest).classification
      }
    return value ?? update.builder.missing("classes that \(contest.judge.role) names")
  }
}
