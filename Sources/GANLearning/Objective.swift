package import GANGraph
internal import GANTensor

/// What the two players minimise.
///
/// Both see one value function, `V = E log D(x) + E log(1 - D(G(z)))`: the discriminator maximises
/// it, the generator minimises it. Everything is computed from logits, so that nothing overflows
/// where a sigmoid rounds to 0 or 1. Means are over the batch; `s(t) = log(1 + e^t)`.
package enum Objective: String, Codable, CaseIterable, Hashable, Sendable {
  /// The generator maximises `log D(G(z))`: the same fixed point with gradients that do not vanish
  /// while the discriminator is winning.
  ///
  /// - Source: Goodfellow et al., "Generative Adversarial Nets", 2014, arXiv:1406.2661, section 3.
  case nonSaturating = "non-saturating"

  /// The generator minimises `log(1 - D(G(z)))`, which is nearly flat while `D(G(z))` is near 0.
  ///
  /// - Source: Goodfellow et al., 2014, arXiv:1406.2661, equation 1.
  case minimax

  /// What the discriminator minimises, `mean s(-r) + mean s(f)`: binary cross entropy of real
  /// images against ones plus generated images against zeros.
  ///
  /// - Parameters:
  ///   - real: `[N, 1]`, the discriminator's logits on real images.
  ///   - fake: `[N, 1]`, its logits on generated images.
  /// - Returns: A scalar, `[]`, in nats.
  package func discriminatorLoss(real: Logits, fake: Logits) -> Tensor {
    switch self {
    case .nonSaturating, .minimax:
      (-real.tensor).softplus().mean() + fake.tensor.softplus().mean()
    }
  }

  /// What the generator minimises: `mean s(-f)`, or `-mean s(f)` where it plays minimax.
  ///
  /// - Parameter fake: `[N, 1]`, the discriminator's logits on generated images.
  /// - Returns: A scalar, `[]`, in nats.
  package func generatorLoss(fake: Logits) -> Tensor {
    switch self {
    case .nonSaturating: (-fake.tensor).softplus().mean()
    case .minimax: -fake.tensor.softplus().mean()
    }
  }
}

/// Discriminator scores, one per image: `[N, 1]`, unbounded, before any sigmoid.
package struct Logits {
  package let tensor: Tensor

  package init(_ tensor: Tensor) { self.tensor = tensor }

  /// The mean probability of being real, `[]`, in [0, 1].
  package var meanScore: Tensor { tensor.sigmoid().mean() }
}
