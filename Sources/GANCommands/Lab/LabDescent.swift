import ArgumentParser
import GANLab
import GANLearning

/// `gan lab descent`.
struct LabDescent: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "descent",
    abstract: "Train a generator of known density, and watch the divergence fall.",
    discussion: """
      The generator is a mixture of Gaussians that learns their means and deviations, so its \
      divergence from the data is integrated at every step, not estimated.
      """)

  @Argument(help: ArgumentHelp("What the data come from.", valueName: "p"))
  var data = "0.5*normal(-2,0.5)+0.5*normal(2,0.5)"

  @Option(help: "What the generator minimises: minimax or non-saturating.")
  var objective = Objective.minimax.rawValue

  @Option(help: ArgumentHelp("Updates of the generator.", valueName: "n"))
  var steps = 400

  @Option(
    help: ArgumentHelp("Updates of the discriminator for each of them.", valueName: "n"))
  var discriminatorSteps = 10

  @Option(help: ArgumentHelp("New samples of each kind in an update.", valueName: "n"))
  var batchSize = 1_000

  @Option(
    help: ArgumentHelp(
      "Gaussians the generator has; as many as the data by default.", valueName: "n"))
  var components: Int?

  @Option(help: ArgumentHelp("Samples of each estimate beside the exact values.", valueName: "n"))
  var samples = 10_000

  @OptionGroup var repetition: SeedArguments
  @OptionGroup var lab: LabArguments

  /// The objectives whose discriminator maximises V.
  private static let objectives = [Objective.minimax, .nonSaturating]

  func validate() throws {
    try checked(steps, "--steps", in: 1...10_000_000)
    try checked(discriminatorSteps, "--discriminator-steps", in: 0...10_000)
    try checked(batchSize, "--batch-size", in: 1...1_000_000)
    try checked(samples, "--samples", in: 1...10_000_000)
    try checked(components, "--components", in: 1...1_000)
    guard Self.objectives.map(\.rawValue).contains(objective) else {
      throw ValidationError(
        "--objective must be minimax or non-saturating here, got \(objective)")
    }
  }

  func run() async throws {
    var experiment = try DescentExperiment(NamedDistribution(data))
    experiment.objective = Objective(rawValue: objective) ?? experiment.objective
    experiment.steps = steps
    experiment.discriminatorSteps = discriminatorSteps
    experiment.batchSize = batchSize
    if let components { experiment.componentCount = components }
    experiment.sampleCount = samples
    experiment.seeds = repetition.list(default: [0, 1, 2])
    experiment.threads = try repetition.threadCount
    try await lab.perform(experiment)
  }
}
