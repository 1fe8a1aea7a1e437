package import GANLearning
package import GANNetworks
package import GANTensor

extension Role {
  /// Makes items of latents.
  package static let generator: Role = "generator"
  /// Tells real items from generated ones.
  package static let discriminator: Role = "discriminator"
  /// The roles of the game of two, in the order of files.
  package static let pair: [Role] = [.generator, .discriminator]
}

extension Game {
  /// The game of two: a discriminator learns to tell a data set's items from a generator's, once for
  /// each batch of a step; then the generator learns to pass for the data.
  ///
  /// - Parameters:
  ///   - generator: Latents `[L]` → images in (-1, 1), flat or `[C, H, W]`, or points.
  ///   - discriminator: Packs of `packing` items, flat or `[packing · C, H, W]`, → one logit, and one
  ///     more for each class with an auxiliary classifier.
  ///   - penalties: The penalties in the discriminator's loss.
  ///   - packing: Items that the discriminator judges together.
  ///   - clip: Bound of every discriminator parameter after each of its steps; nil leaves them free.
  ///   - initialization: The initialisation of both networks' weights.
  ///   - sharedLatents: True if the generator's update judges the images of the discriminator's
  ///     last one again.
  ///   - freshReals: True if the generator's update, where it judges real items, draws its own; then
  ///     generated items have the classes of the real ones beside them.
  ///   - auxiliaryClassifier: True if the discriminator names classes, and both learn from that.
  ///   - imageShape: `[C, H, W]` of an image, where images are mirrored or augmented.
  ///   - horizontalFlip: True if half the real images are mirrored.
  ///   - augmentation: What happens to every image before the discriminator sees it.
  ///   - average: The moving average of the generator; nil for none.
  ///   - keepsPowerAverages: True if power-function averages of the generator are kept.
  package static func adversarialPair(
    generator: NetworkDescription, discriminator: NetworkDescription, objective: Objective,
    penalties: [PenaltyTerm] = [], packing: Int = 1, clip: Double? = nil,
    generatorOptimizer: AdamOptions = AdamOptions(),
    discriminatorOptimizer: AdamOptions = AdamOptions(),
    initialization: Initialization = .pytorch, sharedLatents: Bool = false,
    freshReals: Bool = false,
    auxiliaryClassifier: Bool = false, imageShape: Shape? = nil, horizontalFlip: Bool = false,
    augmentation: JudgeAugmentation = JudgeAugmentation(), average: Average? = nil,
    keepsPowerAverages: Bool = false
  ) -> Game {
    let classCount = generator.classCount ?? discriminator.classCount
    let drawsReals = freshReals && objective.generatorJudgesReal
    let latents = Noise(
      shape: generator.inputShape, classCount: classCount,
      labelsSource: drawsReals ? "real" : nil)
    let contest = Contest(
      judge: Judge(
        .discriminator, packing: packing, namesClasses: auxiliaryClassifier,
        augmentation: augmentation, imageShape: imageShape),
      real: .data("real"), fake: .output(.generator, of: .noise(latents)))
    let classification: (ClassificationLoss.Sides) -> [any LossTerm] = {
      auxiliaryClassifier ? [ClassificationLoss(of: $0, in: contest)] : []
    }
    return Game(
      players: [
        Player(.generator, generator, optimizer: generatorOptimizer),
        Player(
          .discriminator, discriminator, optimizer: discriminatorOptimizer,
          weights: .discriminator),
      ],
      updates: [
        UpdateRule(
          "discriminator", learners: [.discriminator], cadence: .batch, clip: clip,
          streams: .discriminator,
          terms: [JudgingLoss(objective, in: contest)] + classification(.both)
            + penalties.map { PenaltyLoss($0, in: contest) }),
        UpdateRule(
          "generator", learners: [.generator], cadence: .step, reusesItems: sharedLatents,
          drawsData: drawsReals, streams: .generator,
          terms: [FoolingLoss(objective, in: contest)] + classification(.generated)),
      ],
      data: [
        GameDataSet(
          "real", itemShape: itemShape(of: discriminator, packing: packing),
          isLabelled: classCount != nil, flippedShape: horizontalFlip ? imageShape : nil)
      ],
      preview: contest.fake, initialization: initialization, packing: packing,
      average: average, powerAveraged: keepsPowerAverages ? .generator : nil)
  }

  /// One item of a pack as the generator makes it.
  private static func itemShape(of discriminator: NetworkDescription, packing: Int) -> Shape {
    let dimensions = discriminator.inputShape.dimensions
    return Shape([dimensions[0] / packing] + dimensions.dropFirst())
  }
}

// The numbers of `docs/randomness.md`, which never change.
extension WeightStreams {
  static let discriminator = WeightStreams(
    .discriminatorInitialisation, firstStep: 0, firstSpectralStep: 1 << 40)
}

extension UpdateStreams {
  static let discriminator = UpdateStreams(
    noise: .discriminatorLatents,
    numbers: [
      "latents": 0, "latentLabels": 1, "horizontalFlip": 0, "interpolation": 0, "noise": 0,
      "scale": 0, "realShift": 0, "generatedShift": 0, "real": 0, "generated": 1, "penalty": 2,
      "generator": 5,
    ])

  static let generator = UpdateStreams(
    noise: .generatorLatents,
    numbers: [
      "latents": 0, "latentLabels": 3, "horizontalFlip": 1, "generated": 3, "real": 4,
      "generator": 6, "real.items": 0,
    ])
}
