internal import GANGraph

/// `mean (‖∇‖ - 1)²` at `x + a · 0.5 std(x) · u`: real items `x`, `u` uniform on [0, 1) for each of
/// their elements, `a` uniform for each item.
///
/// `std(x)` is the population's, over all elements of the batch, and constant.
///
/// What to expect: no sharp slopes around the data, where they make modes collapse; made for
/// `non-saturating`.
///
/// - Source: Kodali et al., "On Convergence and Stability of GANs", 2017, arXiv:1705.07215,
///   algorithm 1. Departure: the noise is uniform, one-sided and scaled as in the authors' code.
enum DRAGAN: PenaltyFormula {
  static func value(of update: JudgedUpdate) -> Tensor {
    let x = update.real.items
    let centred = x - x.mean().broadcast(to: x.shape)
    let deviation = (centred * centred).mean().squareRoot().broadcast(to: x.shape)
    let noise = update.uniform(.noise) * deviation * 0.5
    let point = x + update.uniformPerItem(.scale) * noise
    return WGANGP.meanSquaredDeviationFrom1(ofGradientNorms: update.judged(point))
  }
}
