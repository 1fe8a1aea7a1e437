import ArgumentParser
import GANData
import GANEvaluation
import GANLab
import GANLearning
import GANTraining

/// `gan lab ablation`.
struct LabAblation: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ablation",
    abstract: "Take the parts of R3GAN's loss away, one at a time.",
    discussion: """
      Relativistic or not; no penalty, R1, R2 or both; both at every eighth update: with the same \
      networks and budget. Points of a world are counted as `gan lab modes` counts; stacked \
      images, such as stacked-mnist-2, as `gan evaluate` does, with small convolutional \
      networks. Takes train's options, but for the loss.
      """)

  @Argument(
    help: ArgumentHelp(
      "What the data come from: a world with modes, or a stacked data set.", valueName: "data"))
  var data = "grid-25"

  @Option(
    help: ArgumentHelp(
      """
      Of every penalty: a number, or a change such as '1 to 0.1 over 500000 cosine'. Unless given \
      that of r1 in the world's recipe; of stacked images 1 to 0.1 over the first third.
      """, valueName: "g"))
  var weight: String?

  @Option(
    help: ArgumentHelp(
      "Which, such as relativistic-r1-r2,non-saturating; all nine by default.", valueName: "list"))
  var losses: LossList?

  @Option(
    help: ArgumentHelp(
      "Folder with the files of a stacked data set, as gan train takes it.", valueName: "folder"),
    completion: .directory)
  var dataDir: String?

  @OptionGroup var game: LabGameArguments
  @OptionGroup var lab: LabArguments

  func validate() throws {
    if let weight, ScheduledValue(weight) == nil {
      throw ValidationError("--weight \(weight) is neither a number nor a change of one")
    }
    guard !isStacked else { return }
    if let dataset = NamedDataset.named(data), !dataset.isPoints {
      throw ValidationError(
        "\(data) has no modes to count; stacked data sets have, such as stacked-mnist-2, and "
          + "worlds such as grid-25")
    }
    guard dataDir == nil else {
      throw ValidationError("--data-dir is for a stacked data set, and \(data) is none")
    }
  }

  func run() async throws {
    if isStacked {
      try await lab.perform(stackedExperiment())
    } else {
      try await lab.perform(worldExperiment())
    }
  }

  private var isStacked: Bool { NamedDataset.stacked.contains { $0.name == data } }

  private func worldExperiment() throws -> AblationExperiment {
    let played = try game.game(on: data, usual: [("steps", "20000")])
    let weight = weight.flatMap { ScheduledValue($0) } ?? played.options.penalty.r1.weight
    var experiment = try AblationExperiment(played, weight: weight, losses: chosenLosses)
    experiment.modes.seeds = game.list(default: [0], played.options)
    if let samples = game.samples { experiment.modes.sampleCount = samples }
    return experiment
  }

  private func stackedExperiment() throws -> StackedAblationExperiment {
    let flags = [
      OptionAssignment(flag: data, "dataset", data),
      OptionAssignment(flag: "--data-dir", "dataDir", dataDir),
    ]
    let settings = try game.settings(usual: Self.stackedBudget, flags)
    let images = try settings.dataSource(cache: DataCache.ofUser)
      .find(on: Console(isQuiet: lab.quiet))
    let plain = try settings.options(for: images)
    let length = plain.totalSteps * plain.batchSize
    let options = try game.settings(
      usual: Self.stackedBudget + Self.learningRates(over: length), flags
    ).options(for: images)
    var experiment = try StackedAblationExperiment(
      options, on: images,
      weight: weight.flatMap { ScheduledValue($0) }
        ?? ScheduledValue(from: 1, to: 0.1, over: max(1, length / 3), .cosine),
      losses: chosenLosses,
      features: FeatureSearch(cache: DataCache.ofUser.map { FeatureCache($0) }))
    experiment.seeds = game.list(default: [0], options)
    if let samples = game.samples { experiment.sampleCount = samples }
    return experiment
  }

  private var chosenLosses: [AblatedLoss] { losses?.losses ?? AblatedLoss.all }

  /// Small networks of the recipe for stacked digits, without a normalisation that would help a loss.
  private static let stackedBudget = [
    (path: "recipe", text: "dcgan-28"), ("steps", "10000"), ("latentSize", "64"),
    ("generator.hidden", "[64,32]"), ("discriminator.hidden", "[32,64]"),
    ("discriminator.normalization", "none"), ("average.halfLife", "10000"),
  ]

  /// Learning rates that fall over a whole run of so many images.
  private static func learningRates(over images: Int) -> [(path: String, text: String)] {
    let change = ScheduledValue(from: 1e-3, to: 5e-5, over: max(1, images), .cosine)
    return ["generator", "discriminator"].map { ("optimizer.\($0).learningRate", "\(change)") }
  }
}

/// Losses of an ablation, as a list of names in any order: `relativistic-r1-r2,non-saturating`.
struct LossList: ExpressibleByArgument {
  /// In the order of the tables.
  let losses: [AblatedLoss]

  /// Nil for text that lists none.
  init?(argument: String) {
    let names = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    losses = AblatedLoss.all.filter { names.contains($0.name) }
    guard losses.count == names.count else { return nil }
  }

  static var allValueStrings: [String] { AblatedLoss.all.map(\.name) }
}
