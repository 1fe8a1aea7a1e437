import GANLearning
import GANTraining

/// What to train, and for how long. Start from a recipe and change what should differ.
public struct GANOptions: Sendable, Equatable {
  /// The GAN everybody starts with: three linear layers against three, 200 epochs of MNIST.
  ///
  /// - Source: Goodfellow et al., "Generative Adversarial Nets", 2014, arXiv:1406.2661.
  public static let tutorial = GANOptions(Recipe.tutorial.options)

  /// What the generator minimises; the discriminator always learns to tell real from generated.
  public enum Objective: String, Sendable, CaseIterable {
    /// `-log D(G(z))`: strong gradients while the discriminator is ahead.
    case nonSaturating = "non-saturating"
    /// `log(1 - D(G(z)))`: the game as first defined; it saturates early.
    case minimax
  }

  private var options: TrainingOptions

  private init(_ options: TrainingOptions) { self.options = options }

  /// What the generator minimises.
  public var objective: Objective {
    get { options.objective == .minimax ? .minimax : .nonSaturating }
    set { options.objective = newValue == .minimax ? .minimax : .nonSaturating }
  }

  /// Passes over the images.
  public var epochs: Int {
    get { options.epochs ?? 0 }
    set { options.epochs = newValue }
  }

  /// Real images in an update; the last of an epoch takes what remains.
  public var batchSize: Int {
    get { options.batchSize }
    set { options.batchSize = newValue }
  }

  /// Discriminator updates for each generator update.
  public var discriminatorSteps: Int {
    get { options.discriminatorSteps }
    set { options.discriminatorSteps = newValue }
  }

  /// Decides every random number.
  public var seed: UInt64 {
    get { options.seed }
    set { options.seed = newValue }
  }

  /// Threads that compute; all processors at first.
  public var threads: Int {
    get { options.threads }
    set { options.threads = newValue }
  }

  /// Standard normals that the generator makes an image of.
  public var latentSize: Int {
    get { options.latentSize }
    set { options.latentSize = newValue }
  }

  /// Outputs of each of the generator's hidden layers.
  public var generatorHidden: [Int] {
    get { options.generator.hidden }
    set { options.generator.hidden = newValue }
  }

  /// Outputs of each of the discriminator's hidden layers.
  public var discriminatorHidden: [Int] {
    get { options.discriminator.hidden }
    set { options.discriminator.hidden = newValue }
  }

  /// The step size of both players' Adam.
  public var learningRate: Double {
    get { options.optimizer.generator.learningRate }
    set {
      options.optimizer.generator.learningRate = newValue
      options.optimizer.discriminator.learningRate = newValue
    }
  }

  /// Steps of an epoch between two reports.
  public var reportInterval: Int {
    get { options.reportInterval }
    set { options.reportInterval = newValue }
  }

  /// The options of a run on these images.
  func resolved(for images: ImageData) -> TrainingOptions {
    var resolved = options
    resolved.adopt(images.dataset)
    return resolved
  }
}
