import GANLearning
import GANNetworks
import GANTensor

// GANs that are told classes.
extension Recipe {
  /// Classes beside the latents and beside the images.
  package static let cgan = Recipe(
    name: "cgan",
    summary: "Conditional GAN: fully connected networks told the class",
    citation:
      "Mirza & Osindero, \"Conditional Generative Adversarial Nets\", 2014, arXiv:1411.1784",
    expectedResult: reading(epochs: 100, inClassAskedFor: "98.3%", ofWorstClass: "97.1%"),
    dataset: "auto",
    options: options("cgan") {
      $0.conditioning = .concatenation
      $0.latentSize = 100
      $0.generator.hidden = [256, 512, 1_024]
      $0.generator.activation = .leakyReLU
      $0.generator.normalization = .batch
      $0.discriminator.hidden = [512, 512, 512]
      $0.discriminator.dropout = 0.4
      $0.optimizer.generator.beta1 = 0.5
      $0.optimizer.discriminator.beta1 = 0.5
      $0.previewCount = 100
      $0.epochs = 100
    })

  /// A discriminator that also names the class.
  package static let acgan = Recipe(
    name: "acgan",
    summary: "The generator is told the class, the discriminator names it",
    citation: "Odena et al., \"Conditional Image Synthesis with Auxiliary Classifier GANs\", 2016, "
      + "arXiv:1610.09585; layers of DCGAN",
    expectedResult: reading(epochs: 12, inClassAskedFor: "97.6%", ofWorstClass: "92.4%"),
    dataset: "auto",
    options: dcgan("acgan", itemShape: [1, 28, 28], hidden: [128, 64], epochs: 12) {
      $0.conditioning = .auxiliaryClassifier
      $0.discriminator.dropout = 0.25
      $0.previewCount = 100
    })

  /// A discriminator that multiplies the class's vector with its features.
  package static let projection = Recipe(
    name: "projection",
    summary: "Class projection, spectral normalisation and hinge loss",
    citation: projectionCitation + "; layers of DCGAN",
    expectedResult: reading(epochs: 12, inClassAskedFor: "98.1%", ofWorstClass: "96.8%"),
    dataset: "auto", options: projection("projection", hidden: [128, 64], epochs: 12))

  /// Gray images of 28 × 28 for a quarter of an hour of two processors: half as wide as `projection`, so
  /// that it has more than twice as many steps, whose size falls from large to small.
  package static let quick28 = Recipe(
    name: "quick-28",
    summary: "Gray images of 28 × 28 with classes, in 15 minutes of two cores",
    citation: projectionCitation + "; layers of DCGAN, widths and schedule are ours",
    expectedResult: reading(epochs: 60, inClassAskedFor: "98.3%", ofWorstClass: "97.1%"),
    dataset: "auto",
    options: projection("quick-28", hidden: [64, 32], epochs: 60) {
      for player in [\TrainingOptions.Optimizers.generator, \.discriminator] {
        // To the end of a run on MNIST.
        $0.optimizer[keyPath: player].learningRate = ScheduledValue(
          from: 6e-4, to: 3e-5, over: 60 * 60_000, .cosine)
      }
    })

  /// Few colour pictures of 32 × 32 in folders of classes, for 90 minutes of one processor: as narrow as
  /// `quick-28`, augmented, and with steps whose size falls to the end.
  package static let classes32 = Recipe(
    name: "classes-32",
    summary: "Few colour pictures of 32 × 32 in folders, one for each class",
    citation: projectionCitation + "; layers of DCGAN; augmentation of Zhao et al., "
      + "\"Differentiable Augmentation for Data-Efficient GAN Training\", 2020, "
      + "arXiv:2006.10738; widths and schedule are ours",
    expectedResult: "of 4,000 photographs of ten kinds shapes of horses, cars and ships, and of "
      + "smaller animals colours and fur",
    dataset: "auto", imageSize: "32",
    options: projection(
      "classes-32", itemShape: [3, 32, 32], hidden: [128, 64, 32], epochs: 1
    ) {
      $0.horizontalFlip = true
      $0.augmentation = [.color, .translation, .cutout]
      $0.average.halfLife = 20_000
      for player in [\TrainingOptions.Optimizers.generator, \.discriminator] {
        $0.optimizer[keyPath: player].learningRate = ScheduledValue(
          from: 5e-4, to: 2.5e-5, over: 75_000 * 64, .cosine)
      }
      ($0.epochs, $0.steps) = (nil, 75_000)
      ($0.dataset, $0.datasetCount) = ("pictures", 4_000)
      $0.roundSteps = 500
      $0.checkpointInterval = 5
    })

  private static let projectionCitation =
    "Miyato & Koyama, \"cGANs with Projection Discriminator\", 2018, arXiv:1802.05637"

  private static func projection(
    _ name: String, itemShape: Shape = [1, 28, 28], hidden: [Int], epochs: Int,
    _ change: (inout TrainingOptions) -> Void = { _ in }
  ) -> TrainingOptions {
    dcgan(name, itemShape: itemShape, hidden: hidden, epochs: epochs) {
      $0.conditioning = .projection
      $0.objective = .hinge
      $0.initialization = .xavier
      $0.discriminator.normalization = .spectral
      $0.average.halfLife = 10_000
      $0.previewCount = 100
      change(&$0)
    }
  }

  /// The share of 1,000 samples of each class that such a classifier reads as the class asked for.
  private static func reading(
    epochs: Int, inClassAskedFor share: String, ofWorstClass least: String
  ) -> String {
    "MNIST, \(epochs) epochs: a classifier sees the class that gan sample --label asked for in "
      + "\(share), in \(least) of the worst class"
  }
}
