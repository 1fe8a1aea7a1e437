public import GANLearning
public import GANNetworks
import GANTraining

/// What to train, and for how long. Start from a recipe and change what should differ.
///
/// The usual options have properties. All of them have a path, as `gan train --set` takes it:
/// `options["penalty.r1.weight"] = "1"`.
///
/// With the upcoming feature `MemberImportVisibility`, also import `GANLearning` or `GANNetworks` for
/// the cases of enumerations.
public struct GANOptions: Sendable, Equatable {
  /// What the players minimise; `docs/objectives.md` has the formulas.
  public typealias Objective = GANLearning.Objective
  /// What keeps the discriminator's slope in check.
  public typealias Penalty = GANLearning.Penalty
  /// What happens to every image before the discriminator sees it.
  public typealias Augmentation = GANLearning.Augmentation
  /// How networks are arranged.
  public typealias Architecture = GANNetworks.Architecture
  /// How networks are told classes.
  public typealias Conditioning = GANNetworks.Conditioning

  private var options: TrainingOptions
  /// The first value that an option could not take; whoever resolves the options hears of it.
  private var problem: GANError?

  private init(_ options: TrainingOptions) { self.options = options }

  // MARK: Recipes

  /// The options of a recipe, as `gan recipes list` names them.
  ///
  /// - Throws: `GANError` where there is none of that name.
  public init(recipe name: String) throws {
    self.init(try inPublicWords { try Recipe.named(name).options })
  }

  /// The recipes there are.
  public static var recipes: [String] { Recipe.all.map(\.name) }

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

  /// The same, half as wide, for a quarter of an hour of two processors.
  public static let quick28 = GANOptions(Recipe.quick28.options)

  /// The same as `dcgan28` for 32 × 32, as `TrainingSet.resized(to:)` makes them.
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

  /// Grouped residual blocks without normalisation, relativistic loss, R1 and R2, for 32 × 32.
  ///
  /// - Source: Huang et al., "The GAN is dead; long live the GAN! A Modern Baseline GAN", 2024,
  ///   arXiv:2501.05441.
  public static let r3gan32 = GANOptions(Recipe.r3gan32.options)

  /// The same twice as wide and a third longer.
  public static let r3gan32Large = GANOptions(Recipe.r3gan32Large.options)

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

  /// The same with augmentation, for some thousand colour pictures of 32 × 32 with labels.
  ///
  /// - Source: as above, and Zhao et al., "Differentiable Augmentation for Data-Efficient GAN Training",
  ///   2020, arXiv:2006.10738.
  public static let classes32 = GANOptions(Recipe.classes32.options)

  /// Convolutional networks and augmentation, for some hundred to some thousand pictures of 28 × 28.
  ///
  /// - Source: Zhao et al., "Differentiable Augmentation for Data-Efficient GAN Training", 2020,
  ///   arXiv:2006.10738.
  public static let photos28 = GANOptions(Recipe.photos28.options)

  /// The same for 32 × 32.
  public static let photos32 = GANOptions(Recipe.photos32.options)

  /// The same for 64 × 64.
  public static let photos64 = GANOptions(Recipe.photos64.options)

  /// Networks for the points of `TrainingSet.world("ring-8")`.
  public static let ring8 = GANOptions(Recipe.ring8.options)

  /// Networks for the points of `TrainingSet.world("grid-25")`.
  public static let grid25 = GANOptions(Recipe.grid25.options)

  // MARK: By path

  /// An option as `gan train --set` knows it.
  public struct Row: Hashable, Sendable {
    /// Such as `optimizer.generator.learningRate`.
    public let path: String
    /// What a value must be, to follow "must be".
    public let requirement: String
    /// What it is, in a phrase.
    public let help: String
    /// The version that had it first.
    public let since: String
  }

  /// Every option that has a path.
  public static var rows: [Row] {
    OptionKey.all.map {
      Row(path: $0.path, requirement: $0.requirement, help: $0.help, since: $0.since)
    }
  }

  /// An option's value as text, by its path; nil where there is no such option.
  ///
  /// What cannot be set is remembered: training throws it. `set(_:to:)` throws at once.
  public subscript(path: String) -> String? {
    get { try? options.value(at: path).description }
    set {
      do {
        try set(path, to: newValue ?? "null")
      } catch {
        problem = problem ?? GANError(describing: error)
      }
    }
  }

  /// Gives an option the value that a text spells, by its path.
  ///
  /// - Throws: `GANError` where there is no such option, or it cannot have that value.
  public mutating func set(_ path: String, to text: String) throws {
    try inPublicWords { try options.set(path, to: .text(text)) }
  }

  // MARK: The game

  /// What the players minimise.
  public var objective: Objective {
    get { options.objective }
    set { options.objective = newValue }
  }

  /// What is added to the discriminator's loss; `penalty.<name>.weight` is how much.
  public var penalties: Set<Penalty> {
    get { Set(options.penalties) }
    set { options.penalties = Penalty.allCases.filter(newValue.contains) }
  }

  /// What happens to every image before the discriminator sees it.
  public var augmentation: Set<Augmentation> {
    get { Set(options.augmentation) }
    set { options.augmentation = Augmentation.allCases.filter(newValue.contains) }
  }

  /// Images that the discriminator judges together; divides `batchSize`.
  public var packing: Int {
    get { options.packing }
    set { options.packing = newValue }
  }

  /// Discriminator updates for each generator update.
  public var discriminatorSteps: Int {
    get { options.discriminatorSteps }
    set { options.discriminatorSteps = newValue }
  }

  /// Random horizontal flips of real images.
  public var horizontalFlip: Bool {
    get { options.horizontalFlip }
    set { options.horizontalFlip = newValue }
  }

  /// Images after which a generator's weight in the moving average has halved; 0 keeps no average.
  public var averageHalfLife: Double {
    get { options.average.halfLife.start }
    set { options.average.halfLife = ScheduledValue(newValue) }
  }

  // MARK: The networks

  /// How both networks are arranged.
  public var architecture: Architecture {
    get { options.architecture }
    set { options.architecture = newValue }
  }

  /// How they are told classes.
  public var conditioning: Conditioning {
    get { options.conditioning }
    set { options.conditioning = newValue }
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

  // MARK: The run

  /// Passes over the data; nil where `steps` gives the length.
  public var epochs: Int? {
    get { options.epochs }
    set {
      options.epochs = newValue
      if newValue != nil { options.steps = nil }
    }
  }

  /// Steps of the run; nil where `epochs` gives the length.
  public var steps: Int? {
    get { options.steps }
    set {
      options.steps = newValue
      if newValue != nil { options.epochs = nil }
    }
  }

  /// Real images in an update; one of an epoch takes what remains.
  public var batchSize: Int {
    get { options.batchSize }
    set { options.batchSize = newValue }
  }

  /// The step size of both players' Adam; of the generator's, where they differ, and the first,
  /// where it follows a schedule.
  public var learningRate: Double {
    get { options.optimizer.generator.learningRate.start }
    set {
      options.optimizer.generator.learningRate = ScheduledValue(newValue)
      options.optimizer.discriminator.learningRate = ScheduledValue(newValue)
    }
  }

  /// Decides every random number.
  public var seed: UInt64 {
    get { options.seed }
    set { options.seed = newValue }
  }

  /// Threads that compute; all processors at first. Another number gives other bits.
  public var threads: Int {
    get { options.threads }
    set { options.threads = newValue }
  }

  /// Steps of an epoch between two reports.
  public var reportInterval: Int {
    get { options.reportInterval }
    set { options.reportInterval = newValue }
  }

  /// Epochs between two checkpoints; the end of a run always has one.
  public var checkpointInterval: Int {
    get { options.checkpointInterval }
    set { options.checkpointInterval = newValue }
  }

  /// Items of a preview.
  public var previewCount: Int {
    get { options.previewCount }
    set { options.previewCount = newValue }
  }

  /// The options of a run on these data.
  ///
  /// - Throws: `GANError` where they contradict each other or the data, or one could not be set.
  func resolved(for data: TrainingSet) throws -> TrainingOptions {
    if let problem { throw problem }
    var resolved = options
    resolved.adopt(data.items)
    try inPublicWords { try resolved.validate() }
    return resolved
  }
}
