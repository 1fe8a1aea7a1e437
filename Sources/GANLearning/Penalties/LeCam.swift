internal import GANGraph

/// `mean max(0, r - a_f)² + mean max(0, a_r - f)²`: real logits `r` above the mean `a_f` of past generated ones,
/// and generated logits `f` below that of real ones.
///
/// The means are moving averages, 0.99 of the old each time, of the means of batches, without the pull
/// towards 0 that they begin with; they are held constant.
///
/// What to expect: with few images a discriminator whose two kinds of logits do not drift apart; weights of 0.3
/// with `hinge`, far smaller ones with logits that are larger. No second derivative.
///
/// - Source: Tseng et al., "Regularizing Generative Adversarial Networks under Limited Data", 2021,
///   arXiv:2104.03310, equation 4. Departure: it begins at the first update; a schedule of its weight can
///   begin at 0.
enum LeCam: PenaltyFormula {
  static func value(of update: JudgedUpdate) -> Tensor {
    let anchors = update.anchors
    return excess(of: update.real.logits.tensor, over: anchors.fake)
      + excess(of: -update.fake.logits.tensor, over: -anchors.real)
  }

  private static func excess(of logits: Tensor, over anchor: Tensor) -> Tensor {
    let excess = (logits - anchor.broadcast(to: logits.shape)).relu()
    return (excess * excess).mean()
  }
}
