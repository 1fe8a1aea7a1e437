/// Counts of samples by the modes of a mixture.
package struct ModeStatistics: Hashable, Sendable, Codable {
  /// The number of samples judged.
  package let sampleCount: Int
  /// The number of modes.
  package let modeCount: Int
  /// Modes with at least one sample of high quality: those that are covered.
  package let coveredCount: Int
  /// Modes with at least 20 samples of high quality, a stricter rule some papers use.
  package let coveredByTwentyCount: Int
  /// Samples within three standard deviations of the nearest mode. A perfect generator has
  /// 98.9 % of them in the plane, `1 - exp(-9 / 2)`, and 99.7 % on the line.
  package let highQuality: Proportion
  /// Each mode's share of the samples of high quality, in the order of the distribution's modes.
  package let modes: [Proportion]
  /// `KL(shares || uniform)`; without a value where no sample has high quality.
  package let reverseKLToUniform: Estimate
  /// `KL(shares || weights of the modes)`.
  package let reverseKLToWeights: Estimate
}
