internal import GANGraph

/// One value function, `V = E log D(x) + E log(1 - D(G(z)))`, which the discriminator maximises and
/// the generator minimises.
///
/// - Discriminator: `mean s(-r) + mean s(f)`, binary cross entropy of real items against ones plus
///   generated items against zeros; in nats, `2 log 2` where it cannot tell them apart.
/// - Generator: `-mean s(f)`.
///
/// What to expect: at the discriminator's optimum `V = -log 4 + 2 JSD`, so the generator descends
/// the Jensen-Shannon divergence. Early on `D(G(z))` is near 0, where `log(1 - D)` is flat: the
/// generator hardly learns.
///
/// - Source: Goodfellow et al., "Generative Adversarial Nets", 2014, arXiv:1406.2661, equation 1.
enum Minimax: ObjectiveFormula {
  static func discriminatorLoss(real: Tensor, fake: Tensor) -> Tensor {
    (-real).softplus().mean() + fake.softplus().mean()
  }

  static func generatorLoss(fake: Tensor, real: () -> Tensor) -> Tensor {
    -fake.softplus().mean()
  }
}
