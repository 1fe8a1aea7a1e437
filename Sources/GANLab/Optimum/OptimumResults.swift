import Foundation
import GANData
import GANStatistics
import GANTensor

extension OptimumExperiment {
  /// The results of discriminators between two distributions, in nats.
  package struct PairResult: Encodable, Sendable {
    let data: String
    let generator: String
    /// By quadrature.
    let jensenShannon: Double
    /// The change of its last refinement.
    let jensenShannonError: Double
    /// `-log 4 + 2 JSD`.
    let optimalValue: Double
    /// Points of the quadrature.
    let pointCount: Int
    /// The mass of m outside the region of `supremum`; null in the plane, where all of it counts.
    let massOutsideRegion: Double?
    /// The ends of the region; null in the plane.
    let region: [Double]?
    /// One for each seed.
    let runs: [Run]
    /// The picture of the first seed.
    let exact: ExactOptimum

    private enum CodingKeys: String, CodingKey {
      case data, generator, jensenShannon, jensenShannonError, optimalValue, pointCount
      case massOutsideRegion, region, runs
    }

    init(_ pair: Pair, _ exact: ExactOptimum, _ runs: [Run]) {
      data = pair.data.specification
      generator = pair.generator.specification
      jensenShannon = exact.comparison.jensenShannon.value
      jensenShannonError = exact.comparison.jensenShannon.error
      optimalValue = exact.comparison.optimalValue
      pointCount = exact.comparison.points.count
      massOutsideRegion = exact.region.map { _ in ExactOptimum.outside }
      region = exact.region.map { [$0.lowerBound, $0.upperBound] }
      self.runs = runs
      self.exact = exact
    }

    /// A value function as a mean over samples.
    struct SampledValue: Encodable, Sendable {
      let value: Double
      let standardError: Double
      /// Of each kind.
      let sampleCount: Int
    }

    /// The results of one discriminator.
    struct Run: Encodable, Sendable {
      let seed: UInt64
      /// Updates made when its value was taken.
      var steps: [Int] = []
      /// `V(D*) - V(D)` then.
      var gaps: [Double] = []
      /// V(D) at the end, by quadrature.
      var value = 0.0
      /// `V(D*) - V(D)` at the end; no discriminator's is below 0.
      var gap = 0.0
      /// V(D) once more, from fresh samples.
      var sampled = SampledValue(value: 0, standardError: 0, sampleCount: 0)
      /// The greatest `|D - D*|` over the region; null in the plane.
      var supremum: Double?
      /// `|D - D*|` that 95 % of m's mass stays below.
      var percentile95 = 0.0
      /// The same of 99 %.
      var percentile99 = 0.0
      /// The time of training and judging.
      var elapsedSeconds = 0.0
      /// D at the places.
      var discriminator: [Double] = []

      private enum CodingKeys: String, CodingKey {
        case seed, steps, gaps, value, gap, sampled, supremum, percentile95, percentile99
        case elapsedSeconds
      }
    }
  }
}
