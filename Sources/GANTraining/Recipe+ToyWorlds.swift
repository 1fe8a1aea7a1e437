import GANData
import GANLearning
import GANTensor

extension Recipe {
  /// Eight Gaussians on a circle of radius 1, as PacGAN has them.
  package static let ring8 = toyWorld(.ring8)

  /// Twenty-five Gaussians on a square grid, as PacGAN has them.
  package static let grid25 = toyWorld(.grid25)

  private static func toyWorld(_ world: ToyWorld) -> Recipe {
    Recipe(
      name: world.rawValue,
      summary: "Points of the toy world \(world.rawValue): two fully connected networks",
      citation: "data of Lin et al., \"PacGAN: The power of two samples in generative adversarial "
        + "networks\", 2018, arXiv:1712.04086; networks and hyperparameters are ours",
      expectedResult: "most modes are covered",
      dataset: world.rawValue, options: options(world))
  }

  private static func options(_ world: ToyWorld) -> TrainingOptions {
    var options = TrainingOptions()
    options.recipe = world.rawValue
    options.dataset = world.rawValue
    options.datasetCount = PointDataset.worldCount
    options.itemShape = [world.mixture.dimension]
    return options
  }
}
