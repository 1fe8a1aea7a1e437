import ArgumentParser
import GANLab

/// `gan lab modes`.
struct LabModes: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "modes",
    abstract: "Count which modes of a mixture the generator reaches.",
    discussion: """
      As PacGAN counts: 100,000 points of data, 2,500 generated ones, three standard \
      deviations. Takes train's options, and plays the plain GAN with the same networks and \
      budget beside them.
      """)

  @Argument(help: ArgumentHelp("What the data come from.", valueName: "world"))
  var world = "ring-8"

  @Flag(help: "Do not play the plain GAN too.")
  var withoutPlain = false

  @OptionGroup var game: LabGameArguments
  @OptionGroup var lab: LabArguments

  func run() async throws {
    let played = try game.game(on: world, usual: [("steps", "20000")])
    var experiment = try ModesExperiment(played, besidePlain: !withoutPlain)
    experiment.seeds = game.list(default: [0], played.options)
    if let samples = game.samples { experiment.sampleCount = samples }
    try await lab.perform(experiment)
  }
}
