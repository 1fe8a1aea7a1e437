import ArgumentParser
import GANLab
import GANTraining

/// `gan lab gradients`.
struct LabGradients: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradients",
    abstract: "Compare what the generator learns from log(1 - D) and from -log D.",
    discussion: """
      Both gradients are measured at the same weights and latents, before every step of one \
      run of the tutorial's GAN.
      """)

  @Option(help: ArgumentHelp("Steps of each run.", valueName: "n"))
  var steps = 600

  @Option(help: ArgumentHelp("Decides every random number.", valueName: "s"))
  var seed: String?

  @Option(help: ArgumentHelp("Threads that compute; all processors by default.", valueName: "t"))
  var threads: String?

  @Option(help: ArgumentHelp("Width of every hidden layer of both networks.", valueName: "n"))
  var hiddenSize: String?

  @Option(help: ArgumentHelp("Real images in an update.", valueName: "n"))
  var batchSize: String?

  @OptionGroup var data: DataArguments
  @OptionGroup var lab: LabArguments

  func run() async throws {
    let flags =
      data.flags + [
        OptionAssignment(flag: "--steps", "steps", "\(steps)"),
        OptionAssignment(flag: "--seed", "seed", seed),
        OptionAssignment(flag: "--threads", "threads", threads),
        OptionAssignment(flag: "--hidden-size", "hiddenSize", hiddenSize),
        OptionAssignment(flag: "--batch-size", "batchSize", batchSize),
      ]
    let settings = try OptionSettings(flags.compactMap(\.self))
    try settings.validate()
    let images = try data.load(settings, Console(isQuiet: lab.quiet))
    try await lab.perform(GradientExperiment(settings.options(for: images), on: images))
  }
}
