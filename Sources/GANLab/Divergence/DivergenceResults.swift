import Foundation
import GANData
import GANStatistics
import GANTensor

extension DivergenceExperiment.Results {
  /// Sums over outcomes.
  init(_ p: DiscreteDistribution, _ q: DiscreteDistribution) throws {
    let jensenShannon = try p.jensenShannonDivergence(from: q)
    self.init(
      method: "sum", klForward: Finite(try p.klDivergence(from: q)),
      klBackward: Finite(try q.klDivergence(from: p)), jensenShannon: jensenShannon,
      errors: [0, 0, 0], optimalValue: 2 * jensenShannon - log(4),
      places: p.probabilities.indices.map(Double.init), p: p.probabilities, q: q.probabilities,
      terms: Terms(
        klForward: try p.klTerms(from: q).map(Finite.init),
        klBackward: try q.klTerms(from: p).map(Finite.init),
        jensenShannon: try p.jensenShannonTerms(from: q)))
  }

  /// Integrals; terms at evenly spaced places of the line, none in the plane.
  init(_ p: Mixture, _ q: Mixture) throws {
    let comparison = try DensityComparison(of: p, and: q)
    let forward = try klDivergence(of: p, from: q)
    let backward = try klDivergence(of: q, from: p)
    let places = p.dimension == 1 ? Self.places(p, q) : []
    let pDensities = places.map { exp(p.logDensity(at: SIMD2($0, 0))) }
    let qDensities = places.map { exp(q.logDensity(at: SIMD2($0, 0))) }
    let pairs = Array(zip(pDensities, qDensities))
    self.init(
      method: "quadrature", klForward: Finite(forward.value), klBackward: Finite(backward.value),
      jensenShannon: comparison.jensenShannon.value,
      errors: [forward.error, backward.error, comparison.jensenShannon.error],
      optimalValue: comparison.optimalValue, places: places, p: pDensities, q: qDensities,
      terms: Terms(
        klForward: pairs.map { Finite(klTerm($0, $1)) },
        klBackward: pairs.map { Finite(klTerm($1, $0)) },
        jensenShannon: pairs.map { jensenShannonTerm($0, $1) }))
  }

  /// Places to draw at, four deviations past everything.
  private static func places(_ p: Mixture, _ q: Mixture) -> [Double] {
    let bounds = [p.bounds(deviations: 4), q.bounds(deviations: 4)]
    let lower = bounds.map(\.lower.x).min() ?? 0
    let upper = bounds.map(\.upper.x).max() ?? 0
    return (0...400).map { lower + (upper - lower) * Double($0) / 400 }
  }
}
