internal import GANGraph

/// `1/2 mean ‖∇‖²` at the real items.
///
/// What to expect: convergence near the optimum where plain training circles it; weights from 0.1
/// (points) over 10 (small images) to 100 and more. It costs little when it is due every 16 updates.
///
/// - Source: Mescheder, Geiger, Nowozin, "Which Training Methods for GANs do actually Converge?",
///   2018, arXiv:1801.04406, equation 9.
enum R1: PenaltyFormula {
  static func value(of update: JudgedUpdate) -> Tensor {
    update.real.squaredGradientNorms.mean() * 0.5
  }
}
