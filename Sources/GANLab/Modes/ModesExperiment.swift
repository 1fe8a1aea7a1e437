import Foundation
import GANData
import GANRuntime
import GANStatistics
import GANTensor
package import GANTraining

/// The modes of a mixture that a generator reaches, counted as PacGAN counts them.
package struct ModesExperiment: Experiment {
  package static let name = "modes"

  /// The games that are compared; the same world for all.
  package let games: [WorldGame]
  /// Each decides a run's data, parameters, order and latents.
  package var seeds: [UInt64] = [0]
  /// Generated points that are judged.
  package var sampleCount = 2_500
  /// The number of looks, evenly over each run.
  package var lookCount = 20

  /// Compares a game with the plain GAN, unless it is one.
  ///
  /// - Throws: `EvaluationError.noModes` where the world has none; `OptionsError`.
  package init(_ game: WorldGame, besidePlain: Bool = true) throws {
    let plain = try game.plain
    try self.init(besidePlain && plain.label != game.label ? [game, plain] : [game])
  }

  /// Compares games on one world.
  ///
  /// - Throws: `EvaluationError.noModes` where the world has none.
  init(_ games: [WorldGame]) throws {
    guard games.allSatisfy({ !$0.mixture.modes.isEmpty }) else { throw EvaluationError.noModes }
    self.games = games
  }

  /// A result for each game.
  package struct Results: Encodable, Sendable {
    let games: [GameResult]
  }

  /// The results of one game.
  struct GameResult: Encodable, Sendable {
    let label: String
    /// Of one step.
    let multiplyAddsPerStep: Int
    let runs: [Run]
    /// Over the seeds, of runs that stayed finite.
    let modes: Spread?
    let highQuality: Spread?
    let reverseKL: Spread?

    init(_ game: WorldGame, _ runs: [Run]) {
      label = game.label
      multiplyAddsPerStep = runs.first?.multiplyAddsPerStep ?? 0
      self.runs = runs
      func spread(_ value: (ModeStatistics) -> Double?) -> Spread? {
        Spread(ifAny: runs.compactMap { $0.final.flatMap(value) })
      }
      modes = spread { Double($0.coveredCount) }
      highQuality = spread(\.highQuality.share)
      reverseKL = spread(\.reverseKLToUniform.value)
    }
  }

  /// One seed's run.
  struct Run: Encodable, Sendable {
    let seed: UInt64
    /// False where points became infinite or NaN.
    let stayedFinite: Bool
    /// At the end of a run that stayed finite.
    let final: ModeStatistics?
    let curve: [Reading]
    let elapsedSeconds: Double
    /// Of one step.
    let multiplyAddsPerStep: Int
    /// The picture of the first seed.
    let picture: Picture?

    private enum CodingKeys: String, CodingKey {
      case seed, stayedFinite, final, curve, elapsedSeconds
    }
  }

  /// One look at a run.
  struct Reading: Encodable, Sendable {
    let step: Int
    let modes: Int
    let highQuality: Double
    let reverseKL: Double?
    /// Everything else about the last look.
    let statistics: ModeStatistics
    let picture: Picture?
    let multiplyAddsPerStep: Int

    private enum CodingKeys: String, CodingKey { case step, modes, highQuality, reverseKL }
  }

  /// Generated points, and the discriminator's logits over `square`; nil where it judges a point by
  /// its batch, so that it has no field.
  struct Picture: Sendable {
    let samples: [SIMD2<Double>]
    let field: [Double]?
  }

  /// The square in which the discriminator's field is drawn.
  static func square(around game: WorldGame) -> PlaneField {
    let (lower, upper) = game.mixture.bounds(deviations: 3)
    return PlaneField(from: lower, to: upper, margin: 0.3)
  }

  package func run(
    on engine: Engine, progress: @escaping @Sendable (String) -> Void
  ) async throws -> Results {
    var results: [GameResult] = []
    for game in games {
      var runs: [Run] = []
      for seed in seeds {
        let run = try await engine.countModes(
          of: game, seed: seed, sampleCount: sampleCount, lookCount: lookCount,
          isDrawn: seed == seeds[0])
        let words =
          run.final.map {
            "\($0.coveredCount) of \($0.modeCount) modes, "
              + "\(percentage($0.highQuality.share ?? 0)) of high quality"
          } ?? "diverged"
        progress("\(game.label), seed \(seed): \(words), \(fixed(run.elapsedSeconds, 0)) s")
        runs.append(run)
      }
      results.append(GameResult(game, runs))
    }
    return Results(games: results)
  }
}

extension Engine {
  /// Plays one game and counts modes on the way.
  ///
  /// - Parameter isDrawn: Whether to keep what a picture of the plane needs.
  func countModes(
    of game: WorldGame, seed: UInt64, sampleCount: Int, lookCount: Int, isDrawn: Bool = false
  ) async throws -> ModesExperiment.Run {
    let clock = ContinuousClock()
    let start = clock.now
    let counter = try ModeCounter(of: game.mixture, sampleCount: sampleCount, seed: seed)
    let total = game.options.totalSteps
    let readings = try await play(game, seed: seed, lookCount: lookCount) {
      session -> ModesExperiment.Reading? in
      let samples = try session.items(count: sampleCount, purpose: .evaluationLatents)
      guard samples.floats.allSatisfy(\.isFinite) else { return nil }
      let statistics = try counter.statistics(of: samples.floats)
      return ModesExperiment.Reading(
        step: session.step, modes: statistics.coveredCount,
        highQuality: statistics.highQuality.share ?? 0,
        reverseKL: statistics.reverseKLToUniform.value, statistics: statistics,
        picture: isDrawn && game.mixture.dimension == 2 && session.step == total
          ? try ModesExperiment.Picture(samples: samples, session, game) : nil,
        multiplyAddsPerStep: session.multiplyAddsPerStep)
    }
    let last = readings.last
    let stayedFinite = last?.step == total
    return ModesExperiment.Run(
      seed: seed, stayedFinite: stayedFinite, final: stayedFinite ? last?.statistics : nil,
      curve: readings, elapsedSeconds: (clock.now - start).inSeconds,
      multiplyAddsPerStep: last?.multiplyAddsPerStep ?? 0, picture: last?.picture)
  }
}

extension ModesExperiment.Picture {
  /// Reads what is drawn of a finished run.
  fileprivate init(
    samples: HostTensor, _ session: TrainingSession, _ game: WorldGame
  ) throws {
    var field: [Double]?
    if game.options.minibatchDeviation == 0 {
      let logits = try LogitField(
        session.setup.game.network(of: .discriminator), packing: session.setup.game.packing,
        prepare: session.prepare(measuring:))
      field = try logits.logits(at: ModesExperiment.square(around: game).points)
    }
    self.init(
      samples: points(of: samples.floats, dimension: samples.shape[1]), field: field)
  }
}
