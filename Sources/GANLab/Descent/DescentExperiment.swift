import Foundation
import GANData
package import GANLearning
import GANRuntime
import GANStatistics
import GANTensor
package import GANTraining

/// The descent of JSD(p, q) by a generator that learns from a discriminator near its best.
///
/// The generator is a mixture of Gaussians that learns its means and deviations, so its density q
/// and the divergence are known exactly at every step.
package struct DescentExperiment: Experiment {
  package static let name = "descent"

  /// The distribution of the data: p.
  package let data: NamedDistribution
  /// Gaussians the generator is made of.
  package var componentCount: Int
  /// Of the generator's first means around 0, and of its Gaussians at first.
  package var startDeviation = 1.0
  /// The generator's objective: `minimax`, the game's value, or `non-saturating`.
  package var objective = Objective.minimax
  /// Generator updates.
  package var steps = 400
  /// Discriminator updates before each of the generator's.
  package var discriminatorSteps = 10
  /// Discriminator updates before the first of the generator's.
  package var warmUpSteps = 1_000
  /// New samples of each kind in an update, about: as many of each of the generator's Gaussians.
  package var batchSize = 1_000
  /// Outputs of the discriminator's hidden layers.
  package var hidden = [32, 32]
  /// The activation after each of them.
  package var activation = SmoothActivation.softplus
  /// Adam's step size for the generator at first; it falls along a line to 0.
  package var generatorLearningRate = 0.03
  /// The same for the discriminator.
  package var discriminatorLearningRate = 5e-3
  /// Each decides all random numbers of a run.
  package var seeds: [UInt64] = [0, 1, 2]
  /// Threads that compute.
  package var threads = defaultThreadCount
  /// Samples of each estimate.
  package var sampleCount = 10_000

  private let mixture: Mixture

  private enum CodingKeys: String, CodingKey {
    case data, componentCount, startDeviation, objective, steps, discriminatorSteps, warmUpSteps
    case batchSize, hidden, activation, generatorLearningRate, discriminatorLearningRate, seeds
    case threads, sampleCount
  }

  /// Takes the data's density; the generator gets as many Gaussians as it has parts, at most 25.
  ///
  /// - Throws: `SpecificationError` where it is no density.
  package init(_ data: NamedDistribution) throws(SpecificationError) {
    guard let mixture = data.mixture else {
      throw SpecificationError(
        specification: data.specification,
        reason: "a generator makes points; outcomes have only a divergence")
    }
    (self.data, self.mixture) = (data, mixture)
    componentCount = min(mixture.components.count, 25)
    if mixture.dimension == 2 { (hidden, activation) = ([64, 64], .tanh) }
  }

  /// The generator's samples of each Gaussian in a batch.
  var samplesPerComponent: Int { max(1, batchSize / componentCount) }

  /// Curves, one for each seed.
  package struct Results: Encodable, Sendable {
    let runs: [Run]
    /// The estimate of samples of the data themselves.
    let noiseFloor: NoiseFloor
    /// The curve of the data's density.
    let data: Mixture

    private enum CodingKeys: String, CodingKey { case runs, noiseFloor }

    /// One seed's curve.
    struct Run: Encodable, Sendable {
      let seed: UInt64
      var readings: [Reading] = []
      /// The curves of the generator's densities, first and last.
      var generators: [Mixture] = []

      private enum CodingKeys: String, CodingKey { case seed, readings }
    }

    /// The measurements at one moment.
    struct Reading: Encodable, Sendable {
      /// Generator updates made.
      let step: Int
      /// JSD(p, q), by quadrature, in nats.
      let jensenShannon: Double
      /// V(D) of the discriminator as it is, by quadrature.
      let value: Double
      /// JSD(p, q) from samples, over a histogram.
      let estimate: Double?
      /// log 2 + V / 2: what the value says of the divergence; never above it.
      var bound: Double { log(2) + value / 2 }
    }
  }

  package func run(
    on engine: Engine, progress: @escaping @Sendable (String) -> Void
  ) async throws -> Results {
    let histogram = try HistogramDivergence(
      from: mixture, sampleCount: sampleCount, seed: seeds[0])
    var runs: [Results.Run] = []
    for seed in seeds {
      runs.append(
        try await engine.descend(
          self, data: mixture, seed: seed, judge: histogram, progress: progress))
    }
    return Results(runs: runs, noiseFloor: histogram.noiseFloor, data: mixture)
  }
}

extension Engine {
  /// Trains one generator and reads what is known of it on the way.
  fileprivate func descend(
    _ plan: DescentExperiment, data: Mixture, seed: UInt64, judge: HistogramDivergence,
    progress: @escaping @Sendable (String) -> Void
  ) async throws -> DescentExperiment.Results.Run {
    let session = try DescentSession(
      plan, data: data, seed: seed, on: DeviceKind.fastest.makeDevice(threadCount: plan.threads))
    var run = DescentExperiment.Results.Run(seed: seed)
    let interval = max(1, plan.steps / 40)
    func look(at session: DescentSession) throws {
      let step = session.step
      let generator = session.generator
      let comparison = try DensityComparison(of: data, and: generator)
      let samples = generator.samples(
        count: plan.sampleCount,
        from: RandomStream(seed: seed, purpose: .evaluationStandIn, step: UInt64(step)))
      run.readings.append(
        DescentExperiment.Results.Reading(
          step: step, jensenShannon: comparison.jensenShannon.value,
          value: comparison.value(ofLogits: try session.logits(at: comparison.points)),
          estimate: try judge.estimate(from: samples).value))
      if step == 0 || step == plan.steps { run.generators.append(generator) }
      if step.isMultiple(of: interval * 10) {
        progress(
          "seed \(seed), step \(step) of \(plan.steps): JSD "
            + "\(significant(comparison.jensenShannon.value)) nats")
      }
    }
    try look(at: session)
    try await self.run(
      session, until: plan.steps,
      observers: [
        Observer(isDue: { $0.isMultiple(of: interval) || $0 == plan.steps }, look: look)
      ])
    return run
  }
}
