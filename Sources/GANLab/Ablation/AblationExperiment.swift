package import GANLearning
package import GANTraining

/// The parts of a relativistic loss with R1 and R2, taken away one at a time in one game of points: which of them
/// are needed?
///
/// - Source: Huang et al., "The GAN is dead; long live the GAN! A Modern Baseline GAN", 2024,
///   arXiv:2501.05441, whose claim it repeats.
package struct AblationExperiment: Experiment {
  package static let name = "ablation"

  /// The games and how they are judged.
  package var modes: ModesExperiment

  /// Plays a game with every loss.
  ///
  /// - Parameters:
  ///   - game: Networks, budget and world; its loss does not count.
  ///   - weight: Of every penalty.
  ///   - losses: Those that are played, in this order.
  /// - Throws: `EvaluationError.noModes` where the world has none; `OptionsError`.
  package init(
    _ game: WorldGame, weight: ScheduledValue, losses: [AblatedLoss] = AblatedLoss.all
  ) throws {
    modes = try ModesExperiment(losses.map { try game.with($0, weight: weight) })
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
      text: "\(AblatedLoss.publishedClaim)\n\n\(account.text)", pictures: account.pictures)
  }
}
