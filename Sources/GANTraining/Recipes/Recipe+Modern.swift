import GANLearning
import GANNetworks
import GANTensor

// Networks without normalisation, relativistic pairing, and both penalties at every update.
extension Recipe {
  /// R3GAN at a size that two cores train: narrower at 32 × 32, where most of the work is.
  package static let r3gan32 = Recipe(
    name: "r3gan-32",
    summary: "R3GAN: grouped residual blocks, relativistic, R1 and R2, for 32 × 32",
    citation:
      "Huang et al., \"The GAN is dead; long live the GAN! A Modern Baseline GAN\", 2024, "
      + "arXiv:2501.05441; widths and length are ours",
    expectedResult: "not judged yet",
    dataset: "auto", imageSize: "32",
    options: options("r3gan-32") {
      $0.itemShape = [1, 32, 32]
      $0.architecture = .r3gan
      $0.initialization = .fixup
      $0.objective = .relativistic
      $0.freshReals = true
      $0.latentSize = 64
      $0.batchSize = 64
      $0.epochs = 5
      $0.generator.hidden = [128, 128, 64, 32]
      $0.generator.activation = .leakyReLU
      $0.discriminator.hidden = [32, 64, 128, 128]
      $0.penalties = [.r1, .r2]
      // The first fifth of the run, in images.
      let burnIn = 60_000
      $0.penalty.r1.weight = ScheduledValue(from: 1, to: 0.1, over: burnIn, .cosine)
      $0.penalty.r2.weight = $0.penalty.r1.weight
      ($0.penalty.r1.interval, $0.penalty.r2.interval) = (1, 1)
      $0.average.halfLife = ScheduledValue(from: 0, to: 15_000, over: burnIn, .cosine)
      $0.average.rampUp = 0
      for player in [\TrainingOptions.Optimizers.generator, \.discriminator] {
        $0.optimizer[keyPath: player].learningRate = 2e-4
        $0.optimizer[keyPath: player].beta1 = 0
        $0.optimizer[keyPath: player].beta2 = ScheduledValue(
          from: 0.9, to: 0.99, over: burnIn, .cosine)
      }
    })
}
