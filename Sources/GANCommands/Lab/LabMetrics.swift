import ArgumentParser
import GANLab
import GANTraining

/// `gan lab metrics`.
struct LabMetrics: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics",
    abstract: "Measure which metric notices what is wrong with images.",
    discussion: """
      Spoils real images on purpose, level by level: classes dropped, noise, a shift, copies, \
      fewer images, duplicates. Takes any data with labels; the first time a classifier learns \
      them, which takes about a minute.
      """)

  @OptionGroup var data: DataArguments

  @Option(help: ArgumentHelp("Images in a set, at most a sixth of the data.", valueName: "n"))
  var count = 2_000

  @Option(help: ArgumentHelp("Decides the noise.", valueName: "s"))
  var seed: UInt64 = 0

  @OptionGroup var features: FeatureArguments
  @OptionGroup var threads: ThreadArguments
  @OptionGroup var lab: LabArguments

  func validate() throws {
    try checked(count, "--count", in: MetricsExperiment.leastCount...100_000)
  }

  func run() async throws {
    let console = Console(isQuiet: lab.quiet)
    let settings = try OptionSettings(data.flags.compactMap(\.self))
    var experiment = try MetricsExperiment(
      data.load(settings, console), count: count, features: features.search)
    experiment.seed = seed
    experiment.threads = try threads.count
    try await lab.perform(experiment)
  }
}
