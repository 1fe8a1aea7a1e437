import GANLearning
import GANNetworks
import GANTensor

// Networks without normalisation, relativistic pairing, and both penalties at every update.
extension Recipe {
  /// R3GAN at a size that two cores train in a quarter of an hour.
  package static let r3gan32 = Recipe(
    name: "r3gan-32",
    summary: "R3GAN: grouped blocks, relativistic, R1 and R2, for 32 × 32",
    citation: citation,
    expectedResult: reading(epochs: 3, confidence: "0.940", classes: "7.9 to 12.1%"),
    dataset: "auto", imageSize: "32",
    options: r3gan("r3gan-32", widths: [64, 64, 32, 16], learningRate: 4e-3, epochs: 3))

  /// The same twice as wide and a third longer.
  package static let r3gan32Large = Recipe(
    name: "r3gan-32-large",
    summary: "r3gan-32 twice as wide and a third longer, for an hour",
    citation: citation,
    expectedResult: reading(epochs: 4, confidence: "0.952", classes: "8.3 to 12.8%"),
    dataset: "auto", imageSize: "32",
    options: r3gan(
      "r3gan-32-large", widths: [128, 128, 64, 32], learningRate: 2e-3, epochs: 4))

  private static let citation =
    "Huang et al., \"The GAN is dead; long live the GAN! A Modern Baseline GAN\", 2024, "
    + "arXiv:2501.05441; widths, rates, weights and length are ours"

  /// Batches, rates, beta1 and the penalties' weights are those of the trials in `docs/recipes.md`, which
  /// make something of some thousand steps, where the paper has 20,000 to 500,000.
  ///
  /// - Parameters:
  ///   - widths: Of the generator's stages, from 4 × 4 to 32 × 32; the discriminator has them the other
  ///     way round.
  ///   - learningRate: What both players begin with; they end with a twentieth.
  ///   - epochs: Of the 60,000 images of MNIST and its relatives, over which all schedules go.
  private static func r3gan(
    _ name: String, widths: [Int], learningRate: Double, epochs: Int
  ) -> TrainingOptions {
    let images = epochs * 60_000
    let burnIn = images / 5
    return options(name) {
      $0.itemShape = [1, 32, 32]
      $0.architecture = .r3gan
      $0.initialization = .fixup
      $0.objective = .relativistic
      $0.freshReals = true
      $0.latentSize = 64
      $0.batchSize = 32
      $0.epochs = epochs
      $0.generator.hidden = widths
      $0.generator.activation = .leakyReLU
      $0.discriminator.hidden = widths.reversed()
      $0.penalties = [.r1, .r2]
      $0.penalty.r1.weight = ScheduledValue(from: 2, to: 0.2, over: burnIn, .cosine)
      $0.penalty.r2.weight = $0.penalty.r1.weight
      ($0.penalty.r1.interval, $0.penalty.r2.interval) = (1, 1)
      $0.average.halfLife = ScheduledValue(
        from: 0, to: Double(images / 20), over: burnIn, .cosine)
      $0.average.rampUp = 0
      for player in [\TrainingOptions.Optimizers.generator, \.discriminator] {
        $0.optimizer[keyPath: player].learningRate = ScheduledValue(
          from: learningRate, to: learningRate / 20, over: images, .cosine)
        $0.optimizer[keyPath: player].beta1 = 0.5
        $0.optimizer[keyPath: player].beta2 = ScheduledValue(
          from: 0.9, to: 0.99, over: burnIn, .cosine)
      }
    }
  }
}
