import ArgumentParser
import GANLab

/// `gan lab proportions`.
struct LabProportions: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "proportions",
    abstract: "Measure which shares of a lopsided mixture the generator learns.",
    discussion: """
      By default four modes that weigh 70, 20, 7 and 3 %. Takes train's options; every \
      objective has the same networks and budget.
      """)

  @Argument(help: ArgumentHelp("What the data come from.", valueName: "world"))
  var world = ProportionsExperiment.usualWorld

  @OptionGroup var objectives: ObjectiveArguments

  @OptionGroup var game: LabGameArguments
  @OptionGroup var lab: LabArguments

  func run() async throws {
    let played = try game.game(on: world, usual: LabCompare.budget)
    var experiment = try ProportionsExperiment(
      played, objectives: objectives.chosen(for: game))
    experiment.seeds = game.list(default: [0, 1, 2], played.options)
    if let samples = game.samples { experiment.sampleCount = samples }
    try await lab.perform(experiment)
  }
}
