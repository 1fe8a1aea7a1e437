import ArgumentParser
import Foundation
import GANLearning
import GANTraining

/// The flags that say what is trained; `train`, `trace` and `bench` share them.
struct TrainingArguments: ParsableArguments {
  @Option(
    help: "What to start from: \(Recipe.all.map(\.name).joined(separator: ", ")).",
    completion: .list(Recipe.all.map(\.name)))
  var recipe: String?

  @Option(
    help: ArgumentHelp(
      """
      What the players minimise: non-saturating, minimax, least-squares, hinge, wasserstein or \
      relativistic.
      """, valueName: "name"),
    completion: .list(Objective.allCases.map(\.rawValue)))
  var objective: String?

  @Option(
    help: ArgumentHelp(
      "What keeps the discriminator's slope in check: wgan-gp, dragan, r1 or r2. Repeatable.",
      valueName: "name"),
    completion: .list(Penalty.allCases.map(\.rawValue)))
  var penalty: [String] = []

  @Option(help: ArgumentHelp("Real images in an update.", valueName: "n"))
  var batchSize: String?

  @Option(help: ArgumentHelp("Decides every random number.", valueName: "s"))
  var seed: String?

  @Option(help: ArgumentHelp("Threads that compute; all processors by default.", valueName: "t"))
  var threads: String?

  @Option(help: "Where to compute: auto or cpu.", completion: .list(deviceNames))
  var device: String?

  @Option(help: ArgumentHelp("Normals an image is made of.", valueName: "n"))
  var latentSize: String?

  @Option(help: ArgumentHelp("Width of every hidden layer of both networks.", valueName: "n"))
  var hiddenSize: String?

  @Option(help: ArgumentHelp("Of both players' optimisers.", valueName: "x"))
  var learningRate: String?

  @Option(
    help: ArgumentHelp(
      "A YAML file of options, weaker than GAN_SET_* and flags.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "Any option by its path, after all flags; gan train --dry-run prints them. Repeatable.",
      valueName: "key.path=value"))
  var set: [String] = []

  /// Everything the user says about options: the configuration file, the environment, these flags
  /// and those of the command, `--set`.
  func assignments(_ commandFlags: [OptionAssignment?]) throws -> [OptionAssignment] {
    let flags = [
      OptionAssignment(flag: "--recipe", "recipe", recipe),
      OptionAssignment(flag: "--objective", "objective", objective),
      penalty.isEmpty ? nil : OptionAssignment("penalties", penalty, .flag("--penalty")),
      OptionAssignment(flag: "--batch-size", "batchSize", batchSize),
      OptionAssignment(flag: "--seed", "seed", seed),
      OptionAssignment(flag: "--threads", "threads", threads),
      OptionAssignment(flag: "--device", "device", device),
      OptionAssignment(flag: "--latent-size", "latentSize", latentSize),
      OptionAssignment(flag: "--hidden-size", "hiddenSize", hiddenSize),
      OptionAssignment(flag: "--learning-rate", "learningRate", learningRate),
    ]
    return try (config.map { try ConfigurationFile(contentsOf: $0).assignments } ?? [])
      + OptionAssignment.all(in: ProcessInfo.processInfo.environment)
      + (flags + commandFlags).compactMap(\.self)
      + set.map { try OptionAssignment(assignment: $0) }
  }
}

extension OptionAssignment {
  /// What a flag gives an option; nil where the flag is not there.
  init?(flag: String, _ path: String, _ text: String?) {
    guard let text else { return nil }
    self.init(path, text, .flag(flag))
  }
}

extension OptionSettings {
  /// Checks what can be known before there are data, and that there is such a device.
  func validate() throws {
    try validateBeforeData()
    try checkDevice(self[.device] ?? "auto", from: origin(of: Choice.device.rawValue))
  }
}

/// What `--device` can be.
let deviceNames = ["auto", "cpu"]

/// Accepts the devices there are.
func checkDevice(_ device: String, from origin: OptionOrigin) throws {
  switch device {
  case _ where deviceNames.contains(device):
    return
  case "cuda":
    throw CommandError(
      .unavailable, "\(origin): this version computes on the processor only, not on \(device)",
      help: "--device auto takes the fastest device there is")
  default:
    throw OptionsError.unfit(
      key: "device", value: device, requirement: "auto or cpu", origin: origin)
  }
}
