internal import GANGraph

/// The discriminator, here a critic, estimates the Wasserstein-1 distance between data and
/// generated items; the generator shortens it.
///
/// - Discriminator: `mean f - mean r`, under a Lipschitz constraint: a gradient penalty, or without
///   any the clipping of all its parameters to [-c, c] after each of its steps.
/// - Generator: `-mean f`.
///
/// What to expect: minus the discriminator's loss falls as samples get better, up to the unknown
/// Lipschitz constant, if the critic is kept near its optimum: five of its steps for each of the
/// generator's. Adding a constant to all logits changes nothing, so the last bias gets no gradient
/// and scores say little.
///
/// - Source: Arjovsky, Chintala, Bottou, "Wasserstein GAN", 2017, arXiv:1701.07875, algorithm 1.
///   Departure: Adam where the paper has RMSProp.
enum Wasserstein: ObjectiveFormula {
  static func discriminatorLoss(real: Tensor, fake: Tensor) -> Tensor {
    fake.mean() - real.mean()
  }

  static func generatorLoss(fake: Tensor, real: () -> Tensor) -> Tensor { -fake.mean() }
}
