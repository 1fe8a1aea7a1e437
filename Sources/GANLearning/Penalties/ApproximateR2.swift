internal import GANGraph

/// R2 without a second derivative: as `ApproximateR1`, at the generated items.
///
/// - Source: Lin et al., "Diffusion Adversarial Post-Training for One-Step Video Generation", 2025,
///   arXiv:2501.08316, section 3.4.
enum ApproximateR2: PenaltyFormula {
  static func value(of update: JudgedUpdate) -> Tensor {
    ApproximateR1.value(at: update.fake, of: update, shiftedBy: .generatedShift)
  }
}
