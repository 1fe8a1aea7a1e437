import ArgumentParser
import GANLab
import GANLearning
import GANTraining

/// The flags of experiments that play games: those of `train`, and several seeds.
struct LabGameArguments: ParsableArguments {
  @OptionGroup var training: TrainingArguments

  @Option(help: ArgumentHelp("Steps of each run.", valueName: "n"))
  var steps: String?

  @Option(help: ArgumentHelp("Generated items that are judged.", valueName: "n"))
  var samples: Int?

  @Option(help: ArgumentHelp("Repeat with several, such as 0-4 or 0,3,7.", valueName: "list"))
  var seeds: SeedList?

  func validate() throws {
    try checked(samples, "--samples", in: 1...10_000_000)
    guard training.seed == nil || seeds == nil else {
      throw ValidationError("--seed and --seeds both say which seeds")
    }
  }

  /// The game of these flags on a world, whose recipe they start from if it has one.
  ///
  /// - Parameter usual: The values that hold unless they are set.
  func game(on world: String, usual: [(path: String, text: String)]) throws -> WorldGame {
    let recipe = Recipe.all.contains { $0.name == world } ? world : Recipe.ring8.name
    return try WorldGame(
      NamedDistribution(world), settings(usual: [("recipe", recipe)] + usual).options)
  }

  /// The settings of these flags.
  ///
  /// - Parameters:
  ///   - usual: The values that hold unless they are set.
  ///   - flags: Those of the command itself.
  func settings(
    usual: [(path: String, text: String)], _ flags: [OptionAssignment?] = []
  ) throws -> OptionSettings {
    let settings = try OptionSettings(
      usual.map { OptionAssignment($0, $1, .program) }
        + training.assignments(flags + [OptionAssignment(flag: "--steps", "steps", steps)]))
    try settings.validate()
    return settings
  }

  /// The requested seeds.
  func list(default usual: [UInt64], _ options: TrainingOptions) -> [UInt64] {
    seeds?.seeds ?? (training.seed == nil ? usual : [options.seed])
  }
}

/// Objectives, as a list of names: `non-saturating,hinge`.
struct ObjectiveList: ExpressibleByArgument {
  let objectives: [Objective]

  /// Nil for text that lists none.
  init?(argument: String) {
    let names = argument.split(separator: ",", omittingEmptySubsequences: false)
    objectives = names.compactMap { Objective(rawValue: String($0)) }
    guard objectives.count == names.count else { return nil }
  }
}
