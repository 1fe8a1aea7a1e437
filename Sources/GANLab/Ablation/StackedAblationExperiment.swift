package import GANData
package import GANEvaluation
import GANFormats
package import GANLearning
import GANRuntime
import GANStatistics
import GANTensor
package import GANTraining

/// The parts of a relativistic loss with R1 and R2, taken away one at a time in one game of stacked images, whose
/// modes are known and many.
///
/// - Source: Huang et al., "The GAN is dead; long live the GAN! A Modern Baseline GAN", 2024,
///   arXiv:2501.05441, which has three digits in an image; two make a tenth of the modes.
package struct StackedAblationExperiment: Experiment {
  package static let name = "stacked-ablation"

  /// The same networks and budget, a loss each.
  package let games: [StackedGame]
  /// Of every penalty.
  package let weight: ScheduledValue
  /// Each decides a run's parameters, order and latents.
  package var seeds: [UInt64] = [0]
  /// Generated images that are read at each look, and real ones beside them.
  package var sampleCount: Int
  /// The number of looks, evenly over each run; the last at its end.
  package var lookCount = 10
  /// The digest of the images.
  private let dataDigest: String

  /// The images.
  let data: ImageDataset
  /// The gray images that they are stacked of.
  let stack: ImageStack
  /// Finds the classifier of the gray images.
  let search: FeatureSearch

  private enum CodingKeys: String, CodingKey {
    case games, weight, seeds, sampleCount, lookCount, dataDigest
  }

  /// Plays a game with every loss.
  ///
  /// - Parameters:
  ///   - options: Networks and budget; the loss does not count.
  ///   - data: Stacked images whose parts have classes.
  ///   - weight: Of every penalty.
  ///   - losses: Those that are played, in this order.
  ///   - search: Finds the classifier that reads the parts, trained now where there is none.
  /// - Throws: `EvaluationError.noModes` of other data; `OptionsError`.
  package init(
    _ options: TrainingOptions, on data: any TrainingData, weight: ScheduledValue,
    losses: [AblatedLoss] = AblatedLoss.all, features search: FeatureSearch
  ) throws {
    guard let data = data as? ImageDataset, let stack = data.stack,
      FeatureSearch.canLearn(stack.images)
    else { throw EvaluationError.noModes }
    games = try losses.map { loss in
      var options = options
      options.adopt(data)
      options.adopt(loss, weight: weight)
      try options.validate()
      return StackedGame(loss: loss, options: options)
    }
    (self.data, self.stack, self.search, self.weight) = (data, stack, search, weight)
    dataDigest = data.digest()
    // The papers' count for the thousand modes of three; for the hundred of two enough that a mode with a
    // tenth of its share is missed once in 20,000 times.
    sampleCount = stack.depth == 3 ? 26_000 : 10_000
  }

  /// A loss, and the options of its runs; each has its own seed.
  package struct StackedGame: Encodable, Sendable {
    let loss: AblatedLoss
    let options: TrainingOptions
  }

  /// What real images get, and a result for each loss.
  package struct Results: Encodable, Sendable {
    /// Of `sampleCount` real images.
    let floor: CountedModes
    let losses: [LossResult]
  }

  /// The results of one loss.
  struct LossResult: Encodable, Sendable {
    let loss: AblatedLoss
    /// Of one step; where penalties are not always due, the mean.
    let multiplyAddsPerStep: Int
    let runs: [Run]
    /// Modes that are seen, over the seeds whose runs stayed finite.
    let modes: Spread?
    /// `KL(shares || equal shares)` in nats, likewise.
    let divergence: Spread?

    init(_ loss: AblatedLoss, _ runs: [Run]) {
      (self.loss, self.runs) = (loss, runs)
      multiplyAddsPerStep = runs.first?.multiplyAddsPerStep ?? 0
      func spread(_ value: (Reading) -> Double) -> Spread? {
        Spread(ifAny: runs.compactMap { $0.final.map(value) })
      }
      modes = spread { Double($0.modes) }
      divergence = spread(\.divergence)
    }
  }

  /// One seed's run.
  struct Run: Encodable, Sendable {
    let seed: UInt64
    /// The step after which a loss, or at a look a parameter, was infinite or NaN; nil where none was.
    let divergedAtStep: Int?
    /// At the end of a run that stayed finite.
    let final: Reading?
    let curve: [Reading]
    /// Without the looks.
    let trainingSeconds: Double
    let multiplyAddsPerStep: Int
    /// A grid of images at the last look; nil where there was none.
    let samples: PixelImage?

    private enum CodingKeys: String, CodingKey {
      case seed, divergedAtStep, final, curve, trainingSeconds
    }
  }

  /// One look at a run.
  struct Reading: Encodable, Hashable, Sendable {
    let step: Int
    /// Modes of which there is an image.
    let modes: Int
    /// `KL(shares || equal shares)`, in nats.
    let divergence: Double
  }

  package func run(
    on engine: Engine, progress: @escaping @Sendable (String) -> Void
  ) async throws -> Results {
    guard sampleCount <= data.count else {
      throw FeatureError.tooFew(source: data.name, count: data.count, needed: sampleCount)
    }
    return try await engine.ablate(self, progress: progress)
  }
}

extension Engine {
  /// Plays every game, on the engine's thread.
  fileprivate func ablate(
    _ experiment: StackedAblationExperiment, progress: @escaping @Sendable (String) -> Void
  ) async throws -> StackedAblationExperiment.Results {
    func pause() async throws {
      await passTurn()
      try Task.checkCancellation()
    }
    let options = experiment.games[0].options
    let device = try options.device.makeDevice(threadCount: options.threads)
    let reader = try await experiment.search.reader(
      of: experiment.data, for: Metric.ofStacks, on: device,
      note: { if let words = $0.words { progress(words) } }, pause: pause)
    guard let reader else { throw EvaluationError.noModes }
    let order = RandomStream(seed: 0, purpose: .evaluationOrder, step: 0)
      .permutation(count: experiment.data.count)
    let floor = try await reader.countedModes(
      of: experiment.data, order.prefix(experiment.sampleCount).map(Int.init), pause: pause)

    var results: [StackedAblationExperiment.LossResult] = []
    for game in experiment.games {
      var runs: [StackedAblationExperiment.Run] = []
      for seed in experiment.seeds {
        let title = "\(game.loss.label), seed \(seed)"
        let run = try await play(game, seed: seed, experiment, reader) {
          progress("\(title), \($0)")
        }
        if let step = run.divergedAtStep { progress("\(title): not finite after step \(step)") }
        runs.append(run)
      }
      results.append(StackedAblationExperiment.LossResult(game.loss, runs))
    }
    return StackedAblationExperiment.Results(floor: floor, losses: results)
  }

  /// Trains with one loss and one seed, and counts modes on the way.
  private func play(
    _ game: StackedAblationExperiment.StackedGame, seed: UInt64,
    _ experiment: StackedAblationExperiment, _ reader: StackReader,
    progress: (String) -> Void
  ) async throws -> StackedAblationExperiment.Run {
    let clock = ContinuousClock()
    var options = game.options
    options.seed = seed
    let session = try TrainingSession(options.setup, dataset: experiment.data)
    let total = options.totalSteps
    let looks = Set((1...experiment.lookCount).map { total * $0 / experiment.lookCount })
    let request = StopRequest()
    let check = Observer<TrainingSession>.everyStep { session in
      if !session.report.isFinite { request.stop() }
    }
    var divergedAtStep: Int?
    var curve: [StackedAblationExperiment.Reading] = []
    var samples: PixelImage?
    var training = Duration.zero
    for step in looks.sorted() where step > 0 {
      let start = clock.now
      try await run(session, until: step, stoppedBy: request, observers: [check])
      training += clock.now - start
      guard !request.isMade, try session.firstNonFinite() == nil else {
        divergedAtStep = session.step
        break
      }
      let modes = try await reader.countedModes(
        of: session.makeSampler(), count: experiment.sampleCount, seed: seed
      ) {
        await self.passTurn()
        try Task.checkCancellation()
      }
      curve.append(
        StackedAblationExperiment.Reading(
          step: step, modes: modes.captured, divergence: modes.divergence))
      samples = ImageGrid().picture(of: try session.previewItems(count: options.previewCount))
      progress(
        "step \(step) of \(total): \(modes.captured) of \(modes.modeCount) modes, KL "
          + "\(significant(modes.divergence)) nats")
    }
    return StackedAblationExperiment.Run(
      seed: seed, divergedAtStep: divergedAtStep,
      final: divergedAtStep == nil ? curve.last : nil, curve: curve,
      trainingSeconds: training.inSeconds,
      multiplyAddsPerStep: session.multiplyAddsPerStep, samples: samples)
  }
}
