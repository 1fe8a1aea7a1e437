package import GANStatistics
package import GANTraining

extension Metric {
  /// Its name in a plot.
  package var title: String {
    switch self {
    case .frechetDistance: "Fréchet distance"
    case .kernelDistance: "KID"
    case .mind: "MIND"
    case .slicedDistance: "sliced Wasserstein distance"
    case .precision: "precision"
    case .recall: "recall"
    case .density: "density"
    case .coverage: "coverage"
    case .clippedDensity: "Clipped Density"
    case .clippedCoverage: "Clipped Coverage"
    case .probabilisticPrecision: "P-precision"
    case .probabilisticRecall: "P-recall"
    case .rarity: "rarity"
    case .classifierScore: "classifier score"
    case .confidence: "confidence"
    case .classDivergence: "divergence of classes"
    case .classAccuracy: "accuracy of asked classes"
    case .vendi: "Vendi score"
    case .copying: "C_T"
    case .authenticity: "AuthPct"
    case .support: "support"
    case .modes: "modes"
    case .modeDivergence: "divergence of modes"
    }
  }

  /// Metrics of single images, in the order of tables. Those of stacked digits are not among them.
  package static let ofImages = allCases.filter { !$0.needs.contains(.modes) }

  /// Metrics of stacked digits.
  package static let ofStacks = allCases.filter { $0.needs.contains(.modes) }

  /// The metrics while a run trains: those that cost little and need nothing but as many real images,
  /// and the one that decides.
  package static func inTraining(decidedBy metric: DecidingMetric) -> [Metric] {
    let cheap: [Metric] = [
      .frechetDistance, .precision, .recall, .density, .coverage, .clippedDensity,
      .clippedCoverage, .classifierScore, .confidence, .classDivergence, .classAccuracy,
    ]
    let deciding = Metric(rawValue: metric.rawValue)
    return cheap + (deciding.map { cheap.contains($0) ? [] : [$0] } ?? [])
  }
}
