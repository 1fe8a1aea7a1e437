import Foundation

/// A lower bound on the Jensen-Shannon divergence, from what a discriminator says of samples it
/// was not trained on.
///
/// `V = mean of log D(real) + mean of log(1 - D(fake))` cannot exceed `-log 4 + 2 JSD` but for
/// noise, so `log 2 + V / 2` is at most the divergence, and equal to it for the best
/// discriminator. On samples the discriminator has seen it is no bound.
///
/// - Source: Goodfellow and others, "Generative Adversarial Nets", 2014, arXiv:1406.2661,
///   Theorem 1.
package struct ClassifierBound: Sendable {
  /// How many samples of each kind are judged.
  package let sampleCount: Int
  /// What the bound is counted in.
  package let unit: InformationUnit
  /// What the discriminator says of real samples against real ones. Its mean is below 0 by what
  /// the discriminator claims to see.
  package let noiseFloor: NoiseFloor

  /// Measures the noise floor of a discriminator.
  ///
  /// - Parameters:
  ///   - sampleCount: How many samples of each kind will be judged; at least 1.
  ///   - logitsOfReal: The discriminator's logits of `sampleCount` fresh real samples, other ones for
  ///     each step of `RandomPurpose.noiseFloor` that is asked for, 0 to 39.
  /// - Throws: `EvaluationError` for another number of logits or one that is not a number, and
  ///   what `logitsOfReal` throws.
  package init(
    sampleCount: Int, unit: InformationUnit = .nats,
    logitsOfReal: (_ step: UInt64) throws -> [Float]
  ) throws {
    var values: [Double?] = []
    for draw in 0..<UInt64(NoiseFloor.drawCount) {
      values.append(
        try classifierBound(
          real: logitsOfReal(2 * draw), fake: logitsOfReal(2 * draw + 1), count: sampleCount))
    }
    self.sampleCount = sampleCount
    self.unit = unit
    noiseFloor = NoiseFloor(nats: values, unit: unit)
  }

  /// Bounds the divergence.
  ///
  /// - Parameters:
  ///   - real: Logits, before the sigmoid, of `sampleCount` fresh real samples.
  ///   - fake: Logits of as many fresh generated samples.
  /// - Throws: `EvaluationError` for another number of logits or one that is not a number.
  package func estimate(real: [Float], fake: [Float]) throws(EvaluationError) -> Estimate {
    Estimate(
      nats: try classifierBound(real: real, fake: fake, count: sampleCount), unit: unit,
      sampleCount: sampleCount, noiseFloor: noiseFloor)
  }
}

/// `log 2 + V / 2`, in nats.
private func classifierBound(
  real: [Float], fake: [Float], count: Int
) throws(EvaluationError) -> Double {
  guard count > 0 else { throw .tooFewSamples(got: count, needed: 1) }
  for logits in [real, fake] {
    guard logits.count == count else { throw .sampleCount(expected: count, got: logits.count) }
    if let broken = logits.firstIndex(where: { !$0.isFinite }) {
      throw .sampleNotFinite(sample: broken)
    }
  }
  let losses =
    real.reduce(0) { $0 + softplus(-Double($1)) } + fake.reduce(0) { $0 + softplus(Double($1)) }
  return log(2) - losses / Double(2 * count)
}
