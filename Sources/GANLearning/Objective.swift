package import GANGraph

/// The two players' losses: a closed family, one file for each in `Objectives/`.
///
/// Everything is computed from logits, so that nothing overflows where a sigmoid rounds to 0 or 1.
/// In all of them `r` and `f` are the discriminator's logits on real and generated items, means are
/// over the batch and over maps, and `s(t) = log(1 + e^t)`.
public enum Objective: String, Codable, CaseIterable, Hashable, Sendable {
  case nonSaturating = "non-saturating"
  case minimax
  case leastSquares = "least-squares"
  case hinge
  case wasserstein
  case relativistic

  /// The discriminator's loss.
  ///
  /// - Parameters:
  ///   - real: Its logits on real items.
  ///   - fake: Its logits on generated items, in the same shape.
  /// - Returns: A scalar, `[]`.
  package func discriminatorLoss(real: Logits, fake: Logits) -> Tensor {
    formula.discriminatorLoss(real: real.tensor, fake: fake.tensor)
  }

  /// The generator's loss.
  ///
  /// - Parameters:
  ///   - fake: The discriminator's logits on generated items.
  ///   - real: Its logits on real items, in the same shape; called only where they are part of the
  ///     loss.
  /// - Returns: A scalar, `[]`.
  package func generatorLoss(fake: Logits, real: () -> Logits) -> Tensor {
    formula.generatorLoss(fake: fake.tensor, real: { real().tensor })
  }

  /// The overfitting of a discriminator as its logits show it, `[]`, from -1 to 1: about 0 while it
  /// cannot know its items, 1 where it knows every real one.
  ///
  /// That is the mean sign of the logits of real items. Where only differences of logits count, zero
  /// means nothing, and it is the mean sign of those between real items and generated ones.
  ///
  /// - Source: Karras et al., "Training Generative Adversarial Networks with Limited Data", 2020,
  ///   arXiv:2006.06676, the heuristic r of section 3; of differences, as in the code of R3GAN2.
  package func overfitting(real: Logits, fake: Logits) -> Tensor {
    judgesDifferences ? Logits(real.tensor - fake.tensor).meanSign : real.meanSign
  }

  /// True if a constant added to all logits changes no loss.
  private var judgesDifferences: Bool {
    switch self {
    case .wasserstein, .relativistic: true
    case .nonSaturating, .minimax, .leastSquares, .hinge: false
    }
  }

  /// True if the discriminator's parameters are clipped to keep it Lipschitz when no penalty does.
  package var clipsParameters: Bool {
    switch self {
    case .wasserstein: true
    case .nonSaturating, .minimax, .leastSquares, .hinge, .relativistic: false
    }
  }

  /// True if the generator's loss needs the logits on real items.
  package var generatorJudgesReal: Bool {
    switch self {
    case .relativistic: true
    case .nonSaturating, .minimax, .leastSquares, .hinge, .wasserstein: false
    }
  }

  private var formula: any ObjectiveFormula.Type {
    switch self {
    case .nonSaturating: NonSaturating.self
    case .minimax: Minimax.self
    case .leastSquares: LeastSquares.self
    case .hinge: Hinge.self
    case .wasserstein: Wasserstein.self
    case .relativistic: Relativistic.self
    }
  }
}

/// The losses of one objective, from logits, `[N, 1]` or maps, to scalars.
protocol ObjectiveFormula {
  static func discriminatorLoss(real: Tensor, fake: Tensor) -> Tensor
  static func generatorLoss(fake: Tensor, real: () -> Tensor) -> Tensor
}
