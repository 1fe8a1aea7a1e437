/// Probabilities of finitely many outcomes, which sum to 1.
package struct DiscreteDistribution: Hashable, Sendable {
  /// One for each outcome, in `[0, 1]`.
  package let probabilities: [Double]

  /// The allowed distance of a sum of probabilities from 1: the rounding of decimals or `Float`s.
  package static let tolerance = 1e-6

  /// Takes probabilities, and divides by their sum what rounding left.
  ///
  /// - Throws: `EvaluationError` for none, for one that is negative or not finite, and for a sum
  ///   further than `tolerance` from 1.
  package init(probabilities: [Double]) throws(EvaluationError) {
    let sum = try Self.checkedSum(of: probabilities)
    guard abs(sum - 1) <= Self.tolerance else { throw .unnormalised(sum: sum) }
    self.probabilities = probabilities.map { $0 / sum }
  }

  /// Takes the shares of a tally.
  ///
  /// - Throws: `EvaluationError` for no outcomes, negative counts, and a tally of nothing.
  package init(counts: [Int]) throws(EvaluationError) {
    let sum = try Self.checkedSum(of: counts.map(Double.init))
    guard sum > 0 else { throw .unnormalised(sum: 0) }
    probabilities = counts.map { Double($0) / sum }
  }

  /// The distribution whose outcomes are all as likely; at least one.
  package static func uniform(count: Int) throws(EvaluationError) -> DiscreteDistribution {
    try DiscreteDistribution(counts: [Int](repeating: 1, count: count))
  }

  private static func checkedSum(of values: [Double]) throws(EvaluationError) -> Double {
    guard !values.isEmpty else { throw .noOutcomes }
    for (outcome, value) in values.enumerated() {
      guard value.isFinite else { throw .notFinite(outcome: outcome, value: value) }
      guard value >= 0 else { throw .negative(outcome: outcome, value: value) }
    }
    return values.reduce(0, +)
  }
}
