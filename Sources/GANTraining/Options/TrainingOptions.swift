import Foundation
package import GANData
package import GANLearning
package import GANNetworks
package import GANRuntime
package import GANTensor

/// Everything that decides how a run goes, resolved: nothing is left to a default elsewhere.
///
/// Its JSON is `options.json` and the metadata of checkpoints and traces; `OptionKey` names every
/// value that can be set.
package struct TrainingOptions: Encodable, Equatable, Sendable {
  /// The recipe the options started from.
  package var recipe = "tutorial"

  /// The name of the data.
  package var dataset = "mnist"

  /// Images, or points, in the data.
  package var datasetCount = 60_000

  /// The shape of one item of the data: `[C, H, W]` of an image, `[D]` of a point.
  package var itemShape: Shape = [1, 28, 28]

  /// The number of classes in the data; nil if they have none.
  package var classCount: Int? = 10

  /// The names of the classes, if the data have them.
  package var classNames: [String]?

  /// The device of the run.
  package var device = DeviceKind.fastest

  /// Threads that compute; another number gives other bits.
  package var threads = defaultThreadCount

  /// The numbers that products and convolutions multiply; all else is in single precision.
  package var precision = Precision.float32

  /// Decides every random number of the run.
  package var seed: UInt64 = 0

  /// The players' objective.
  package var objective = Objective.nonSaturating

  /// The penalties on the discriminator, in the order of `Penalty`.
  package var penalties: [Penalty] = []

  /// Each penalty's coefficients, chosen or not.
  package var penalty = PenaltyOptions()

  /// The options of `wasserstein` alone.
  package var wasserstein = WassersteinOptions()

  /// Real images in a discriminator update; one of an epoch takes the rest.
  package var batchSize = 100

  /// Length of the run in passes over the data; nil where `steps` gives it.
  package var epochs: Int? = 200

  /// Length of the run in steps; nil where `epochs` gives it.
  package var steps: Int?

  /// Discriminator updates in a step, each on a new batch.
  package var discriminatorSteps = 1

  /// Items that the discriminator judges together; divides `batchSize`.
  package var packing = 1

  /// Items in a group whose deviation the discriminator's last layer sees; 0 shows it none.
  package var minibatchDeviation = 0

  /// Normals the generator makes an image of.
  package var latentSize = 64

  /// The architecture of both networks.
  package var architecture = Architecture.mlp

  /// The way the networks are told classes.
  package var conditioning = Conditioning.none

  /// The initialisation of the weights.
  package var initialization = Initialization.pytorch

  /// Residual blocks for each hidden width of the architecture `r3gan`.
  package var blocks = 1

  /// True if the generator's update judges the images of the discriminator's last one again.
  package var sharedLatents = false

  /// True if the generator's update, where it judges real items, draws its own.
  package var freshReals = false

  /// True if half the real images are mirrored.
  package var horizontalFlip = false

  /// The augmentations of every image before the discriminator sees it.
  package var augmentation: [Augmentation] = []

  /// Their strength, from 0, which changes nothing, to 1, the published code's.
  package var augmentationStrength: ScheduledValue = 1

  /// The probability of each change of an image, where nothing adapts it.
  package var augmentationProbability: ScheduledValue = 1

  /// The overfitting of the discriminator that the probability adapts to, from 0; nil adapts nothing.
  package var augmentationTarget: Double?

  /// Real images on which an adapted probability goes from 0 to 1.
  package var augmentationImages = 500_000

  /// The moving average of the generator.
  package var average = AverageOptions()

  /// The generator's layers.
  package var generator = PlayerOptions(activation: .relu)

  /// The discriminator's layers.
  package var discriminator = PlayerOptions(activation: .leakyReLU)

  /// Each player's optimiser.
  package var optimizer = Optimizers()

  /// What batch normalisation takes the statistics of.
  package var batchStatistics = BatchStatistics.global

  /// The sums over a batch.
  package var reduction = ReductionOptions()

  /// Steps of an epoch between two reports.
  package var reportInterval = 200

  /// Steps of a round at least: shorter epochs share one line, one picture and one checkpoint.
  package var roundSteps = 1

  /// Rounds between two checkpoints; the end of the run always has one.
  package var checkpointInterval = 1

  /// The newest checkpoints that are kept.
  package var keptCheckpoints = 3

  /// Rounds between two checkpoints that are kept however old they are; with 0 none are.
  package var keptCheckpointInterval = 10

  /// Megabytes, of 10^6 bytes, that checkpoints may take before older ones are thinned out, and
  /// pictures and snapshots of averages likewise; 0 sets no limit.
  package var keptMegabytes = 250

  /// Images in the grids of `samples/`.
  package var previewCount = 64

  /// The judgement of the generator while it trains.
  package var evaluation = EvaluationOptions()

  /// The tutorial's, on all processors.
  package init() {}

  /// The options that keep a Wasserstein critic Lipschitz without a penalty.
  package struct WassersteinOptions: Encodable, Equatable, Sendable {
    /// Bound of every discriminator parameter after each of its steps.
    package var clip = 0.01
  }

  /// The sums over a batch: gradients, losses and statistics.
  package struct ReductionOptions: Encodable, Equatable, Sendable {
    /// The parts of a batch whose sums are joined as one tree, whoever computes them: every number of
    /// ranks that divides it gives the same bits. 1 has each rank add up its items in one go.
    package var chunks = 1
  }

  /// What batch normalisation takes the statistics of.
  package enum BatchStatistics: String, CaseIterable, Codable, Sendable {
    /// The whole batch, whoever computes it.
    case global
    /// Each rank's share of the batch or, where `reduction.chunks` divides sums, each of their parts.
    case rank
  }

  /// An optimiser for each player, over its own network only.
  package struct Optimizers: Encodable, Equatable, Sendable {
    /// The generator's.
    package var generator = AdamOptions()
    /// The discriminator's.
    package var discriminator = AdamOptions()
  }
}

extension TrainingOptions {
  /// Checks every value against its row in `OptionKey`, the values against each other, and against
  /// the facts on the data among them.
  ///
  /// - Throws: `OptionsError.unfit`, `.contradiction` or `.unfitImages`.
  package func validate() throws(OptionsError) {
    try validateValues(of: OptionKey.all)
    try validateTogether()
  }

  private func validateValues(of keys: [OptionKey]) throws(OptionsError) {
    for key in keys where !key.fits(self) {
      throw .unfit(
        key: key.path, value: key.text(of: self), requirement: key.requirement, origin: nil)
    }
  }

  /// Checks the values that the data decide, and the others, each checked when it was set, against
  /// those and against each other.
  ///
  /// - Throws: `OptionsError.unfit`, `.contradiction` or `.unfitImages`.
  func validateTogether() throws(OptionsError) {
    try validateWithoutData()
    try validateValues(of: OptionKey.facts)
    let isImage = itemShape.rank == 3 && [1, 3].contains(itemShape[0])
    let isPoint = itemShape.rank == 1
    guard isImage || isPoint, (1...Int(Int32.max)).contains(itemShape.elementCount) else {
      throw .unfit(
        key: "itemShape", value: "\(itemShape)",
        requirement: "[1 or 3, rows, columns] or [dimensions]", origin: nil)
    }
    if let classNames, classNames.count > classCount ?? 0 {
      throw .contradiction("classNames are \(classNames.count), of \(classCount ?? 0) classes")
    }
    guard datasetCount >= packing else {
      throw .contradiction("packing \(packing) needs more than the data's \(datasetCount) items")
    }
    try validateNetworks()
    try validate(rankCount: 1)
  }

  /// Refuses a number of ranks that cannot share every batch.
  ///
  /// - Throws: `OptionsError.contradiction`.
  package func validate(rankCount: Int) throws(OptionsError) {
    let chunks = reduction.chunks
    guard chunks == 1 || chunks.isMultiple(of: rankCount) else {
      throw .contradiction("\(rankCount) ranks do not divide reduction.chunks \(chunks)")
    }
    let least = epochPlan.leastBatchSize / packing
    let items = packing == 1 ? "items" : "packs"
    guard least >= max(chunks, rankCount) else {
      let parts = chunks > 1 ? "reduction.chunks \(chunks) is" : "\(rankCount) ranks are"
      throw .contradiction(
        "\(parts) more than the \(least) \(items) in the smallest batch of an epoch; another "
          + "batchSize leaves more")
    }
    if batchStatistics == .rank { try validateStatistics(ofParts: max(chunks, rankCount)) }
  }

  /// Checks for errors that no data can make right.
  ///
  /// - Throws: `OptionsError.unfit` or `.contradiction`.
  func validateWithoutData() throws(OptionsError) {
    guard epochs == nil || steps == nil else {
      throw .contradiction("epochs and steps both give the length of the run")
    }
    guard epochs != nil || steps != nil else {
      throw .contradiction("neither epochs nor steps gives the length of the run")
    }
    guard batchSize.isMultiple(of: packing) else {
      throw .contradiction(
        "a batch holds whole packs, but packing \(packing) does not divide batchSize \(batchSize)")
    }
    guard reduction.chunks.nonzeroBitCount == 1 else {
      throw .contradiction("reduction.chunks must be a power of two, got \(reduction.chunks)")
    }
  }

  /// True if the data are images, for which a generator ends with tanh, false for points, which may
  /// lie anywhere.
  package var makesImages: Bool { itemShape.rank == 3 }

  /// Sets the options that describe the data.
  package mutating func adopt(_ data: any TrainingData) {
    dataset = data.name
    datasetCount = data.count
    itemShape = data.itemShape
    classCount = data.classCount
    classNames = data.classNames
  }

  /// The arrangement of the images of `samples/`: each class in a row of its own, if all have
  /// equally many.
  var previewGrid: ImageGrid {
    guard conditioning != .none, let classCount, previewCount.isMultiple(of: classCount) else {
      return ImageGrid()
    }
    return ImageGrid(perRow: previewCount / classCount)
  }

  /// The division of each epoch's data; for options that are valid.
  package var epochPlan: EpochPlan {
    EpochPlan(
      itemCount: datasetCount, batchSize: batchSize, packing: packing,
      batchesPerStep: discriminatorSteps)
  }

  /// Steps in an epoch.
  package var stepsPerEpoch: Int { epochPlan.stepCount }

  /// Epochs in a round: one, or as many as have `roundSteps`.
  package var epochsPerRound: Int {
    let epoch = stepsPerEpoch
    return max(1, roundSteps / epoch + (roundSteps.isMultiple(of: epoch) ? 0 : 1))
  }

  /// Steps in the whole run.
  package var totalSteps: Int { steps ?? (epochs ?? 0) * stepsPerEpoch }

  /// Indented JSON with its keys in order, as `options.json` has it.
  package var json: String { get throws { try readableJSON(self) } }
}

/// Indented JSON with its keys in order: the same value gives the same bytes.
package func readableJSON(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
}

/// JSON on one line with its keys in order, as metadata have it.
func compactJSON(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
