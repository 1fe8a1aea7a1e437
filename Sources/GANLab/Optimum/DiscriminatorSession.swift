import Foundation
import GANData
import GANGraph
import GANLearning
import GANNetworks
import GANRuntime
import GANTensor

/// A discriminator that learns to tell two known distributions apart, every batch of new samples.
///
/// Its identity is what it has learnt. It belongs to the thread that makes it.
final class DiscriminatorSession {
  private let data: Mixture
  private let generator: Mixture
  private let plan: OptimumExperiment.Training
  private let seed: UInt64
  private let executable: CPUExecutable
  private let field: LogitField
  private let inputs: [UnsafeMutableBufferPointer<Float>]
  private let learningRate: UnsafeMutableBufferPointer<Float>
  private var step: UInt64 = 0

  /// Draws the discriminator's initial parameters and prepares its program.
  init(
    data: Mixture, generator: Mixture, _ plan: OptimumExperiment.Training, seed: UInt64,
    on device: CPUDevice
  ) throws {
    let network = NetworkDescription.smoothDiscriminator(
      dimension: data.dimension, hidden: plan.hidden, plan.activation)
    let builder = GraphBuilder()
    let batchShape: Shape = [plan.batchSize, data.dimension]
    var learner = DiscriminatorLearner(network, AdamOptions(), in: builder)
    learner.learn(
      real: builder.input("real", batchShape), fake: builder.input("fake", batchShape),
      learningRate: builder.input("learningRate", .scalar))
    let graph = try builder.finish().optimized()
    let state = try StateStore(graph.stateTypes)
    for (name, tensor) in network.initialParameters(
      seed: seed, purpose: .discriminatorInitialisation)
    {
      try state.write(tensor, to: "\(DiscriminatorLearner.prefix).\(name)")
    }
    let executable = try CPUExecutable(graph, on: device, state: state)
    self.executable = executable
    field = try LogitField(network, on: device, state: state)
    inputs = try ["real", "fake"].map { try executable.input($0).bindMemory(to: Float.self) }
    learningRate = try executable.input("learningRate").bindMemory(to: Float.self)
    (self.data, self.generator, self.plan, self.seed) = (data, generator, plan, seed)
  }

  /// Learns from the next batch.
  func runStep() {
    for (input, (mixture, purpose)) in zip(
      inputs, [(data, RandomPurpose.worldBatch), (generator, .standInBatch)])
    {
      let stream = RandomStream(seed: seed, purpose: purpose, step: step)
      _ = input.update(fromContentsOf: mixture.samples(count: plan.batchSize, from: stream))
    }
    learningRate[0] = Float(plan.learningRate(ofStep: Int(step)))
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
      let samples = mixture.samples(count: count, from: stream).map(Double.init)
      let points = (0..<count).map { index in
        mixture.dimension == 1
          ? SIMD2(samples[index], 0) : SIMD2(samples[2 * index], samples[2 * index + 1])
      }
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
