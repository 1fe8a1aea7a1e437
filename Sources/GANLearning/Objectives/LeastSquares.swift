internal import GANGraph

/// Regression to labels: real items to 1, generated ones to 0; the generator wants 1.
///
/// - Discriminator: `1/2 mean (r - 1)² + 1/2 mean f²`.
/// - Generator: `1/2 mean (f - 1)²`.
///
/// What to expect: items far on the right side of the boundary still pull, so gradients do not
/// vanish where a sigmoid would be flat; losses settle near 1/4 and 1/8 where the players are even.
/// The logits are the discriminator's outputs; scores are their sigmoid all the same, so that even
/// play shows as 0.62, the sigmoid of 1/2.
///
/// - Source: Mao et al., "Least Squares Generative Adversarial Networks", 2017, arXiv:1611.04076,
///   equation 9, with labels 0, 1 and 1.
enum LeastSquares: ObjectiveFormula {
  static func discriminatorLoss(real: Tensor, fake: Tensor) -> Tensor {
    (squared(real - 1).mean() + squared(fake).mean()) * 0.5
  }

  static func generatorLoss(fake: Tensor, real: () -> Tensor) -> Tensor {
    squared(fake - 1).mean() * 0.5
  }

  private static func squared(_ x: Tensor) -> Tensor { x * x }
}
