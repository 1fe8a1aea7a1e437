internal import GANGraph

/// `1/2 mean ‖∇‖²` at the generated items.
///
/// What to expect: as `R1`, with the slope held down where samples are rather than where data are;
/// the two together keep it down in both places.
///
/// - Source: Mescheder, Geiger, Nowozin, "Which Training Methods for GANs do actually Converge?",
///   2018, arXiv:1801.04406, equation 10.
enum R2: PenaltyFormula {
  static func value(of update: JudgedUpdate) -> Tensor {
    update.fake.squaredGradientNorms.mean() * 0.5
  }
}
