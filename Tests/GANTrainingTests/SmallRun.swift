import GANData
import GANNetworks

@testable import GANTraining

extension TrainingOptions {
  /// A run on `SmallMNIST`, ten steps an epoch on one thread, between a generator with one narrow layer and
  /// a linear discriminator.
  static func smallRun(on dataset: ImageDataset, epochs: Int, width: Int = 3) -> TrainingOptions {
    var options = TrainingOptions()
    options.adopt(dataset)
    (options.threads, options.batchSize, options.epochs) = (1, 25, epochs)
    (options.generator.hidden, options.discriminator.hidden) = ([width], [])
    return options
  }
}
