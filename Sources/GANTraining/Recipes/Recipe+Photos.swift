import GANLearning
import GANNetworks
import GANTensor

// Convolutional GANs for pictures of one's own, of which there are few.
extension Recipe {
  /// Pictures of 28 × 28, and other sides that two layers can halve.
  package static let photos28 = photos(side: 28, hidden: [128, 64])

  /// Pictures of 32 × 32, and other sides that three layers can halve.
  package static let photos32 = photos(side: 32, hidden: [256, 128, 64])

  /// Pictures of 64 × 64, and other sides that four layers can halve.
  package static let photos64 = photos(side: 64, hidden: [256, 128, 64, 32])

  /// Where there are few pictures the discriminator learns them by heart: it sees them augmented,
  /// with a penalty on its slope. The length is in steps, as epochs of few pictures have few.
  private static func photos(side: Int, hidden: [Int]) -> Recipe {
    Recipe(
      name: "photos-\(side)",
      summary: "Convolutional GAN for few pictures of one's own, of \(side) × \(side)",
      citation: "layers of DCGAN, arXiv:1511.06434; augmentation of Zhao et al., \"Differentiable "
        + "Augmentation for Data-Efficient GAN Training\", 2020, arXiv:2006.10738; penalty of "
        + "Mescheder et al., 2018, arXiv:1801.04406",
      expectedResult: "of 304 small photographs colours and backgrounds after a fifth of its steps "
        + "(32 x 32, seed 0); the rest is for shapes",
      dataset: "auto", imageSize: "\(side)",
      options: dcgan(
        "photos-\(side)", itemShape: [3, side, side], hidden: hidden, epochs: 1
      ) {
        ($0.epochs, $0.steps) = (nil, 10_000)
        ($0.dataset, $0.datasetCount, $0.classCount) = ("pictures", 1_000, nil)
        $0.penalties = [.r1]
        $0.penalty.r1.weight = 1
        $0.penalty.r1.interval = 8
        $0.augmentation = [.color, .translation, .cutout]
        $0.average.halfLife = 10_000
        $0.roundSteps = 100
        $0.checkpointInterval = 5
      })
  }
}
