internal import GANGraph

/// R1 without a second derivative: `1/2 mean ((D(x) - D(x + σ ε)) / σ)²` at the real items, `σ` 0.01, `ε` of mean
/// 0 and variance 1 for each of their elements.
///
/// What to expect: for small `σ` its mean over `ε` is R1's value, so that weights are R1's; it costs one more
/// application of the discriminator, and is noisier the more elements items have.
///
/// - Source: Lin et al., "Diffusion Adversarial Post-Training for One-Step Video Generation", 2025,
///   arXiv:2501.08316, section 3.4. Departures: divided by `2 σ²`, which they leave to the weight; `ε` is
///   uniform, whose second moment is all that counts.
enum ApproximateR1: PenaltyFormula {
  /// Standard deviation of the shift, in the units of items.
  static let deviation = 0.01

  static func value(of update: JudgedUpdate) -> Tensor {
    value(at: update.real, of: update, shiftedBy: .realShift)
  }

  /// Half the mean squared slope along random shifts, `[]`.
  static func value(
    at judged: Judged, of update: JudgedUpdate, shiftedBy role: PenaltyRandomness
  ) -> Tensor {
    let shift = (update.uniform(role) - 0.5) * (deviation * 12.0.squareRoot())
    let moved = update.judged(judged.items + shift)
    let slope = (judged.logits.tensor - moved.logits.tensor) * (1 / deviation)
    return (slope * slope).mean() * 0.5
  }
}
