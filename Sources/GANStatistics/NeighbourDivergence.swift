import Foundation
package import GANTensor

/// The Kullback-Leibler divergence between a known distribution and samples, from the distances
/// to nearest neighbours alone.
///
/// With `x_1 ... x_n` from P and `y_1 ... y_m` from Q, `r_i` the distance from `x_i` to its k-th
/// nearest other x, `s_i` that to its k-th nearest y, in d dimensions:
///
///     KL(P || Q) = d / n * (sum over i of log(s_i / r_i)) + log(m / (n - 1))
///
/// - Source: Wang, Kulkarni, Verdú, "Divergence Estimation for Multidimensional Densities via
///   k-Nearest-Neighbor Distances", 2009.
package struct NeighbourDivergence: Sendable {
  /// Which way the divergence is taken.
  package enum Direction: String, Codable, CaseIterable, Sendable {
    /// `KL(real || judged)`: grows where real samples lie and judged ones do not.
    case ofReal
    /// `KL(judged || real)`: grows where judged samples lie and real ones do not.
    case ofJudged
  }

  /// Which way the divergence is taken.
  package let direction: Direction
  /// The k of the formula.
  package let neighbourCount: Int
  /// How many samples are judged, and against how many real ones.
  package let sampleCount: Int
  /// What the divergence is counted in.
  package let unit: InformationUnit
  /// What real samples get.
  package let noiseFloor: NoiseFloor

  private let judge: NeighbourJudge

  /// Draws the real samples and measures the noise floor.
  ///
  /// - Parameters:
  ///   - distribution: What real samples come from.
  ///   - neighbourCount: The k of the formula.
  ///   - sampleCount: How many samples will be judged, above `neighbourCount`.
  ///   - seed: Of the real samples, whose purposes are `evaluationWorld` and `noiseFloor`.
  /// - Throws: `EvaluationError.tooFewSamples`.
  package init(
    from distribution: some KnownDistribution, direction: Direction = .ofReal,
    neighbourCount: Int = 5, sampleCount: Int, unit: InformationUnit = .nats, seed: UInt64
  ) throws(EvaluationError) {
    guard sampleCount > neighbourCount else {
      throw .tooFewSamples(got: sampleCount, needed: neighbourCount + 1)
    }
    let dimension = distribution.dimension
    let stream = RandomStream(seed: seed, purpose: .evaluationWorld, step: 0)
    let real = try points(
      of: distribution.samples(count: sampleCount, from: stream), dimension: dimension,
      count: sampleCount)
    let judge = NeighbourJudge(
      dimension: dimension, direction: direction, neighbourCount: neighbourCount, real: real)
    self.judge = judge
    self.direction = direction
    self.neighbourCount = neighbourCount
    self.sampleCount = sampleCount
    self.unit = unit
    noiseFloor = try NoiseFloor(
      of: distribution, sampleCount: sampleCount, seed: seed, unit: unit
    ) { points in judge.divergence(of: points).nats }
  }

  /// An estimate, and why it has no value where it has none.
  package struct Result: Hashable, Sendable, Codable {
    /// The divergence; without a value where a distance is 0.
    package let estimate: Estimate
    /// How many of the distances are 0: a sample with `neighbourCount` equal ones, of which no
    /// density is known.
    package let zeroDistanceCount: Int
  }

  /// Judges samples.
  ///
  /// - Parameter samples: `[sampleCount, dimension]`.
  /// - Throws: `EvaluationError` for another number of samples or one that is not finite.
  /// - Complexity: About 25 ms for 10,000 samples in the plane.
  package func estimate(from samples: [Float]) throws(EvaluationError) -> Result {
    let (nats, zeroDistanceCount) = judge.divergence(
      of: try points(of: samples, dimension: judge.dimension, count: sampleCount))
    return Result(
      estimate: Estimate(
        nats: nats, unit: unit, sampleCount: sampleCount, noiseFloor: noiseFloor),
      zeroDistanceCount: zeroDistanceCount)
  }
}

/// The formula, with what does not depend on the judged samples prepared.
private struct NeighbourJudge: Sendable {
  let dimension: Int
  let direction: NeighbourDivergence.Direction
  let neighbourCount: Int
  let real: [SIMD2<Double>]
  let realTree: NeighbourTree
  /// From each real sample to the k-th nearest other one, squared.
  let realDistances: [Double]

  init(
    dimension: Int, direction: NeighbourDivergence.Direction, neighbourCount: Int,
    real: [SIMD2<Double>]
  ) {
    self.dimension = dimension
    self.direction = direction
    self.neighbourCount = neighbourCount
    self.real = real
    realTree = NeighbourTree(real)
    realDistances = realTree.squaredDistances(toNeighbour: neighbourCount + 1, of: real)
  }

  /// The divergence in nats, nil where a distance is 0, and how many are.
  func divergence(of judged: [SIMD2<Double>]) -> (nats: Double?, zeroDistanceCount: Int) {
    let judgedTree = NeighbourTree(judged)
    // The nearest in its own tree is the point itself, hence one more there.
    let (own, other) =
      switch direction {
      case .ofReal:
        (realDistances, judgedTree.squaredDistances(toNeighbour: neighbourCount, of: real))
      case .ofJudged:
        (
          judgedTree.squaredDistances(toNeighbour: neighbourCount + 1, of: judged),
          realTree.squaredDistances(toNeighbour: neighbourCount, of: judged)
        )
      }
    let zeroDistanceCount = (own + other).count { $0 == 0 }
    guard zeroDistanceCount == 0 else { return (nil, zeroDistanceCount) }
    // The logarithm of a ratio of squares is twice the one wanted.
    let sum = zip(own, other).reduce(0) { $0 + log($1.1 / $1.0) / 2 }
    let count = Double(own.count)
    return (Double(dimension) * sum / count + log(count / (count - 1)), 0)
  }
}
