import Foundation

extension DiscreteDistribution {
  /// The entropy `H(P) = - sum of p log p`, with `0 log 0 = 0`; in `[0, log count]`.
  package func entropy(in unit: InformationUnit = .nats) -> Double {
    unit.value(ofNats: probabilities.reduce(0) { $0 - ($1 > 0 ? $1 * log($1) : 0) })
  }

  /// The cross entropy `H(P, Q) = - sum of p log q`; infinite where Q misses P's support.
  ///
  /// - Throws: `EvaluationError.outcomeCounts`.
  package func crossEntropy(
    with other: DiscreteDistribution, in unit: InformationUnit = .nats
  ) throws(EvaluationError) -> Double {
    let terms = try pairs(with: other).map { p, q in p > 0 ? -p * log(q) : 0 }
    return unit.value(ofNats: terms.reduce(0, +))
  }

  /// The Kullback-Leibler divergence `KL(P || Q) = sum of p log(p / q)` from Q, at least 0;
  /// infinite where Q misses P's support.
  ///
  /// - Throws: `EvaluationError.outcomeCounts`.
  /// - Source: Kullback, Leibler, "On Information and Sufficiency", 1951.
  package func klDivergence(
    from other: DiscreteDistribution, in unit: InformationUnit = .nats
  ) throws(EvaluationError) -> Double {
    try klTerms(from: other, in: unit).reduce(0, +)
  }

  /// The terms of `KL(P || Q)`, one for each outcome; single terms may be negative.
  ///
  /// - Throws: `EvaluationError.outcomeCounts`.
  package func klTerms(
    from other: DiscreteDistribution, in unit: InformationUnit = .nats
  ) throws(EvaluationError) -> [Double] {
    try pairs(with: other).map { p, q in unit.value(ofNats: klTerm(p, q)) }
  }

  /// The Jensen-Shannon divergence `1/2 KL(P || M) + 1/2 KL(Q || M)`, `M = (P + Q) / 2`; in
  /// `[0, log 2]`.
  ///
  /// - Throws: `EvaluationError.outcomeCounts`.
  /// - Source: Lin, "Divergence Measures Based on the Shannon Entropy", 1991.
  package func jensenShannonDivergence(
    from other: DiscreteDistribution, in unit: InformationUnit = .nats
  ) throws(EvaluationError) -> Double {
    try jensenShannonTerms(from: other, in: unit).reduce(0, +)
  }

  /// The terms of the Jensen-Shannon divergence, one an outcome; none is negative beyond rounding.
  ///
  /// - Throws: `EvaluationError.outcomeCounts`.
  package func jensenShannonTerms(
    from other: DiscreteDistribution, in unit: InformationUnit = .nats
  ) throws(EvaluationError) -> [Double] {
    try pairs(with: other).map { p, q in
      unit.value(ofNats: jensenShannonTerm(p, q))
    }
  }

  private func pairs(
    with other: DiscreteDistribution
  ) throws(EvaluationError) -> Zip2Sequence<[Double], [Double]> {
    guard probabilities.count == other.probabilities.count else {
      throw .outcomeCounts(probabilities.count, other.probabilities.count)
    }
    return zip(probabilities, other.probabilities)
  }
}

/// `p log(p / q)`, in nats: what an outcome, or a place with these densities, adds to
/// `KL(P || Q)`; 0 where p is.
package func klTerm(_ p: Double, _ q: Double) -> Double {
  guard p > 0 else { return 0 }
  let ratio = p / q
  // Of densities, unlike probabilities, a quotient may be beyond all numbers.
  return ratio > 0 && ratio < .infinity ? p * log(ratio) : p * (log(p) - log(q))
}

/// `1/2 p log(p / m) + 1/2 q log(q / m)` with `m = (p + q) / 2`, in nats, likewise.
package func jensenShannonTerm(_ p: Double, _ q: Double) -> Double {
  // Half of the smallest number is 0, so m itself must not be formed.
  let sum = p + q
  func part(_ density: Double) -> Double {
    let share = density / sum
    // A share that rounds to 0 adds as little.
    return share > 0 ? density * log(2 * share) : 0
  }
  return (part(p) + part(q)) / 2
}
