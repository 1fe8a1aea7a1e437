package import GANLearning
package import GANNetworks

/// The two players: their networks, what they minimise and how they learn.
package struct Game: Codable, Hashable, Sendable {
  /// Latents `[L]` → images, flat, in (-1, 1).
  package var generator: NetworkDescription
  /// Images, flat → one logit.
  package var discriminator: NetworkDescription
  package var objective: Objective
  package var generatorOptimizer: AdamOptions
  package var discriminatorOptimizer: AdamOptions

  package init(
    generator: NetworkDescription, discriminator: NetworkDescription, objective: Objective,
    generatorOptimizer: AdamOptions = AdamOptions(),
    discriminatorOptimizer: AdamOptions = AdamOptions()
  ) {
    self.generator = generator
    self.discriminator = discriminator
    self.objective = objective
    self.generatorOptimizer = generatorOptimizer
    self.discriminatorOptimizer = discriminatorOptimizer
  }
}

/// Who plays; the raw value names the player's network in files.
package enum Player: String, Codable, CaseIterable, Hashable, Sendable {
  case generator, discriminator
}
