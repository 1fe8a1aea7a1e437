import Foundation
import GANData
import GANLearning
import GANNetworks
import GANStatistics
import GANTensor
import GANTestSupport
import GANTraining
import Testing

@testable import GANLab

@Suite("Experiments measure what they say", .serialized)
struct ExperimentTests {
  @Test("Divergences of lists are their sums, and of densities their integrals")
  func divergence() async throws {
    let lists = try await LabFixture(
      DivergenceExperiment(NamedDistribution("0.5,0.5,0"), NamedDistribution("0.25,0.25,0.5")))
    let sums = try lists.dictionary
    #expect(abs(try sums.number("klForward") - log(2)) < 1e-15)
    #expect(sums["klBackward"] is NSNull, "infinite, which JSON has no number for")
    let normals = try await LabFixture(
      DivergenceExperiment(NamedDistribution("normal(0,1)"), NamedDistribution("normal(1,1)")))
    let integrals = try normals.dictionary
    #expect(abs(try integrals.number("klForward") - 0.5) < 1e-8)
    #expect(
      abs(
        try integrals.number("optimalValue")
          - (2 * integrals.number("jensenShannon") - log(4))) < 1e-8)
    let plane = try await LabFixture(
      DivergenceExperiment(
        NamedDistribution("normal2d(0,0,1)"), NamedDistribution("normal2d(1,0,1)")))
    #expect(
      abs(
        try plane.dictionary.number("jensenShannon") - integrals.number("jensenShannon")) < 1e-7)
  }

  @Test("A discriminator comes nearer to the best, and never past it")
  func optimum() async throws {
    var experiment = OptimumExperiment(
      pairs: [
        try OptimumExperiment.Pair(
          NamedDistribution("normal(0,1)"), NamedDistribution("normal(1,1)"))
      ])
    experiment.line.steps = 400
    experiment.line.batchSize = 500
    experiment.sampleCount = 20_000
    experiment.seeds = [0, 1]
    experiment.threads = 1
    let fixture = try await LabFixture(experiment)
    let pair = try #require((fixture.results as? [[String: Any]])?.first)
    let error = try pair.number("jensenShannonError")
    for run in try pair.list("runs") {
      let gaps = try #require(run["gaps"] as? [Double])
      #expect(gaps.allSatisfy { $0 >= -error }, "no D exceeds the best: \(gaps)")
      // Four hundred updates find a straight line; what is left is the noise of the last batches.
      #expect(try run.number("gap") < 0.002)
      #expect(try run.number("gap") < gaps[0] / 10)
      #expect(try run.number("supremum") < 0.05)
      #expect(
        abs(try run.number("value") + run.number("gap") - pair.number("optimalValue")) < 1e-12)
      // The same value from samples, within four of its standard errors.
      let sampled = try #require(run["sampled"] as? [String: Any])
      #expect(
        abs(try sampled.number("value") - run.number("value"))
          < 4 * (try sampled.number("standardError")))
    }
  }

  @Test("The region of the supremum leaves out the mass it says")
  func region() throws {
    let pair = try OptimumExperiment.Pair(
      NamedDistribution("normal(0,1)"), NamedDistribution("normal(3,2)"))
    let exact = try ExactOptimum(pair)
    let region = try #require(exact.region)
    let inside = [pair.densities.data, pair.densities.generator].map {
      $0.probability(from: SIMD2(region.lowerBound, 0), to: SIMD2(region.upperBound, 0)) / 2
    }
    #expect(abs(1 - inside.reduce(0, +) - ExactOptimum.outside) < 1e-12)
  }

  @Test("A generator of known density descends the divergence, which V never overstates")
  func descent() async throws {
    var experiment = try DescentExperiment(NamedDistribution("normal(1,0.7)"))
    experiment.steps = 120
    experiment.warmUpSteps = 200
    experiment.discriminatorSteps = 4
    experiment.batchSize = 200
    experiment.seeds = [0]
    experiment.threads = 1
    experiment.sampleCount = 500
    let fixture = try await LabFixture(experiment)
    let readings = try #require(try fixture.dictionary.list("runs").first).list("readings")
    let divergences = try readings.map { try $0.number("jensenShannon") }
    #expect(divergences[0] > 0.02 && divergences[divergences.count - 1] < divergences[0] / 4)
    for reading in readings {
      let bound = log(2) + (try reading.number("value")) / 2
      #expect(bound <= (try reading.number("jensenShannon")) + 1e-7)
    }
  }

  private static let noise: ImageDataset = {
    var random = SplitMix(seed: 5)
    return ImageDataset(
      name: "noise", imageShape: [1, 4, 4],
      pixels: (0..<64 * 16).map { _ in UInt8.random(in: 0...255, using: &random) })
  }()

  private static func tutorial(batchSize: Int) -> TrainingOptions {
    var options = TrainingOptions()
    options.generator.hidden = [12]
    options.discriminator.hidden = [12]
    options.batchSize = batchSize
    options.threads = 1
    (options.epochs, options.steps) = (nil, 30)
    return options
  }

  @Test("For one image the gradients differ by (1 - D) / D and in nothing else")
  func gradientsOfOneImage() async throws {
    let fixture = try await LabFixture(
      GradientExperiment(Self.tutorial(batchSize: 1), on: Self.noise))
    for run in ["nonSaturatingRun", "minimaxRun"] {
      let readings = try fixture.dictionary.list(run)
      #expect(readings.count == 31)
      for reading in readings {
        let score = try reading.number("fakeScore")
        // Norms in single precision over some hundred numbers.
        #expect(abs(try reading.number("factor") / (1 / score - 1) - 1) < 1e-4)
        #expect(abs(try reading.number("cosine") - 1) < 1e-5)
      }
    }
  }

  @Test("Both runs of the gradients start from the same weights and latents")
  func gradientsStartTogether() async throws {
    let results = try await GradientExperiment(Self.tutorial(batchSize: 8), on: Self.noise)
      .run(on: try Engine()) { _ in }
    #expect(results.nonSaturatingRun[0] == results.minimaxRun[0])
    #expect(results.nonSaturatingRun.last != results.minimaxRun.last)
  }

  private static func game(_ world: String) throws -> WorldGame {
    var options = Recipe.ring8.options
    options.generator.hidden = [16]
    options.discriminator.hidden = [16]
    options.batchSize = 50
    options.threads = 1
    options.datasetCount = 1_000
    (options.epochs, options.steps) = (nil, 40)
    return try WorldGame(NamedDistribution(world), options)
  }

  @Test("Modes are counted for the game and the plain one beside it, over seeds")
  func modes() async throws {
    var experiment = try ModesExperiment(Self.game("ring-8"))
    experiment.seeds = [0, 1]
    experiment.lookCount = 4
    experiment.sampleCount = 300
    let fixture = try await LabFixture(experiment)
    let games = try fixture.dictionary.list("games")
    #expect(
      games.compactMap { $0["label"] as? String } == ["non-saturating, r1 0.005", "non-saturating"])
    for game in games {
      let runs = try game.list("runs")
      #expect(runs.compactMap { $0["seed"] as? Int } == [0, 1])
      for run in runs {
        #expect(try run.list("curve").compactMap { $0["step"] as? Int } == [0, 10, 20, 30, 40])
        let final = try #require(run["final"] as? [String: Any])
        #expect(final["modeCount"] as? Int == 8 && final["sampleCount"] as? Int == 300)
      }
    }
    #expect(throws: EvaluationError.noModes) { try ModesExperiment(Self.game("moons")) }
  }

  @Test("An ablation plays the same game with every loss")
  func ablation() async throws {
    var experiment = try AblationExperiment(Self.game("ring-8"), weight: 0.5)
    (experiment.modes.lookCount, experiment.modes.sampleCount) = (1, 100)
    let games = try await LabFixture(experiment).dictionary.list("games")
    let penalties = ["", ", r1 0.5", ", r2 0.5", ", r1 0.5, r2 0.5"]
    #expect(
      games.compactMap { $0["label"] as? String } == penalties.map { "non-saturating" + $0 }
        + penalties.map { "relativistic" + $0 } + ["relativistic, r1 0.5 every 8, r2 0.5 every 8"])
    #expect(try games.allSatisfy { try $0.list("runs").count == 1 })
    let two = [AblatedLoss.all[8], AblatedLoss.all[0]]
    let chosen = try AblationExperiment(Self.game("ring-8"), weight: 0.5, losses: two)
    #expect(
      chosen.modes.games.map(\.label) == [
        "relativistic, r1 0.5 every 8, r2 0.5 every 8", "non-saturating",
      ])
    #expect(throws: EvaluationError.noModes) {
      try AblationExperiment(Self.game("moons"), weight: 1)
    }
  }

  @Test("Shares and curves come for every objective, with as many steps")
  func objectives() async throws {
    var shares = try ProportionsExperiment(
      Self.game(ProportionsExperiment.usualWorld), objectives: [.nonSaturating, .hinge])
    shares.seeds = [0, 1]
    shares.sampleCount = 500
    let proportions = try await LabFixture(shares).dictionary
    let weights = try #require(proportions["weights"] as? [Double])
    #expect(zip(weights, [0.7, 0.2, 0.07, 0.03]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(try proportions.list("games").count == 2)

    var comparison = try CompareExperiment(
      Self.game("ring-8(2,0.3)"), objectives: [.nonSaturating, .wasserstein])
    comparison.seeds = [3]
    comparison.sampleCount = 500
    comparison.lookCount = 2
    let games = try await LabFixture(comparison).dictionary.list("games")
    for game in games {
      let curve = try #require(try game.list("runs").first).list("curve")
      #expect(curve.compactMap { $0["step"] as? Int } == [0, 20, 40])
    }
  }

  @Test("The same settings give the same results")
  func repetition() async throws {
    var experiment = try CompareExperiment(
      Self.game("ring-8(2,0.3)"), objectives: [.leastSquares])
    experiment.seeds = [2]
    experiment.sampleCount = 200
    experiment.lookCount = 2
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var texts: Set<Data> = []
    for _ in 0..<2 {
      texts.insert(try encoder.encode(await experiment.run(on: try Engine()) { _ in }))
    }
    #expect(texts.count == 1)
  }
}
