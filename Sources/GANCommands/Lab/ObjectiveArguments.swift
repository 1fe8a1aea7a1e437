import ArgumentParser
import GANLearning

/// The flag of experiments that compare objectives.
struct ObjectiveArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp("Which, such as non-saturating,hinge; all by default.", valueName: "list"))
  var objectives: ObjectiveList?

  /// The objectives of `--objectives`, the one of `--objective`, or all.
  func chosen(for game: LabGameArguments) throws -> [Objective] {
    if let objectives {
      guard game.training.objective == nil else {
        throw ValidationError("--objective and --objectives both say which objectives")
      }
      return objectives.objectives
    }
    guard let name = game.training.objective, let objective = Objective(rawValue: name) else {
      return Objective.allCases
    }
    return [objective]
  }
}
