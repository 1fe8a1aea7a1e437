internal import GANGraph

/// The game as it is played: the generator maximises `log D(G(z))`.
///
/// - Discriminator: as in `Minimax`.
/// - Generator: `mean s(-f)`, in nats.
///
/// What to expect: the same fixed point as `Minimax`, with gradients that do not vanish while the
/// discriminator is winning; at its optimum the generator descends `KL(G || data) - 2 JSD` instead
/// (Arjovsky and Bottou, 2017, arXiv:1701.04862, theorem 2.5), which drops modes readily.
///
/// - Source: Goodfellow et al., "Generative Adversarial Nets", 2014, arXiv:1406.2661, section 3.
enum NonSaturating: ObjectiveFormula {
  static func discriminatorLoss(real: Tensor, fake: Tensor) -> Tensor {
    Minimax.discriminatorLoss(real: real, fake: fake)
  }

  static func generatorLoss(fake: Tensor, real: () -> Tensor) -> Tensor {
    (-fake).softplus().mean()
  }
}
