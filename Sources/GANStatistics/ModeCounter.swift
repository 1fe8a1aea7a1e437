package import GANTensor

/// Counts samples by the modes of a known mixture, as the papers on mode collapse do.
///
/// A sample belongs to the mode from whose centre it is the fewest standard deviations away
/// (Mahalanobis distance), and has high quality if they are fewer than three.
///
/// - Source: Srivastava and others, "VEEGAN: Reducing Mode Collapse in GANs using Implicit
///   Variational Learning", 2017, arXiv:1705.07761; Lin, Khetan, Fanti, Oh, "PacGAN: The power of
///   two samples in generative adversarial networks", 2018, arXiv:1712.04086: 2,500 samples.
package struct ModeCounter: Sendable {
  /// The modes by which samples are counted.
  package let modes: [Mode]
  /// The number of samples to judge; the papers take 2,500.
  package let sampleCount: Int

  private let dimension: Int
  private let unit: InformationUnit
  private let weights: DiscreteDistribution
  private let uniform: DiscreteDistribution
  private let floorToUniform: NoiseFloor
  private let floorToWeights: NoiseFloor

  /// Standard deviations within which a sample has high quality.
  private static let reach = 3.0

  /// Prepares to count, and measures the noise floors.
  ///
  /// - Parameters:
  ///   - distribution: What real samples come from.
  ///   - sampleCount: How many samples will be judged; at least 1.
  ///   - unit: What reverse divergences are counted in.
  ///   - seed: Of the real samples, whose purpose is `noiseFloor`.
  /// - Throws: `EvaluationError.noModes`, `.tooFewSamples`.
  package init(
    of distribution: some KnownDistribution, sampleCount: Int = 2_500,
    unit: InformationUnit = .nats, seed: UInt64
  ) throws(EvaluationError) {
    guard sampleCount > 0 else { throw .tooFewSamples(got: sampleCount, needed: 1) }
    let modes = distribution.modes
    guard !modes.isEmpty else { throw .noModes }
    let sum = modes.reduce(0) { $0 + $1.weight }
    let weights = try DiscreteDistribution(probabilities: modes.map { $0.weight / sum })
    let uniform = try DiscreteDistribution.uniform(count: modes.count)
    func floor(to target: DiscreteDistribution) throws(EvaluationError) -> NoiseFloor {
      try NoiseFloor(
        of: distribution, sampleCount: sampleCount, seed: seed, unit: unit
      ) { points throws(EvaluationError) in
        try Self.reverseKL(Self.counts(of: points, by: modes), to: target)
      }
    }
    floorToUniform = try floor(to: uniform)
    floorToWeights = try floor(to: weights)
    self.modes = modes
    self.sampleCount = sampleCount
    self.unit = unit
    self.weights = weights
    self.uniform = uniform
    dimension = distribution.dimension
  }

  /// Counts samples.
  ///
  /// - Parameter samples: `[sampleCount, dimension]`.
  /// - Throws: `EvaluationError` for another number of samples or one that is not finite.
  package func statistics(of samples: [Float]) throws(EvaluationError) -> ModeStatistics {
    let points = try points(of: samples, dimension: dimension, count: sampleCount)
    let counts = Self.counts(of: points, by: modes)
    let highQualityCount = counts.reduce(0, +)
    return ModeStatistics(
      sampleCount: sampleCount, modeCount: modes.count,
      coveredCount: counts.count { $0 >= 1 },
      coveredByTwentyCount: counts.count { $0 >= 20 },
      highQuality: Proportion(count: highQualityCount, total: sampleCount),
      modes: counts.map { Proportion(count: $0, total: highQualityCount) },
      reverseKLToUniform: try estimate(counts, to: uniform, floorToUniform),
      reverseKLToWeights: try estimate(counts, to: weights, floorToWeights))
  }

  private func estimate(
    _ counts: [Int], to target: DiscreteDistribution, _ noiseFloor: NoiseFloor
  ) throws(EvaluationError) -> Estimate {
    Estimate(
      nats: try Self.reverseKL(counts, to: target), unit: unit, sampleCount: sampleCount,
      noiseFloor: noiseFloor)
  }

  /// `KL(shares || target)`; nil of no samples.
  private static func reverseKL(
    _ counts: [Int], to target: DiscreteDistribution
  ) throws(EvaluationError) -> Double? {
    guard counts.contains(where: { $0 > 0 }) else { return nil }
    return try DiscreteDistribution(counts: counts).klDivergence(from: target)
  }

  /// Samples of high quality by mode.
  private static func counts(of points: [SIMD2<Double>], by modes: [Mode]) -> [Int] {
    var counts = [Int](repeating: 0, count: modes.count)
    for point in points {
      let distances = modes.map { mode in
        let x = (point.x - mode.centre.x) / mode.deviations.x
        let y = (point.y - mode.centre.y) / mode.deviations.y
        return x * x + y * y
      }
      guard let nearest = distances.indices.min(by: { distances[$0] < distances[$1] }),
        distances[nearest] < reach * reach
      else { continue }
      counts[nearest] += 1
    }
    return counts
  }
}
