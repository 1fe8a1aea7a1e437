import ArgumentParser
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
      networks and budget, counted as `gan lab modes` counts. Takes train's options, but for the \
      loss.
      """)

  @Argument(help: ArgumentHelp("What the data come from.", valueName: "world"))
  var world = "grid-25"

  @Option(
    help: ArgumentHelp(
      """
      Of every penalty: a number, or a change such as '1 to 0.1 over 500000 cosine'; of r1 in the \
      recipe, unless given.
      """, valueName: "g"))
  var weight: String?

  @OptionGroup var game: LabGameArguments
  @OptionGroup var lab: LabArguments

  func validate() throws {
    guard let weight, ScheduledValue(weight) == nil else { return }
    throw ValidationError("--weight \(weight) is neither a number nor a change of one")
  }

  func run() async throws {
    let played = try game.game(on: world, usual: [("steps", "20000")])
    let weight = weight.flatMap { ScheduledValue($0) } ?? played.options.penalty.r1.weight
    var experiment = try AblationExperiment(played, weight: weight)
    experiment.modes.seeds = game.list(default: [0], played)
    if let samples = game.samples { experiment.modes.sampleCount = samples }
    try await lab.perform(experiment)
  }
}
