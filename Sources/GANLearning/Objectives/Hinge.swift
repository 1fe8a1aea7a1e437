internal import GANGraph

/// A margin of 1 on both sides; beyond it the discriminator has nothing to learn.
///
/// - Discriminator: `mean max(0, 1 - r) + mean max(0, 1 + f)`.
/// - Generator: `-mean f`.
///
/// What to expect: a discriminator that stops once it separates, and a generator whose gradient
/// never saturates; 2 where the discriminator says 0 to everything. Usual with spectral
/// normalisation, and a good first choice beside a penalty.
///
/// - Source: Lim and Ye, "Geometric GAN", 2017, arXiv:1705.02894; Miyato et al., "Spectral
///   Normalization for Generative Adversarial Networks", 2018, arXiv:1802.05957, equations 16, 17.
enum Hinge: ObjectiveFormula {
  static func discriminatorLoss(real: Tensor, fake: Tensor) -> Tensor {
    (1 - real).relu().mean() + (fake + 1).relu().mean()
  }

  static func generatorLoss(fake: Tensor, real: () -> Tensor) -> Tensor { -fake.mean() }
}
