import Foundation
import GANData
import GANStatistics
import GANTensor

/// The exact values of a pair before any discriminator learns, and the places to judge one at.
struct ExactOptimum: Sendable {
  let pair: OptimumExperiment.Pair
  /// The points of the value's quadrature.
  let comparison: DensityComparison
  /// The interval of the line that holds all of m = (p + q) / 2 but `outside`; nil in the plane.
  let region: ClosedRange<Double>?
  /// The points where D is compared with p / (p + q) and drawn: evenly over the region, or a square
  /// of the plane.
  let places: [SIMD2<Double>]
  /// The square; nil on the line.
  let square: PlaneField?
  /// p / (p + q) at the places.
  let optimal: [Double]

  /// Mass of m that the region leaves out, half of it on each side.
  static let outside = 1e-4

  init(_ pair: OptimumExperiment.Pair) throws {
    let (p, q) = pair.densities
    self.pair = pair
    comparison = try DensityComparison(of: p, and: q)
    if p.dimension == 1 {
      let m = try Mixture.even(p, q)
      let region = m.quantile(Self.outside / 2)...m.quantile(1 - Self.outside / 2)
      self.region = region
      square = nil
      let step = (region.upperBound - region.lowerBound) / 2_000
      places = (0...2_000).map { SIMD2(region.lowerBound + Double($0) * step, 0) }
    } else {
      let square = PlaneField(around: [p, q], deviations: 1.5)
      self.square = square
      places = square.points
      region = nil
    }
    optimal = places.map { optimalDiscriminator(of: p, against: q, at: $0) }
  }
}

extension Mixture {
  /// Half of each: `(p + q) / 2`.
  fileprivate static func even(_ p: Mixture, _ q: Mixture) throws -> Mixture {
    try Mixture(
      name: "m", dimension: p.dimension, components: p.components + q.components)
  }

  /// The quantile of a distribution over the line.
  fileprivate func quantile(_ share: Double) -> Double {
    var (lower, upper) = (cuts[0].first ?? 0, cuts[0].last ?? 0)
    // Halving ends where neighbouring numbers do.
    for _ in 0..<100 {
      let middle = (lower + upper) / 2
      let below = probability(from: SIMD2(repeating: -.infinity), to: SIMD2(middle, .infinity))
      if below < share { lower = middle } else { upper = middle }
    }
    return (lower + upper) / 2
  }
}
