/// The judgement of the generator while it trains.
package struct EvaluationOptions: Encodable, Hashable, Sendable {
  /// Epochs from one evaluation to the next; 0 makes none, nil leaves it to the data and the run's length.
  package var interval: Int?
  /// Generated images in an evaluation, and as many real ones.
  package var count = 5_000
  /// The metric that decides which checkpoint is the best.
  package var metric = DecidingMetric.frechetDistance

  package init() {}

  /// True where the generator is evaluated while it trains; false, too, where that is not yet decided.
  package var isOn: Bool { (interval ?? 0) > 0 }
}

/// A metric by which one checkpoint is better than another.
package enum DecidingMetric: String, CaseIterable, Codable, Sendable {
  case frechetDistance = "frechet-distance"
  case kid
  case mind
  case clippedDensity = "clipped-density"
  case clippedCoverage = "clipped-coverage"

  /// True if a value is better than another; NaN is better than nothing.
  package func prefers(_ value: Double, to other: Double) -> Bool {
    switch self {
    case .frechetDistance, .kid, .mind: value < other
    case .clippedDensity, .clippedCoverage: value > other
    }
  }
}
