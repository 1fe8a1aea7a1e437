import GANData
package import GANLearning
import GANStatistics
import GANTensor
package import GANTraining

/// The distance of generators from the data while they learn: the same networks and budget, an
/// objective each.
package struct CompareExperiment: Experiment {
  package static let name = "compare"

  /// The same world and budget, an objective each.
  package let games: [WorldGame]
  /// Each decides a run's data, parameters, order and latents.
  package var seeds: [UInt64] = [0, 1, 2]
  /// Generated points that are judged.
  package var sampleCount = 10_000
  /// The number of looks, evenly over each run.
  package var lookCount = 20

  /// Plays a game with several objectives.
  package init(_ game: WorldGame, objectives: [Objective]) throws {
    games = try objectives.map(game.with)
  }

  /// Curves for each objective.
  package struct Results: Encodable, Sendable {
    /// The estimate of samples of the data themselves.
    let noiseFloor: NoiseFloor
    let games: [GameResult]
  }

  /// The results of one objective.
  struct GameResult: Encodable, Sendable {
    let label: String
    let runs: [Run]

    /// The estimates at the end, of runs that stayed finite.
    var final: Spread? {
      let values = runs.compactMap { $0.stayedFinite ? $0.curve.last?.jensenShannon : nil }
      return values.isEmpty ? nil : Spread(values)
    }

    private enum CodingKeys: String, CodingKey { case label, final, runs }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(label, forKey: .label)
      try container.encode(final, forKey: .final)
      try container.encode(runs, forKey: .runs)
    }
  }

  /// One seed's run.
  struct Run: Encodable, Sendable {
    let seed: UInt64
    /// False where points became infinite or NaN.
    let stayedFinite: Bool
    let curve: [Reading]
  }

  /// One look at a run.
  struct Reading: Encodable, Sendable {
    let step: Int
    /// JSD(data, generator) over a histogram, in nats.
    let jensenShannon: Double?
    /// The discriminator's mean probability that generated points are real.
    let fakeScore: Double
  }

  package func run(
    on engine: Engine, progress: @escaping @Sendable (String) -> Void
  ) async throws -> Results {
    let judge = try HistogramDivergence(
      from: games[0].mixture, sampleCount: sampleCount, seed: seeds[0])
    var results: [GameResult] = []
    for game in games {
      var runs: [Run] = []
      for seed in seeds {
        let curve = try await engine.curve(
          of: game, seed: seed, lookCount: lookCount, judge: judge)
        let isWhole = curve.last?.step == game.options.totalSteps
        runs.append(Run(seed: seed, stayedFinite: isWhole, curve: curve))
      }
      let result = GameResult(label: game.label, runs: runs)
      progress("\(game.label): JSD \(result.final?.words(4) ?? "none, it diverged")")
      results.append(result)
    }
    return Results(noiseFloor: judge.noiseFloor, games: results)
  }
}

extension Engine {
  /// Plays one game and estimates its divergence on the way.
  fileprivate func curve(
    of game: WorldGame, seed: UInt64, lookCount: Int, judge: HistogramDivergence
  ) async throws -> [CompareExperiment.Reading] {
    try await play(game, seed: seed, lookCount: lookCount) {
      session -> CompareExperiment.Reading? in
      let samples = try session.items(count: judge.sampleCount, purpose: .evaluationLatents).floats
      guard samples.allSatisfy(\.isFinite) else { return nil }
      return CompareExperiment.Reading(
        step: session.step, jensenShannon: try judge.estimate(from: samples).value,
        fakeScore: Double(session.report.fakeScore))
    }
  }
}
