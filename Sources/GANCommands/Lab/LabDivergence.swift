import ArgumentParser
import GANLab

/// `gan lab divergence`.
struct LabDivergence: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "divergence",
    abstract: "Compute how far two distributions are apart.",
    discussion: """
      Each is a list of probabilities (0.1,0.2,0.7), a density ('normal(0,1)', ring-8, ...) or \
      a file .json with either. Nothing is sampled.
      """)

  @Argument(help: ArgumentHelp("P.", valueName: "p"))
  var first: String

  @Argument(help: ArgumentHelp("Q.", valueName: "q"))
  var second: String

  @OptionGroup var lab: LabArguments

  func run() async throws {
    try await lab.perform(
      DivergenceExperiment(NamedDistribution(first), NamedDistribution(second)))
  }
}
