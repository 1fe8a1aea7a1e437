import GANLearning
import GANNetworks
import GANTensor

// Networks without normalisation, relativistic pairing, and both penalties at every update.
extension Recipe {
  /// R3GAN at a size that two cores train: narrower at 32 × 32, where most of the work is.
  package static let r3gan32 = Recipe(
    name: "r3gan-32",
    summary: "R3GAN: grouped blocks, relativistic, R1 and R2, for 32 × 32",
    citation: citation, expectedResult: "not judged yet",
    dataset: "auto", imageSize: "32",
    options: r3gan(
      "r3gan-32", widths: [128, 128, 64, 32], epochs: 5, burnIn: 60_000, halfLife: 15_000))

  /// The same half as wide again, for a night.
  package static let r3gan32Large = Recipe(
    name: "r3gan-32-large",
    summary: "r3gan-32 half as wide again and ten times as long, for a night",
    citation: citation, expectedResult: "not judged yet",
    dataset: "auto", imageSize: "32",
    options: r3gan(
      "r3gan-32-large", widths: [192, 192, 96, 48], epochs: 50, burnIn: 600_000, halfLife: 150_000))

  private static let citation =
    "Huang et al., \"The GAN is dead; long live the GAN! A Modern Baseline GAN\", 2024, "
    + "arXiv:2501.05441; widths and length are ours"

  /// - Parameters:
  ///   - widths: Of the generator's stages, from 4 × 4 to 32 × 32; the discriminator has them the other
  ///     way round.
  ///   - burnIn: The first fifth of the run, in images: penalties, the average and beta2 change over it.
  ///   - halfLife: Of the average after that, in images.
  private static func r3gan(
    _ name: String, widths: [Int], epochs: Int, burnIn: Int, halfLife: Double
  ) -> TrainingOptions {
    options(name) {
      $0.itemShape = [1, 32, 32]
      $0.architecture = .r3gan
      $0.initialization = .fixup
      $0.objective = .relativistic
      $0.freshReals = true
      $0.latentSize = 64
      $0.batchSize = 64
      $0.epochs = epochs
      $0.generator.hidden = widths
      $0.generator.activation = .leakyReLU
      $0.discriminator.hidden = widths.reversed()
      $0.penalties = [.r1, .r2]
      $0.penalty.r1.weight = ScheduledValue(from: 1, to: 0.1, over: burnIn, .cosine)
      $0.penalty.r2.weight = $0.penalty.r1.weight
      ($0.penalty.r1.interval, $0.penalty.r2.interval) = (1, 1)
      $0.average.halfLife = ScheduledValue(from: 0, to: halfLife, over: burnIn, .cosine)
      $0.average.rampUp = 0
      for player in [\TrainingOptions.Optimizers.generator, \.discriminator] {
        $0.optimizer[keyPath: player].learningRate = 2e-4
        $0.optimizer[keyPath: player].beta1 = 0
        $0.optimizer[keyPath: player].beta2 = ScheduledValue(
          from: 0.9, to: 0.99, over: burnIn, .cosine)
      }
    }
  }
}
