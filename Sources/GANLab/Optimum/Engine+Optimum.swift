import Foundation
import GANData
import GANNetworks
import GANRuntime
import GANStatistics
import GANTraining

extension Engine {
  /// Trains a discriminator and judges it on the way and at the end.
  func fit(
    _ plan: OptimumExperiment, _ exact: ExactOptimum, seed: UInt64,
    progress: @escaping @Sendable (String) -> Void
  ) async throws -> OptimumExperiment.PairResult.Run {
    let clock = ContinuousClock()
    let start = clock.now
    let (data, generator) = exact.pair.densities
    let training = data.dimension == 1 ? plan.line : plan.plane
    let session = try DiscriminatorSession(
      data: data, generator: generator,
      .smoothDiscriminator(
        dimension: data.dimension, hidden: training.hidden, training.activation),
      batchSize: training.batchSize, learningRate: training.learningRate(ofStep:), seed: seed,
      on: DeviceKind.fastest.makeDevice(threadCount: plan.threads))
    let comparison = exact.comparison
    var run = OptimumExperiment.PairResult.Run(seed: seed)
    let looks = Set(Self.looks(upTo: training.steps))
    let look = Observer<DiscriminatorSession>(isDue: looks.contains) { session in
      let step = session.step
      let gap =
        comparison.optimalValue
        - comparison.value(ofLogits: try session.logits(at: comparison.points))
      guard gap.isFinite else { throw TrainingError.diverged(step: step, epoch: 1, tensor: nil) }
      run.steps.append(step)
      run.gaps.append(gap)
      if step == training.steps || run.steps.count.isMultiple(of: 6) {
        progress(
          "\(exact.pair.data.specification) against \(exact.pair.generator.specification), seed "
            + "\(seed), step \(step) of \(training.steps): \(fixed(run.gaps.last ?? 0, 5)) nats "
            + "below the best")
      }
    }
    try await self.run(session, until: training.steps, observers: [look])

    let logits = try session.logits(at: comparison.points)
    run.value = comparison.value(ofLogits: logits)
    run.gap = comparison.optimalValue - run.value
    run.sampled = try session.sampledValue(count: plan.sampleCount)
    run.percentile95 = comparison.discriminatorError(ofLogits: logits, share: 0.95)
    run.percentile99 = comparison.discriminatorError(ofLogits: logits, share: 0.99)
    run.discriminator = try session.logits(at: exact.places).map { 1 / (1 + exp(-$0)) }
    if exact.region != nil {
      run.supremum = zip(run.discriminator, exact.optimal).map { abs($0 - $1) }.max()
    }
    run.elapsedSeconds = (clock.now - start).inSeconds
    return run
  }

  /// Updates after which the value is taken: closer together at first, and the last one.
  private static func looks(upTo steps: Int) -> [Int] {
    (0...40).map { max(1, Int(Double(steps) * pow(Double($0) / 40, 2))) }
  }
}
