import Foundation
import GANData
import GANGraph
import GANLearning
import GANNetworks
import GANRuntime
import GANStatistics
import GANTensor
import GANTraining

/// A discriminator that learns to tell two known distributions apart, every batch of new samples.
///
/// Its identity is what it has learnt. It belongs to the thread that makes it.
final class DiscriminatorSession: Stepping {
  /// The distribution of the data.
  let data: Mixture
  /// The generator's distribution; it may learn meanwhile.
  var generator: Mixture
  /// The memory of its parameters and moments, shared with the generator where that learns.
  let state: any StateStore
  private let batchSize: Int
  private let seed: UInt64
  private let executable: any Executable
  private let field: LogitField
  private let inputs: (real: InputPlace, fake: InputPlace, learningRate: InputPlace)
  /// Adam's step size after so many steps.
  private let learningRate: (Int) -> Double
  /// Updates so far.
  private(set) var step = 0

  /// Draws the discriminator's initial parameters and prepares its program.
  ///
  /// - Parameters:
  ///   - network: The discriminator.
  ///   - batchSize: New samples of each kind in an update.
  ///   - learningRate: Adam's step size after so many updates.
  ///   - companion: A graph whose state is to lie beside this one's.
  init(
    data: Mixture, generator: Mixture, _ network: NetworkDescription, batchSize: Int,
    learningRate: @escaping (Int) -> Double, seed: UInt64, besides companion: Graph? = nil,
    on device: any Device
  ) throws {
    let builder = GraphBuilder()
    let batchShape: Shape = [batchSize, data.dimension]
    var learner = DiscriminatorLearner(network, AdamOptions(), in: builder)
    learner.learn(
      real: builder.input("real", batchShape), fake: builder.input("fake", batchShape),
      learningRate: builder.input("learningRate", .scalar))
    let graph = try builder.finish().optimized(for: device.profile)
    let state = try device.makeState(graph.stateTypes + (companion?.stateTypes ?? []))
    for (name, tensor) in network.initialTensors(
      seed: seed, purpose: .discriminatorInitialisation)
    {
      try state.write(tensor, to: "\(DiscriminatorLearner.prefix).\(name)")
    }
    let executable = try device.prepare(graph, state: state)
    inputs = (
      try executable.input("real"), try executable.input("fake"),
      try executable.input("learningRate")
    )
    field = try LogitField(network) {
      try device.prepare($0.optimized(for: device.profile), state: state)
    }
    (self.data, self.generator, self.batchSize, self.seed) = (data, generator, batchSize, seed)
    (self.state, self.executable, self.learningRate) = (state, executable, learningRate)
  }

  /// Learns from the next batch.
  func runStep() { runStep(learningRate: learningRate(step)) }

  /// Learns from it with another step size.
  func runStep(learningRate: Double) {
    func fill(_ input: InputPlace, from mixture: Mixture, _ purpose: RandomPurpose) {
      let stream = RandomStream(seed: seed, purpose: purpose, step: UInt64(step))
      executable.write(mixture.samples(count: batchSize, from: stream), to: input)
    }
    fill(inputs.real, from: data, .worldBatch)
    fill(inputs.fake, from: generator, .standInBatch)
    executable.write([Float(learningRate)], to: inputs.learningRate)
    executable.run()
    step += 1
  }

  /// The logits, before any sigmoid, one for each point.
  func logits(at points: [SIMD2<Double>]) throws -> [Double] { try field.logits(at: points) }

  /// V(D) as a mean over fresh samples, so many of each kind.
  func sampledValue(count: Int) throws -> OptimumExperiment.PairResult.SampledValue {
    func terms(
      _ mixture: Mixture, _ purpose: RandomPurpose, sign: Double
    ) throws -> (mean: Double, variance: Double) {
      let stream = RandomStream(seed: seed, purpose: purpose, step: 0)
      let points = points(
        of: mixture.samples(count: count, from: stream), dimension: mixture.dimension)
      // log D = -log(1 + e^-t), and log(1 - D) the same of -t.
      let terms = try logits(at: points).map { logit in
        min(sign * logit, 0) - log1p(exp(-abs(logit)))
      }
      let mean = terms.reduce(0, +) / Double(count)
      let squares = terms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (mean, squares / Double(count - 1))
    }
    let real = try terms(data, .evaluationWorld, sign: 1)
    let fake = try terms(generator, .evaluationStandIn, sign: -1)
    return OptimumExperiment.PairResult.SampledValue(
      value: real.mean + fake.mean,
      standardError: ((real.variance + fake.variance) / Double(count)).squareRoot(),
      sampleCount: count)
  }
}
