package import GANLearning
package import GANTraining

/// The parts of a relativistic loss with R1 and R2, taken away one at a time in one game: which of them are
/// needed?
///
/// - Source: Huang et al., "The GAN is dead; long live the GAN! A Modern Baseline GAN", 2024,
///   arXiv:2501.05441, whose claim it repeats.
package struct AblationExperiment: Experiment {
  package static let name = "ablation"

  /// The games and how they are judged.
  package var modes: ModesExperiment

  /// Updates from one that has lazy penalties to the next.
  static let lazyInterval = 8

  /// Plays a game with every loss.
  ///
  /// - Parameters:
  ///   - game: Networks, budget and world; its loss does not count.
  ///   - weight: Of every penalty.
  /// - Throws: `EvaluationError.noModes` where the world has none; `OptionsError`.
  package init(_ game: WorldGame, weight: ScheduledValue) throws {
    let penalties: [[Penalty]] = [[], [.r1], [.r2], [.r1, .r2]]
    var games: [WorldGame] = []
    for objective in [Objective.nonSaturating, .relativistic] {
      for penalties in penalties {
        games.append(try game.with(objective, penalties, weight))
      }
    }
    games.append(
      try game.with(.relativistic, [.r1, .r2], weight, interval: Self.lazyInterval))
    modes = try ModesExperiment(games)
  }

  package func run(
    on engine: Engine, progress: @escaping @Sendable (String) -> Void
  ) async throws -> ModesExperiment.Results {
    try await modes.run(on: engine, progress: progress)
  }

  package func account(of results: ModesExperiment.Results) -> Account {
    let account = modes.account(of: results)
    return Account(
      title: "Which parts of a relativistic loss with R1 and R2 are needed?",
      text: """
        The paper of R3GAN (Huang et al. 2024, arXiv:2501.05441) says all of them: with 1,000 modes it finds all by the \
        relativistic loss with both penalties, 693 by the plain loss with both, and sees R1 alone diverge; penalties \
        at a few updates only fail.

        """ + account.text,
      pictures: account.pictures)
  }
}
