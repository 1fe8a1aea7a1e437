import ArgumentParser
import Foundation
import GANRuntime
import GANTraining

/// The flags of a training; `train`, `trace` and `bench` share them.
struct TrainingArguments: ParsableArguments {
  @Option(help: .option("recipe"), completion: .names(of: "recipe"))
  var recipe: String?

  @Option(help: .option("objective", "name"), completion: .names(of: "objective"))
  var objective: String?

  @Option(
    help: .option("penalties", "name", then: " Repeatable."), completion: .names(of: "penalties"))
  var penalty: [String] = []

  @Option(help: .option("batchSize", "n"))
  var batchSize: String?

  @Option(help: .option("seed", "s"))
  var seed: String?

  @Option(help: .option("threads", "t"))
  var threads: String?

  @Option(help: .option("precision", "name"), completion: .names(of: "precision"))
  var precision: String?

  @Option(help: "Where to compute: \(deviceRequirement).", completion: .list(deviceNames))
  var device: String?

  @Option(help: .option("latentSize", "n"))
  var latentSize: String?

  @Option(help: .option("hiddenSize", "n"))
  var hiddenSize: String?

  @Option(help: .option("learningRate", "x"))
  var learningRate: String?

  @Option(
    help: ArgumentHelp(
      "A YAML file of options, weaker than GAN_SET_* and flags; or a run's options.json.",
      valueName: "file"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "Any option by its path, after all flags; gan train --dry-run prints them. Repeatable.",
      valueName: "key.path=value"))
  var set: [String] = []

  /// The settings of a new run.
  ///
  /// - Parameter run: The run whose options it starts from; nil for those of a recipe, or of the run
  ///   whose options are the configuration file.
  func settings(
    _ commandFlags: [OptionAssignment?], like run: RecordedRun? = nil
  ) throws -> OptionSettings {
    let recorded = try configuration?.run
    if let run, let recorded {
      throw OptionsError.contradiction(
        "--from \(run.path) and --config \(recorded.path) both give the options of a run")
    }
    return try OptionSettings(
      assignments(commandFlags, recordedRun: .isBase), like: run ?? recorded)
  }

  /// The use of the options of a run that `--config` names.
  enum UseOfRun {
    /// Settings start from them.
    case isBase
    /// They are assignments, which another run must have.
    case isCompared
    case isRefused
  }

  /// The configuration file.
  private var configuration: ConfigurationFile? {
    get throws { try config.map { try ConfigurationFile(contentsOf: $0) } }
  }

  /// All of the user's assignments of options: the configuration file, the environment, these flags
  /// and those of the command, `--set`.
  ///
  /// - Parameter recordedRun: What becomes of a run's options in place of a configuration file.
  func assignments(
    _ commandFlags: [OptionAssignment?], recordedRun: UseOfRun = .isRefused
  ) throws -> [OptionAssignment] {
    let flags = [
      OptionAssignment(flag: "--recipe", "recipe", recipe),
      OptionAssignment(flag: "--objective", "objective", objective),
      penalty.isEmpty ? nil : OptionAssignment("penalties", penalty, .flag("--penalty")),
      OptionAssignment(flag: "--batch-size", "batchSize", batchSize),
      OptionAssignment(flag: "--seed", "seed", seed),
      OptionAssignment(flag: "--threads", "threads", threads),
      OptionAssignment(flag: "--precision", "precision", precision),
      OptionAssignment(flag: "--device", "device", device),
      OptionAssignment(flag: "--latent-size", "latentSize", latentSize),
      OptionAssignment(flag: "--hidden-size", "hiddenSize", hiddenSize),
      OptionAssignment(flag: "--learning-rate", "learningRate", learningRate),
    ]
    let file = try configuration
    var first = file?.assignments ?? []
    if let run = file?.run {
      switch recordedRun {
      case .isBase: break
      case .isCompared: first = run.assignments(from: .file(run.path, line: 1))
      case .isRefused:
        throw OptionsError.notConfiguration(
          path: run.path, line: nil, reason: "the options of a run, which gan train starts from")
      }
    }
    return try first
      + OptionAssignment.all(in: ProcessInfo.processInfo.environment)
      + (flags + commandFlags).compactMap(\.self)
      + set.map { try OptionAssignment(assignment: $0) }
  }
}

extension ArgumentHelp {
  /// The help in the row of an option, by its path.
  static func option(
    _ path: String, _ valueName: String? = nil, then end: String = ""
  ) -> ArgumentHelp {
    let text = OptionSettings.help(of: path) + end
    return valueName.map { ArgumentHelp("\(text)", valueName: $0) } ?? ArgumentHelp("\(text)")
  }
}

extension CompletionKind {
  /// The names that an option can have.
  static func names(of path: String) -> CompletionKind { .list(OptionSettings.names(of: path)) }
}

extension OptionAssignment {
  /// A flag's assignment to an option; nil if the flag is missing.
  init?(flag: String, _ path: String, _ text: String?) {
    guard let text else { return nil }
    self.init(path, text, .flag(flag))
  }
}

extension OptionSettings {
  /// Checks as much as is possible before there are data, and that the device exists.
  func validate() throws {
    try validateBeforeData()
    try checkDevice(choices.device, from: origin(of: "device"))
  }
}

/// The values of `--device`.
let deviceNames = ["auto"] + DeviceKind.allCases.map(\.rawValue)

/// The values of `--device`, in words.
let deviceRequirement =
  deviceNames.dropLast().joined(separator: ", ") + " or " + (deviceNames.last ?? "")

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
      key: "device", value: device, requirement: deviceRequirement, origin: origin)
  }
}
