import GANLearning
import GANNetworks
import GANTensor

// Convolutional GANs without classes.
extension Recipe {
  /// The tutorial's game between wider networks.
  package static let mlpLarge = Recipe(
    name: "mlp-large",
    summary: "Wider fully connected networks, the discriminator's with dropout",
    citation: "Goodfellow et al., \"Generative Adversarial Nets\", 2014, arXiv:1406.2661; widths "
      + "and dropout of widely used PyTorch code for MNIST",
    expectedResult: reading(epochs: 50, confidence: "0.935", classes: "5.7 to 16.5%"),
    dataset: "auto",
    options: options("mlp-large") {
      $0.latentSize = 100
      $0.generator.hidden = [256, 512, 1_024]
      $0.generator.activation = .leakyReLU
      $0.discriminator.hidden = [1_024, 512, 256]
      $0.discriminator.dropout = 0.3
      // With Adam's default of 0.9 the discriminator wins within an epoch, for good.
      $0.optimizer.generator.beta1 = 0.5
      $0.optimizer.discriminator.beta1 = 0.5
      $0.epochs = 50
    })

  /// DCGAN for images of 28 × 28; with few latents, a penalty and an average, digits are cleaner.
  package static let dcgan28 = Recipe(
    name: "dcgan-28",
    summary: "Convolutional GAN for gray images of 28 × 28, as MNIST has them",
    citation: dcganCitation + "; penalty of Mescheder et al., 2018, arXiv:1801.04406; few latents "
      + "and the average are ours",
    expectedResult: reading(epochs: 30, confidence: "0.918", classes: "8.6 to 11.7%"),
    dataset: "auto",
    options: dcgan("dcgan-28", itemShape: [1, 28, 28], hidden: [128, 64], epochs: 30) {
      $0.latentSize = 16
      $0.penalties = [.r1]
      $0.penalty.r1.weight = 1
      $0.penalty.r1.interval = 8
      $0.average.halfLife = 20_000
    })

  /// DCGAN for gray images of 32 × 32.
  package static let dcgan32 = Recipe(
    name: "dcgan-32",
    summary: "Convolutional GAN for gray images of 32 × 32",
    citation: dcganCitation,
    expectedResult: reading(epochs: 10, confidence: "0.864", classes: "6.4 to 13.3%"),
    dataset: "auto", imageSize: "1x32x32",
    options: dcgan("dcgan-32", itemShape: [1, 32, 32], hidden: [256, 128, 64], epochs: 10))

  /// DCGAN for colour images of 64 × 64, as wide as its widely used code.
  package static let dcgan64 = Recipe(
    name: "dcgan-64",
    summary: "Convolutional GAN for colour images of 64 × 64",
    citation: dcganCitation,
    expectedResult:
      "of 5,000 photographs, gan train --recipe dcgan-64 --data-dir photos: after 25 epochs colours "
      + "and first rough shapes",
    dataset: "auto", imageSize: "3x64x64",
    options: dcgan("dcgan-64", itemShape: [3, 64, 64], hidden: [512, 256, 128, 64], epochs: 25))

  /// A Wasserstein critic kept Lipschitz by a gradient penalty.
  package static let wganGP = Recipe(
    name: "wgan-gp",
    summary: "Wasserstein GAN with gradient penalty, convolutional networks",
    citation: "Gulrajani et al., \"Improved Training of Wasserstein GANs\", 2017, arXiv:1704.00028",
    expectedResult: reading(epochs: 20, confidence: "0.857", classes: "6.8 to 12.8%"),
    dataset: "auto",
    options: dcgan("wgan-gp", itemShape: [1, 28, 28], hidden: [128, 64], epochs: 20) {
      $0.objective = .wasserstein
      $0.penalties = [.wganGP]
      $0.discriminatorSteps = 5
      $0.sharedLatents = false
      // Batch statistics would make the penalty one of the whole batch.
      $0.discriminator.normalization = .layer
      for player in [\TrainingOptions.Optimizers.generator, \.discriminator] {
        $0.optimizer[keyPath: player].learningRate = 1e-4
        $0.optimizer[keyPath: player].beta1 = 0
        $0.optimizer[keyPath: player].beta2 = 0.9
      }
    })

  /// Hinge loss, spectral normalisation, residual blocks.
  package static let sngan32 = Recipe(
    name: "sngan-32",
    summary: "Residual networks with spectral normalisation, for 32 × 32",
    citation:
      "Miyato et al., \"Spectral Normalization for Generative Adversarial Networks\", 2018, "
      + "arXiv:1802.05957; a quarter as wide as there",
    expectedResult: reading(epochs: 20, confidence: "0.903", classes: "3.7 to 13.7%"),
    dataset: "auto", imageSize: "32",
    options: options("sngan-32") {
      $0.itemShape = [1, 32, 32]
      $0.architecture = .resnet
      $0.initialization = .xavier
      $0.objective = .hinge
      $0.discriminatorSteps = 5
      $0.latentSize = 128
      $0.batchSize = 64
      $0.generator.hidden = [64, 64, 64]
      $0.generator.normalization = .batch
      $0.discriminator.hidden = [32, 32, 32, 32]
      $0.discriminator.activation = .relu
      $0.discriminator.normalization = .spectral
      $0.average.halfLife = 10_000
      $0.epochs = 20
      for player in [\TrainingOptions.Optimizers.generator, \.discriminator] {
        $0.optimizer[keyPath: player].beta1 = 0
        $0.optimizer[keyPath: player].beta2 = 0.9
      }
    })

  /// The judgement of a classifier that reads 98.8% of MNIST's test images on 10,000 samples of a
  /// run on MNIST; `Tests/Parity/judge_samples.py` repeats it.
  static func reading(epochs: Int, confidence: String, classes: String) -> String {
    "MNIST, \(epochs) epochs: of 10,000 samples a classifier is sure by \(confidence) on average, "
      + "of real images by 0.986; it sees each class in \(classes)"
  }

  private static let dcganCitation =
    "Radford et al., \"Unsupervised Representation Learning with Deep Convolutional Generative "
    + "Adversarial Networks\", 2015, arXiv:1511.06434"

  /// DCGAN's options; the discriminator's channels are the generator's the other way round.
  static func dcgan(
    _ name: String, itemShape: Shape, hidden: [Int], epochs: Int,
    _ change: (inout TrainingOptions) -> Void = { _ in }
  ) -> TrainingOptions {
    options(name) {
      $0.itemShape = itemShape
      $0.architecture = .dcgan
      $0.initialization = .dcgan
      $0.sharedLatents = true
      $0.latentSize = 100
      $0.batchSize = 64
      $0.epochs = epochs
      $0.generator.hidden = hidden
      $0.generator.normalization = .batch
      $0.discriminator.hidden = hidden.reversed()
      $0.discriminator.normalization = .batch
      $0.optimizer.generator.beta1 = 0.5
      $0.optimizer.discriminator.beta1 = 0.5
      change(&$0)
    }
  }

  /// The tutorial's options, changed.
  static func options(
    _ name: String, _ change: (inout TrainingOptions) -> Void
  ) -> TrainingOptions {
    var options = TrainingOptions()
    options.recipe = name
    change(&options)
    return options
  }
}
