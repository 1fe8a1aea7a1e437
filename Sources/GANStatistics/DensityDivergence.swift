import Foundation
package import GANTensor

/// A value by quadrature.
package struct Integral: Hashable, Sendable {
  /// The value; infinite where the integral is.
  package let value: Double
  /// The change of the last refinement in all cells together, without signs. The true error is far
  /// smaller, unless refinement stopped at its limit.
  package let error: Double
}

/// `KL(P || Q) = integral of p log(p / q)` of densities, in nats, by quadrature; infinite where q
/// is 0 and p is not.
///
/// - Parameter tolerance: What refinement stops at, relative to the value where that is above 1.
/// - Throws: `EvaluationError.dimensions`.
package func klDivergence(
  of p: any Density, from q: any Density, tolerance: Double = 1e-8
) throws(EvaluationError) -> Integral {
  guard p.dimension == q.dimension else { throw .dimensions(p.dimension, q.dimension) }
  var isInfinite = false
  let quadrature = AdaptiveQuadrature(over: [p, q], tolerance: tolerance) { point in
    let logP = p.logDensity(at: point)
    let density = exp(logP)
    guard density > 0 else { return .zero }
    let logQ = q.logDensity(at: point)
    guard logQ > -.infinity else {
      isInfinite = true
      return .zero
    }
    return SIMD4(density * (logP - logQ), density, 0, 0)
  }
  return isInfinite
    ? Integral(value: .infinity, error: 0)
    : Integral(value: quadrature.integrals[0], error: quadrature.errors[0])
}

/// The probability that the best discriminator gives a point to P: `D*(x) = p / (p + q)`.
///
/// Its logit is `log p - log q`; where both densities are 0 any value is best, and this is 1/2.
///
/// - Source: Goodfellow and others, "Generative Adversarial Nets", 2014, arXiv:1406.2661,
///   Proposition 1.
package func optimalDiscriminator(
  of p: any Density, against q: any Density, at point: SIMD2<Double>
) -> Double {
  sigmoid(optimalLogit(p.logDensity(at: point), q.logDensity(at: point)))
}

/// `log p - log q`; 0 where both densities are 0.
func optimalLogit(_ logP: Double, _ logQ: Double) -> Double {
  logP == -.infinity && logQ == -.infinity ? 0 : logP - logQ
}

/// `1 / (1 + exp(-x))`.
func sigmoid(_ x: Double) -> Double {
  1 / (1 + exp(-x))
}

/// `log(1 + exp(x))`, without overflow.
func softplus(_ x: Double) -> Double {
  max(x, 0) + log1p(exp(-abs(x)))
}
