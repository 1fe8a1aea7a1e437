internal import GANGraph

/// The discriminator judges how much more real a real item looks than a generated one.
///
/// - Discriminator: `mean s(-(r - f))`, real and generated items paired by their place in the batch.
/// - Generator: `mean s(-(f - r))`.
///
/// What to expect: both players see both kinds of items, so a generator cannot win by moving
/// samples towards infinity; both losses are log 2 where the players are even. Only differences of
/// logits count, so the last bias gets no gradient.
///
/// - Source: Jolicoeur-Martineau, "The relativistic discriminator: a key element missing from
///   standard GAN", 2018, arXiv:1807.00734, section 4.1 (RSGAN).
enum Relativistic: ObjectiveFormula {
  static func discriminatorLoss(real: Tensor, fake: Tensor) -> Tensor {
    (fake - real).softplus().mean()
  }

  static func generatorLoss(fake: Tensor, real: () -> Tensor) -> Tensor {
    (real() - fake).softplus().mean()
  }
}
