package import GANLearning
package import GANNetworks

/// The two players: their networks, what they minimise and how they learn.
package struct Game: Codable, Hashable, Sendable {
  /// Latents `[L]` → images, flat, in (-1, 1).
  package var generator: NetworkDescription
  /// Packs of `packing` images, flat → one logit.
  package var discriminator: NetworkDescription
  package var objective: Objective
  /// What is added to the discriminator's loss.
  package var penalties: [PenaltyTerm]
  /// Items that the discriminator judges together: real ones, or generated ones.
  ///
  /// - Source: Lin et al., "PacGAN: The power of two samples in generative adversarial networks",
  ///   2018, arXiv:1712.04086.
  package var packing: Int
  /// Bound of every discriminator parameter after each of its steps; nil leaves them free.
  package var clip: Double?
  package var generatorOptimizer: AdamOptions
  package var discriminatorOptimizer: AdamOptions

  package init(
    generator: NetworkDescription, discriminator: NetworkDescription, objective: Objective,
    penalties: [PenaltyTerm] = [], packing: Int = 1, clip: Double? = nil,
    generatorOptimizer: AdamOptions = AdamOptions(),
    discriminatorOptimizer: AdamOptions = AdamOptions()
  ) {
    self.generator = generator
    self.discriminator = discriminator
    self.objective = objective
    self.penalties = penalties
    self.packing = packing
    self.clip = clip
    self.generatorOptimizer = generatorOptimizer
    self.discriminatorOptimizer = discriminatorOptimizer
  }
}

/// Who plays; the raw value names the player's network in files.
package enum Player: String, Codable, CaseIterable, Hashable, Sendable {
  case generator, discriminator
}
