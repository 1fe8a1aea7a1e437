import ArgumentParser
import GANLab

/// `gan lab compare`.
struct LabCompare: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Train with several objectives and the same budget.",
    discussion: """
      Plots how far each generator is from the data while it learns. Takes train's options; \
      every objective has the same networks and budget.
      """)

  @Argument(help: ArgumentHelp("What the data come from.", valueName: "world"))
  var world = "ring-8(2,0.3)"

  @OptionGroup var objectives: ObjectiveArguments

  @OptionGroup var game: LabGameArguments
  @OptionGroup var lab: LabArguments

  func run() async throws {
    let played = try game.game(on: world, usual: Self.budget)
    var experiment = try CompareExperiment(
      played, objectives: objectives.chosen(for: game))
    experiment.seeds = game.list(default: [0, 1, 2], played.options)
    if let samples = game.samples { experiment.sampleCount = samples }
    try await lab.perform(experiment)
  }

  /// The options for many runs that take about a minute together.
  static let budget = [
    (path: "steps", text: "3000"), ("penalties", "[]"), ("generator.hidden", "[64,64]"),
    ("discriminator.hidden", "[64,64]"), ("batchSize", "256"), ("learningRate", "0.001"),
    ("optimizer.generator.beta1", "0.5"), ("optimizer.discriminator.beta1", "0.5"),
  ]
}
