internal import CKernels

/// A Gaussian with the mean and covariance of some features, `count - 1` in the denominator.
package struct GaussianFit: Sendable {
  /// The number of items it was fitted to.
  package let count: Int
  /// The means, `[dimension]`.
  package let mean: [Double]

  /// Of the centred rows.
  private let factor: TriangularFactor

  /// Fits a Gaussian, in double precision.
  ///
  /// - Parameter threads: Change no bit.
  /// - Throws: `EvaluationError.tooFewSamples` below two.
  /// - Complexity: `2 count dimension²` operations; memory for `dimension²` numbers and at most
  ///   eight times as many while it works.
  package init(to features: FeatureSet, threads: Int = 1) throws(EvaluationError) {
    try features.check(needed: 2)
    let mean = features.mean()
    let dimension = features.dimension
    factor = Team.with(threads) { team in
      features.withRows { rows in
        TriangularFactor(rowCount: rows.count, dimension: dimension, team: team) { row, values in
          rows.copy(row, to: values)
          ck_add_scaled_f64(values, mean, -1, dimension)
        }
      }
    }
    count = features.count
    self.mean = mean
  }

  /// The Fréchet distance to another Gaussian, squared as is usual:
  /// `|m₁ - m₂|² + tr S₁ + tr S₂ - 2 tr (S₁ S₂)^½`; 0 of equals, without an upper bound, in squared
  /// units of the features.
  ///
  /// With `S = RᵀR` the last trace is the sum of the singular values of `R₁ R₂ᵀ`: no matrix root, no
  /// covariance and no complex number, and what samples fewer than features lack are zeros.
  ///
  /// - Throws: `EvaluationError.featureDimensions`.
  /// - Source: Dowson, Landau, "The Fréchet Distance between Multivariate Normal Distributions",
  ///   1982; as a judgement of generators Heusel and others, "GANs Trained by a Two Time-Scale
  ///   Update Rule Converge to a Local Nash Equilibrium", 2017, arXiv:1706.08500.
  package func frechetDistance(to other: GaussianFit) throws(EvaluationError) -> Double {
    guard mean.count == other.mean.count else {
      throw .featureDimensions(mean.count, other.mean.count)
    }
    let shift = zip(mean, other.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let (own, others) = (Double(count - 1), Double(other.count - 1))
    let common = factor.nuclearNorm(timesTransposeOf: other.factor) / (own * others).squareRoot()
    let spread = factor.squaredNorm / own + other.factor.squaredNorm / others - 2 * common
    return shift + spread
  }
}
