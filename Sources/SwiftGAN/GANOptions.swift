import GANLearning
import GANNetworks
import GANTraining

/// What to train, and for how long. Start from a recipe and change what should differ.
public struct GANOptions: Sendable, Equatable {
  /// The GAN everybody starts with: three linear layers against three, 200 epochs of MNIST.
  ///
  /// - Source: Goodfellow et al., "Generative Adversarial Nets", 2014, arXiv:1406.2661.
  public static let tutorial = GANOptions(Recipe.tutorial.options)

  /// The tutorial's game between wider networks, the discriminator's with dropout.
  public static let mlpLarge = GANOptions(Recipe.mlpLarge.options)

  /// Convolutional networks, for gray images of 28 × 28.
  ///
  /// - Source: Radford et al., "Unsupervised Representation Learning with Deep Convolutional
  ///   Generative Adversarial Networks", 2015, arXiv:1511.06434.
  public static let dcgan28 = GANOptions(Recipe.dcgan28.options)

  /// The same for 32 × 32, as `ImageData.resized(to:)` makes them.
  public static let dcgan32 = GANOptions(Recipe.dcgan32.options)

  /// The same for colour images of 64 × 64.
  public static let dcgan64 = GANOptions(Recipe.dcgan64.options)

  /// A critic kept Lipschitz by a gradient penalty, in convolutional networks.
  ///
  /// - Source: Gulrajani et al., "Improved Training of Wasserstein GANs", 2017, arXiv:1704.00028.
  public static let wganGP = GANOptions(Recipe.wganGP.options)

  /// Residual networks with spectral normalisation and hinge loss, for images of 32 × 32.
  ///
  /// - Source: Miyato et al., "Spectral Normalization for Generative Adversarial Networks", 2018,
  ///   arXiv:1802.05957.
  public static let sngan32 = GANOptions(Recipe.sngan32.options)

  /// Fully connected networks that are told classes, for images with labels.
  ///
  /// - Source: Mirza & Osindero, "Conditional Generative Adversarial Nets", 2014, arXiv:1411.1784.
  public static let cgan = GANOptions(Recipe.cgan.options)

  /// A discriminator that also names the class, for images of 28 × 28 with labels.
  ///
  /// - Source: Odena et al., "Conditional Image Synthesis with Auxiliary Classifier GANs", 2016,
  ///   arXiv:1610.09585.
  public static let acgan = GANOptions(Recipe.acgan.options)

  /// A discriminator that multiplies a class's vector with its features, likewise.
  ///
  /// - Source: Miyato & Koyama, "cGANs with Projection Discriminator", 2018, arXiv:1802.05637.
  public static let projection = GANOptions(Recipe.projection.options)

  /// What the players minimise; `docs/objectives.md` has the formulas.
  public enum Objective: String, Sendable, CaseIterable {
    /// `-log D(G(z))` for the generator: strong gradients while the discriminator is ahead.
    case nonSaturating = "non-saturating"
    /// `log(1 - D(G(z)))`: the game as first defined; it saturates early.
    case minimax
    /// Regression to the labels 0 and 1.
    case leastSquares = "least-squares"
    /// A margin beyond which the discriminator has nothing to learn.
    case hinge
    /// The Wasserstein distance, by clipping unless a penalty is chosen.
    case wasserstein
    /// Whether real images look more real than generated ones.
    case relativistic
  }

  /// What keeps the discriminator's slope in check.
  public enum Penalty: String, Sendable, CaseIterable {
    /// Slope 1 between real and generated images.
    case wganGP = "wgan-gp"
    /// Slope 1 around real images.
    case dragan
    /// Slope 0 at real images.
    case r1
    /// Slope 0 at generated images.
    case r2
  }

  private var options: TrainingOptions

  private init(_ options: TrainingOptions) { self.options = options }

  /// What the players minimise.
  public var objective: Objective {
    get { Objective(rawValue: options.objective.rawValue) ?? .nonSaturating }
    set {
      options.objective = GANLearning.Objective(rawValue: newValue.rawValue) ?? .nonSaturating
    }
  }

  /// What is added to the discriminator's loss, each at a weight of 10.
  public var penalties: Set<Penalty> {
    get { Set(options.penalties.compactMap { Penalty(rawValue: $0.rawValue) }) }
    set {
      options.penalties = GANLearning.Penalty.allCases.filter { penalty in
        newValue.contains { $0.rawValue == penalty.rawValue }
      }
    }
  }

  /// Images that the discriminator judges together; divides `batchSize`.
  public var packing: Int {
    get { options.packing }
    set { options.packing = newValue }
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
