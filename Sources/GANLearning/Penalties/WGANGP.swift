internal import GANGraph

/// `mean (‖∇‖ - 1)²` at `e x + (1 - e) G(z)`, real and generated items paired by their place in the
/// batch, `e` uniform for each pair.
///
/// What to expect: a critic whose slope is near 1 between data and samples, as an optimal one's is;
/// steady training with `wasserstein` at a weight of 10 and five discriminator steps. Not for
/// discriminators with batch normalisation, where an item has no gradient of its own.
///
/// - Source: Gulrajani et al., "Improved Training of Wasserstein GANs", 2017, arXiv:1704.00028,
///   equation 3.
enum WGANGP: PenaltyFormula {
  static func value(of update: JudgedUpdate) -> Tensor {
    let e = update.uniformPerItem(.interpolation)
    let point = e * update.real.items + (1 - e) * update.fake.items
    return meanSquaredDeviationFrom1(ofGradientNorms: update.judged(point))
  }

  /// `mean (‖∇‖ - 1)²`, `[]`.
  static func meanSquaredDeviationFrom1(ofGradientNorms judged: Judged) -> Tensor {
    let deviation = judged.gradientNorms - 1
    return (deviation * deviation).mean()
  }
}
