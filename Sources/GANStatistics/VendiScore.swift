import Foundation

/// The effective number of different items in a set, without a reference: the exponential of the
/// entropy of the eigenvalues of the items' cosine similarities, divided by their number.
///
/// From 1, all items alike, to the number of items or of features. Repeating every item changes
/// nothing.
///
/// - Source: Friedman, Dieng, "The Vendi Score: A Diversity Evaluation Metric for Machine Learning",
///   2022, arXiv:2210.02410; other orders in Pasarkar, Dieng, "Cousins of the Vendi Score", 2023,
///   arXiv:2310.12952.
package struct VendiScore: Hashable, Sendable, Codable {
  /// Order 1, `exp(-Σ λ ln λ)`: the usual one.
  package let value: Double
  /// Order 2, `1 / Σ λ²`: rare items count less.
  package let second: Double
  /// Order infinity, `1 / max λ`: the most frequent alone counts.
  package let infinite: Double
  /// The number of items.
  package let count: Int

  /// Computes the scores, in double precision.
  ///
  /// An item without any feature, all zeros, is like others of its kind and unlike the rest.
  ///
  /// - Parameter threads: Change no bit.
  /// - Throws: `EvaluationError.tooFewSamples` of none.
  /// - Complexity: `2 count dimension²` operations.
  package init(of features: FeatureSet, threads: Int = 1) throws(EvaluationError) {
    try features.check(needed: 1)
    let dimension = features.dimension
    let count = Double(features.count)
    let zeroCount = (0..<features.count).count { item in features[item].allSatisfy { $0 == 0 } }
    let factor = Team.with(threads) { team in
      features.withRows { rows in
        TriangularFactor(rowCount: rows.count, dimension: dimension, team: team) { row, values in
          rows.copy(row, to: values)
          let squares = (0..<dimension).reduce(0.0) { $0 + values[$1] * values[$1] }
          guard squares > 0 else { return }
          let norm = squares.squareRoot()
          for column in 0..<dimension { values[column] /= norm }
        }
      }
    }
    let eigenvalues =
      factor.singularValues().map { $0 * $0 / count } + [Double(zeroCount) / count]
    value = exp(eigenvalues.reduce(0) { $0 - ($1 > 0 ? $1 * log($1) : 0) })
    second = 1 / eigenvalues.reduce(0) { $0 + $1 * $1 }
    infinite = 1 / (eigenvalues.max() ?? 1)
    self.count = features.count
  }
}
