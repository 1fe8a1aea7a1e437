import GANData
import GANLearning
import GANNetworks
import GANTensor

extension Recipe {
  /// Eight Gaussians on a circle of radius 1, as PacGAN has them.
  package static let ring8 = toyWorld(.ring8, r1: 0.005, epochs: 300)

  /// Twenty-five Gaussians on a square grid, as PacGAN has them.
  package static let grid25 = toyWorld(.grid25, r1: 0.02, epochs: 100)

  private static func toyWorld(_ world: ToyWorld, r1: ScheduledValue, epochs: Int) -> Recipe {
    var options = TrainingOptions()
    (options.recipe, options.dataset) = (world.rawValue, world.rawValue)
    options.datasetCount = PointDataset.worldCount
    options.itemShape = [world.mixture.dimension]
    options.classCount = nil
    options.penalties = [.r1]
    options.penalty.r1.weight = r1
    options.epochs = epochs
    // As many as a point has coordinates: a network that need not fold more latents into a plane
    // makes narrower modes.
    options.latentSize = world.mixture.dimension
    (options.generator.hidden, options.discriminator.hidden) = ([128, 128], [128, 128])
    // To the end of the run.
    options.optimizer.generator.learningRate = ScheduledValue(
      from: 1e-3, to: 1e-5, over: epochs * PointDataset.worldCount, .cosine)
    options.optimizer.generator.beta1 = 0.5
    options.optimizer.discriminator = options.optimizer.generator
    // The number of samples in published counts of modes.
    options.previewCount = 2_500
    return Recipe(
      name: world.rawValue,
      summary: "Points of the toy world \(world.rawValue): two fully connected networks",
      citation: "data of Lin et al., \"PacGAN: The power of two samples in generative adversarial "
        + "networks\", 2018, arXiv:1712.04086; penalty of Mescheder et al., \"Which Training Methods "
        + "for GANs do actually Converge?\", 2018, arXiv:1801.04406; networks are ours",
      expectedResult:
        "every mode is covered, and 97% or more of 2,500 samples lie within three "
        + "deviations of one; a perfect generator has 98.9%",
      dataset: world.rawValue, options: options)
  }
}
