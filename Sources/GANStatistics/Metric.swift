/// A number that judges generated items, by the name that files and options have for it.
package enum Metric: String, CaseIterable, Hashable, Sendable, Codable {
  case frechetDistance = "frechet-distance"
  case kernelDistance = "kid"
  case mind
  case slicedDistance = "sliced-wasserstein"
  case precision
  case recall
  case density
  case coverage
  case clippedDensity = "clipped-density"
  case clippedCoverage = "clipped-coverage"
  case probabilisticPrecision = "p-precision"
  case probabilisticRecall = "p-recall"
  case rarity
  case classifierScore = "classifier-score"
  case confidence
  case classDivergence = "class-divergence"
  case classAccuracy = "class-accuracy"
  case vendi
  case copying = "c-t"
  case authenticity = "auth-pct"
  case support
  case modes
  case modeDivergence = "mode-divergence"

  /// Which of two values is the better one.
  package enum Preference: String, Sendable {
    /// The smaller.
    case smaller
    /// The larger.
    case larger
    /// The one nearer to that of real data.
    case likeReal
  }

  /// What a metric is computed from, beside the features of generated items.
  package enum Need: String, Hashable, Sendable {
    /// Features of reference items.
    case reference
    /// A classifier's logits of the generated items.
    case logits
    /// The classes that generated items were asked for.
    case askedClasses
    /// Features of the items a generator learned from.
    case training
    /// Features of new items of the same kind.
    case test
    /// The classes of the parts of stacked items.
    case modes
  }

  /// Which of two values is the better one.
  package var preference: Preference {
    switch self {
    case .frechetDistance, .kernelDistance, .mind, .slicedDistance, .classDivergence,
      .modeDivergence:
      .smaller
    case .precision, .recall, .coverage, .clippedDensity, .clippedCoverage,
      .probabilisticPrecision, .probabilisticRecall, .classifierScore, .classAccuracy, .support,
      .modes:
      .larger
    case .density, .rarity, .confidence, .vendi, .copying, .authenticity:
      .likeReal
    }
  }

  /// What it is computed from.
  package var needs: Set<Need> {
    switch self {
    case .frechetDistance, .kernelDistance, .mind, .slicedDistance, .precision, .recall, .density,
      .coverage, .clippedDensity, .clippedCoverage, .probabilisticPrecision, .probabilisticRecall,
      .rarity, .support:
      [.reference]
    case .classifierScore, .confidence, .classDivergence: [.logits]
    case .classAccuracy: [.logits, .askedClasses]
    case .vendi: []
    case .copying: [.training, .test]
    case .authenticity: [.training]
    case .modes, .modeDivergence: [.modes]
    }
  }
}
