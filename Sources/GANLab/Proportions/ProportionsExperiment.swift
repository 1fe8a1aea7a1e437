import GANData
package import GANLearning
import GANStatistics
import GANTensor
package import GANTraining

/// The shares of a lopsided mixture that a generator learns.
package struct ProportionsExperiment: Experiment {
  package static let name = "proportions"

  /// The same world and budget, an objective each.
  package let games: [WorldGame]
  /// Each decides a run's data, parameters, order and latents.
  package var seeds: [UInt64] = [0, 1, 2]
  /// Generated points that are judged.
  package var sampleCount = 10_000

  /// Four Gaussians on a circle, from common to rare.
  package static let usualWorld =
    "0.70*normal2d(1,0,0.1)+0.20*normal2d(0,1,0.1)+0.07*normal2d(-1,0,0.1)+0.03*normal2d(0,-1,0.1)"

  /// Plays a game with several objectives.
  ///
  /// - Throws: `EvaluationError.noModes` where the world has none.
  package init(_ game: WorldGame, objectives: [Objective]) throws {
    guard !game.mixture.modes.isEmpty else { throw EvaluationError.noModes }
    games = try objectives.map(game.with)
  }

  /// A result for each objective.
  package struct Results: Encodable, Sendable {
    /// The data's own shares.
    let weights: [Double]
    let games: [GameResult]
  }

  /// The results of one objective.
  struct GameResult: Encodable, Sendable {
    let label: String
    /// Each mode's share of the points of high quality, over the seeds; empty where there are none,
    /// and where all seeds diverged.
    let shares: [Spread]
    let highQuality: Spread?
    /// KL of the shares to the data's.
    let reverseKLToWeights: Spread?
    /// The mean noise floor of that, from the data's own samples.
    let noiseFloor: Double?
    let divergedSeeds: [UInt64]
    /// With an interval for each share.
    let runs: [ModeStatistics]

    /// The words in place of shares where there are none.
    var reasonForNone: String { runs.isEmpty ? "diverged" : "no point near a mode" }

    init(_ game: WorldGame, _ runs: [ModesExperiment.Run]) {
      label = game.label
      let finals = runs.compactMap(\.final)
      func spread(_ value: (ModeStatistics) -> Double?) -> Spread? {
        let values = finals.compactMap(value)
        return values.isEmpty ? nil : Spread(values)
      }
      shares = game.mixture.modes.indices.compactMap { mode in spread { $0.modes[mode].share } }
      highQuality = spread(\.highQuality.share)
      reverseKLToWeights = spread(\.reverseKLToWeights.value)
      noiseFloor = finals.first?.reverseKLToWeights.noiseFloor.mean
      divergedSeeds = runs.filter { $0.final == nil }.map(\.seed)
      self.runs = finals
    }
  }

  package func run(
    on engine: Engine, progress: @escaping @Sendable (String) -> Void
  ) async throws -> Results {
    var results: [GameResult] = []
    for game in games {
      var runs: [ModesExperiment.Run] = []
      for seed in seeds {
        runs.append(
          try await engine.countModes(
            of: game, seed: seed, sampleCount: sampleCount, lookCount: 1))
      }
      let result = GameResult(game, runs)
      let shares = result.shares.map { percentage($0.mean) }.joined(separator: ", ")
      progress("\(game.label): \(shares.isEmpty ? result.reasonForNone : shares)")
      results.append(result)
    }
    return Results(weights: games.first?.mixture.modes.map(\.weight) ?? [], games: results)
  }
}
