import GANData
import GANLearning
package import GANNetworks
import GANTensor

extension TrainingOptions {
  /// Both networks; for options that are valid.
  package var networks: (generator: NetworkDescription, discriminator: NetworkDescription) {
    let plan = networkPlan
    return (plan.generator(generator), plan.discriminator(discriminator))
  }

  private var networkPlan: NetworkPlan {
    NetworkPlan(
      architecture, itemShape: itemShape, latentSize: latentSize, conditioning: conditioning,
      classCount: classCount ?? 1, packing: packing,
      minibatchDeviation: minibatchDeviation, blocks: blocks)
  }

  /// Checks that networks can make items of the shape that there is.
  ///
  /// - Throws: `OptionsError.contradiction` or `.unfitImages`.
  func validateArchitecture() throws(OptionsError) {
    guard let defect = networkPlan.defect(generator: generator, discriminator: discriminator)
    else { return }
    let text = "architecture \(architecture.rawValue) \(defect.reason)"
    guard let side = defect.fittingSide else { throw .contradiction(text) }
    throw .unfitImages(text, side: FramingRequest.sides.contains(side) ? side : nil)
  }

  /// Checks the networks' demands on the data and on each other.
  ///
  /// - Throws: `OptionsError.contradiction` or `.unfitImages`.
  func validateNetworks() throws(OptionsError) {
    try validateArchitecture()
    guard conditioning == .none || classCount != nil else {
      throw .contradiction(
        "conditioning \(conditioning.rawValue) needs classes, and \(dataset) has none")
    }
    guard conditioning == .none || packing == 1 else {
      throw .contradiction(
        "conditioning \(conditioning.rawValue) tells the class of an item, but packing is \(packing)"
      )
    }
    guard makesImages || (augmentation.isEmpty && !horizontalFlip) else {
      throw .contradiction("augmentation and horizontalFlip are for images, not points")
    }
    let movesPixels = horizontalFlip || augmentation.contains(where: \.movesPixels)
    guard !movesPixels || batchSize * itemPixels <= Augmentation.mostMovedPixels else {
      throw .contradiction(
        "geometry, a translation or a flip moves at most \(Augmentation.mostMovedPixels) pixels "
          + "of a batch, but batchSize \(batchSize) of \(itemShape) are \(batchSize * itemPixels)")
    }
    guard !freshReals || datasetCount <= Self.mostDrawnItems else {
      throw .contradiction(
        "freshReals draws from at most \(Self.mostDrawnItems) items, and \(dataset) has "
          + "\(datasetCount)")
    }
    try validateBatchStatistics()
  }

  /// Items that a uniform of 24 bits can tell apart.
  private static let mostDrawnItems = 1 << 24

  private var itemPixels: Int { itemShape.dimensions.dropFirst().reduce(1, *) }

  /// Makes sure that no batch normalisation takes the statistics of a single value.
  private func validateBatchStatistics() throws(OptionsError) {
    let least = epochPlan.leastBatchSize
    for (player, items) in [(Role.generator, least), (.discriminator, least / packing)] {
      guard let values = network(of: player).leastBatchStatistics, values * items < 2 else {
        continue
      }
      throw .contradiction(
        "batch normalisation needs more than one item in every batch, but the \(player.rawValue)'s "
          + "smallest of an epoch has one: \(datasetCount) items in batches of \(batchSize); another "
          + "batchSize leaves more")
    }
  }

  /// Refuses parts of a batch that have no statistics of their own.
  ///
  /// - Throws: `OptionsError.contradiction`.
  func validateStatistics(ofParts parts: Int) throws(OptionsError) {
    for (player, items) in [(Role.generator, batchSize), (.discriminator, batchSize / packing)] {
      guard let values = network(of: player).leastBatchStatistics else { continue }
      guard items.isMultiple(of: parts), values * items > parts else {
        throw .contradiction(
          "batchStatistics rank wants \(parts) equal parts of each batch, none of a single item, but "
            + "the \(player.rawValue)'s has \(items): another batchSize divides")
      }
    }
  }

  /// The network of a role of the pair.
  package func network(of role: Role) -> NetworkDescription {
    guard let network = networksByRole[role] else {
      preconditionFailure("options describe \(Role.pair), not \(role)")
    }
    return network
  }

  /// The setup of a session that follows these options.
  package var setup: TrainingSession.Setup {
    let networks = self.networks
    let game = Game.adversarialPair(
      generator: networks.generator, discriminator: networks.discriminator,
      objective: objective, penalties: penaltyTerms, packing: packing, clip: clip,
      generatorOptimizer: optimizer.generator, discriminatorOptimizer: optimizer.discriminator,
      initialization: initialization, sharedLatents: sharedLatents, freshReals: freshReals,
      auxiliaryClassifier: conditioning == .auxiliaryClassifier,
      imageShape: makesImages ? itemShape : nil, horizontalFlip: horizontalFlip,
      augmentation: judgeAugmentation,
      average: average.isOn
        ? Game.Average(of: .generator, average, batchSize: batchSize) : nil,
      keepsPowerAverages: average.postHoc)
    var setup = TrainingSession.Setup(
      game: game, batchSize: batchSize, batchesPerStep: discriminatorSteps, seed: seed,
      threadCount: threads)
    setup.device = device
    setup.precision = precision
    setup.chunks = reduction.chunks
    setup.normalisesParts = batchStatistics == .rank
    return setup
  }

  private var judgeAugmentation: JudgeAugmentation {
    JudgeAugmentation(
      augmentation, strength: augmentationStrength,
      probability: augmentationTarget.map { .adapted(target: $0, images: augmentationImages) }
        ?? .scheduled(augmentationProbability))
  }

  /// The chosen penalties with their coefficients.
  private var penaltyTerms: [PenaltyTerm] {
    penalties.map {
      PenaltyTerm($0, weight: penalty[$0].weight, interval: penalty[$0].interval)
    }
  }

  /// Bound of the discriminator's parameters, where nothing else keeps it Lipschitz.
  var clip: Double? {
    objective.clipsParameters && penalties.isEmpty ? wasserstein.clip : nil
  }

  /// Both networks, by role.
  var networksByRole: [Role: NetworkDescription] {
    let networks = self.networks
    return [.generator: networks.generator, .discriminator: networks.discriminator]
  }
}
