import Foundation
package import GANTensor

/// Two densities on one set of points: their Jensen-Shannon divergence, and the exact value of
/// any discriminator between them.
///
/// The points are a quadrature adapted to `p log(2 p / (p + q))` and `q log(2 q / (p + q))`. Give
/// them to a discriminator and `value(ofLogits:)` is its value function with nothing sampled.
package struct DensityComparison: Sendable {
  /// The points of the comparison; over the line the second coordinates are 0.
  package let points: [SIMD2<Double>]

  /// The logits of the best discriminator, `log p - log q`, at the points.
  package let optimalLogits: [Double]

  /// `JSD(P, Q)`, in nats.
  package let jensenShannon: Integral

  /// Each point's share of P's mass: density times quadrature weight.
  private let pMasses: [Double]
  private let qMasses: [Double]

  /// Compares two densities.
  ///
  /// - Parameter tolerance: What refinement stops at, in nats.
  /// - Throws: `EvaluationError.dimensions`.
  /// - Complexity: Some thousand points on the line; in the plane 10^5 to 10^6, seconds where a
  ///   density is as narrow as a hundredth of the other.
  package init(
    of p: any Density, and q: any Density, tolerance: Double = 1e-8
  ) throws(EvaluationError) {
    guard p.dimension == q.dimension else { throw .dimensions(p.dimension, q.dimension) }
    let quadrature = AdaptiveQuadrature(over: [p, q], tolerance: tolerance) { point in
      let (p, q) = (exp(p.logDensity(at: point)), exp(q.logDensity(at: point)))
      return SIMD4(jensenShannonTerm(p, q), p, q, 0)
    }
    jensenShannon = Integral(value: quadrature.integrals[0], error: quadrature.errors[0])
    var points: [SIMD2<Double>] = []
    var optimalLogits: [Double] = []
    var (pMasses, qMasses): ([Double], [Double]) = ([], [])
    for cell in quadrature.cells {
      quadrature.visit(cell) { point, weight in
        let (logP, logQ) = (p.logDensity(at: point), q.logDensity(at: point))
        points.append(point)
        optimalLogits.append(optimalLogit(logP, logQ))
        pMasses.append(weight * exp(logP))
        qMasses.append(weight * exp(logQ))
      }
    }
    self.points = points
    self.optimalLogits = optimalLogits
    self.pMasses = pMasses
    self.qMasses = qMasses
  }

  /// `V(D*)`, the largest value any discriminator reaches; `-log 4 + 2 JSD` in theory.
  package var optimalValue: Double { value(ofLogits: optimalLogits) }

  /// The value function `V(D) = E_p log D + E_q log(1 - D)`, in nats, at most `optimalValue`.
  ///
  /// - Parameter logits: The discriminator's, before its sigmoid, at each of `points`.
  package func value(ofLogits logits: [Double]) -> Double {
    precondition(logits.count == points.count, "a logit for each of \(points.count) points")
    var value = 0.0
    for (index, logit) in logits.enumerated() {
      // Where a density is 0 the other's logit is infinite, and 0 times infinity is NaN.
      if pMasses[index] > 0 { value -= pMasses[index] * softplus(-logit) }
      if qMasses[index] > 0 { value -= qMasses[index] * softplus(logit) }
    }
    return value
  }

  /// A discriminator's distance from the best: the smallest bound on `|D - D*|` that holds on a
  /// share of the mass of `(p + q) / 2`.
  ///
  /// - Parameters:
  ///   - logits: The discriminator's at each of `points`.
  ///   - share: In `(0, 1]`; 1 is the supremum over all points, far into the tails.
  package func discriminatorError(ofLogits logits: [Double], share: Double) -> Double {
    precondition(logits.count == points.count, "a logit for each of \(points.count) points")
    precondition(share > 0 && share <= 1, "a share of the mass is in (0, 1]; got \(share)")
    let errors = logits.indices.map { index in
      (
        error: abs(sigmoid(logits[index]) - sigmoid(optimalLogits[index])),
        mass: (pMasses[index] + qMasses[index]) / 2
      )
    }.sorted { $0.error < $1.error }
    let wanted = share * errors.reduce(0) { $0 + $1.mass }
    var covered = 0.0
    for (error, mass) in errors {
      covered += mass
      if covered >= wanted, share < 1 { return error }
    }
    return errors.last?.error ?? 0
  }
}
