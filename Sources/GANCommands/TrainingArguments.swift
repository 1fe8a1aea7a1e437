import ArgumentParser
import GANTraining

/// The flags that say what is trained; `train`, `trace` and `bench` share them.
struct TrainingArguments: ParsableArguments {
  @Option(help: "What to start from: \(Recipe.all.map(\.name).joined(separator: ", ")).")
  var recipe = Recipe.tutorial.name

  @Option(help: "What the players minimise: non-saturating or minimax.")
  var objective: String?

  @Option(help: ArgumentHelp("Real images in an update.", valueName: "n"))
  var batchSize: String?

  @Option(help: ArgumentHelp("Decides every random number.", valueName: "s"))
  var seed: String?

  @Option(help: ArgumentHelp("Threads that compute; all processors by default.", valueName: "t"))
  var threads: String?

  @Option(help: "Where to compute: auto or cpu.")
  var device = "auto"

  @Option(help: ArgumentHelp("Normals an image is made of.", valueName: "n"))
  var latentSize: String?

  @Option(help: ArgumentHelp("Width of every hidden layer of both networks.", valueName: "n"))
  var hiddenSize: String?

  @Option(help: ArgumentHelp("Of both players' optimisers.", valueName: "x"))
  var learningRate: String?

  @Option(
    help: ArgumentHelp(
      "Any option by its path, after all flags; gan train --dry-run prints them. Repeatable.",
      valueName: "key.path=value"))
  var set: [String] = []

  /// The recipe's options with these flags, and `--set` after them.
  ///
  /// - Parameter length: A flag of the command that gives the run's length, and its value.
  func settings(length: [(flag: String, key: String, value: String?)] = []) throws
    -> OptionSettings
  {
    try checkDevice(device)
    var settings = OptionSettings(try Recipe.named(recipe))
    let hidden = [settings.options.generator.hidden, settings.options.discriminator.hidden].map {
      layers in hiddenSize.map { size in "[\(layers.map { _ in size }.joined(separator: ","))]" }
    }
    let flags: [(flag: String, key: String, value: String?)] = [
      ("--objective", "objective", objective),
      ("--batch-size", "batchSize", batchSize),
      ("--seed", "seed", seed),
      ("--threads", "threads", threads),
      ("--latent-size", "latentSize", latentSize),
      ("--hidden-size", "generator.hidden", hidden[0]),
      ("--hidden-size", "discriminator.hidden", hidden[1]),
      ("--learning-rate", "optimizer.generator.learningRate", learningRate),
      ("--learning-rate", "optimizer.discriminator.learningRate", learningRate),
    ]
    for (flag, key, value) in flags + length {
      if let value { try settings.set(key, to: value, from: .flag(flag)) }
    }
    for assignment in set { try settings.set(assignment: assignment) }
    try settings.options.validate()
    return settings
  }
}

/// Accepts the devices there are.
func checkDevice(_ device: String) throws {
  switch device {
  case "auto", "cpu":
    return
  case "cuda":
    throw CommandError(
      .unavailable, "--device cuda: this version computes on the processor only",
      help: "--device auto takes the fastest device there is")
  default:
    throw CommandError(.usage, "--device \(device): must be auto or cpu")
  }
}
