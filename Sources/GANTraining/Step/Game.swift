package import GANLearning
package import GANNetworks
package import GANTensor

/// The two players: their networks, what they minimise and how they learn.
package struct Game: Codable, Hashable, Sendable {
  /// Latents `[L]` → images in (-1, 1), flat or `[C, H, W]`, or points.
  package var generator: NetworkDescription
  /// Packs of `packing` items, flat or `[packing · C, H, W]`, → one logit, and one more for each
  /// class where `hasAuxiliaryClassifier`.
  package var discriminator: NetworkDescription
  package var objective: Objective
  /// What is added to the discriminator's loss.
  package var penalties: [PenaltyTerm] = []
  /// Items that the discriminator judges together: real ones, or generated ones.
  ///
  /// - Source: Lin et al., "PacGAN: The power of two samples in generative adversarial networks",
  ///   2018, arXiv:1712.04086.
  package var packing = 1
  /// Bound of every discriminator parameter after each of its steps; nil leaves them free.
  package var clip: Double?
  package var generatorOptimizer = AdamOptions()
  package var discriminatorOptimizer = AdamOptions()
  /// How the weights of both networks begin.
  package var initialization = Initialization.pytorch
  /// Whether the generator's update judges the images of the discriminator's last one again.
  package var sharesLatents = false
  /// Whether the discriminator names classes, too, and both players learn from that.
  package var hasAuxiliaryClassifier = false
  /// Whether half the real images are mirrored.
  package var flipsImages = false
  /// What happens to every image before the discriminator sees it.
  package var augmentations: [Augmentation] = []
  /// `[C, H, W]` of an image, where images are mirrored or augmented.
  package var imageShape: Shape?
  /// The moving average of the generator, where there is one.
  package var average: AverageOptions?

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

  /// Classes of the labels that a player looks at; nil where none does.
  package var classCount: Int? {
    generator.classCount ?? discriminator.classCount
  }
}

/// Who plays; the raw value names the player's network in files.
package enum Player: String, Codable, CaseIterable, Hashable, Sendable {
  case generator, discriminator
}
