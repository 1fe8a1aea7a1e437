import ArgumentParser
import GANLab

/// `gan lab optimum`.
struct LabOptimum: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "optimum",
    abstract: "Train only the discriminator, and compare it with the best there is.",
    discussion: """
      Without distributions: four pairs from easy to hard. The discriminator sees new \
      samples in every update; its value is integrated, not sampled.
      """)

  @Argument(help: ArgumentHelp("What the data come from.", valueName: "p"))
  var data: String?

  @Argument(help: ArgumentHelp("What stands in for a generator.", valueName: "q"))
  var generator: String?

  @Option(help: ArgumentHelp("Updates of the discriminator.", valueName: "n"))
  var steps: Int?

  @Option(help: ArgumentHelp("New samples of each kind in an update.", valueName: "n"))
  var batchSize: Int?

  @Option(help: ArgumentHelp("Width of both hidden layers.", valueName: "n"))
  var hiddenSize: Int?

  @Option(help: ArgumentHelp("Adam's at first; it falls to 0.", valueName: "x"))
  var learningRate: Double?

  @OptionGroup var repetition: SeedArguments
  @OptionGroup var lab: LabArguments

  func validate() throws {
    guard (data == nil) == (generator == nil) else {
      throw ValidationError("name two distributions, or none")
    }
    try checked(steps, "--steps", in: 1...10_000_000)
    try checked(batchSize, "--batch-size", in: 1...1_000_000)
    try checked(hiddenSize, "--hidden-size", in: 1...65_536)
    guard learningRate.map({ $0 > 0 && $0.isFinite }) ?? true else {
      throw ValidationError("--learning-rate must be positive, got \(learningRate ?? 0)")
    }
  }

  func run() async throws {
    var experiment = OptimumExperiment(pairs: try pairs)
    for place in [\OptimumExperiment.line, \.plane] {
      if let steps { experiment[keyPath: place].steps = steps }
      if let batchSize { experiment[keyPath: place].batchSize = batchSize }
      if let hiddenSize { experiment[keyPath: place].hidden = [hiddenSize, hiddenSize] }
      if let learningRate { experiment[keyPath: place].learningRate = learningRate }
    }
    experiment.seeds = repetition.list()
    experiment.threads = try repetition.threadCount
    try await lab.perform(experiment)
  }

  private var pairs: [OptimumExperiment.Pair] {
    get throws {
      guard let data, let generator else { return try OptimumExperiment.standardPairs }
      return [try OptimumExperiment.Pair(NamedDistribution(data), NamedDistribution(generator))]
    }
  }
}
