import GANData
import GANGraph
import GANLearning
import GANNetworks
import GANRuntime
import GANTensor
import GANTraining

/// A generator of known density that learns against a discriminator near its best.
///
/// Its identity is what both have learnt. It belongs to the thread that makes it.
final class DescentSession: Stepping {
  private let discriminator: DiscriminatorSession
  private let generatorStep: any Executable
  private let learningRate: InputPlace
  private let plan: DescentExperiment
  /// Generator updates so far.
  private(set) var step = 0

  /// Draws both players' initial parameters, prepares their programs, and has the discriminator
  /// learn what it learns before the generator does.
  init(_ plan: DescentExperiment, data: Mixture, seed: UInt64, on device: any Device) throws {
    let network = NetworkDescription.smoothDiscriminator(
      dimension: data.dimension, hidden: plan.hidden, plan.activation)
    let graph = try Self.generatorGraph(plan, network).optimized(for: device.profile)
    discriminator = try DiscriminatorSession(
      data: data, generator: data, network, batchSize: plan.batchSize,
      learningRate: { _ in plan.discriminatorLearningRate }, seed: seed, besides: graph, on: device)
    try MixtureGenerator.initialise(
      discriminator.state, componentCount: plan.componentCount, dimension: data.dimension,
      deviation: plan.startDeviation, seed: seed)
    discriminator.generator = try MixtureGenerator.mixture(of: discriminator.state)
    generatorStep = try device.prepare(graph, state: discriminator.state)
    learningRate = try generatorStep.input("learningRate")
    self.plan = plan
    updateDiscriminator(times: plan.warmUpSteps, learningRate: plan.discriminatorLearningRate)
  }

  /// The generator's density now.
  var generator: Mixture { discriminator.generator }

  /// The generator learns once, then the discriminator; both step sizes fall along a line to 0.
  func runStep() throws {
    step += 1
    let rest = 1 - Double(step) / Double(plan.steps)
    try updateGenerator(learningRate: rest * plan.generatorLearningRate)
    updateDiscriminator(
      times: plan.discriminatorSteps, learningRate: rest * plan.discriminatorLearningRate)
  }

  /// The discriminator learns from new samples of both.
  private func updateDiscriminator(times: Int, learningRate: Double) {
    for _ in 0..<times { discriminator.runStep(learningRate: learningRate) }
  }

  /// The generator learns from the discriminator as it is.
  private func updateGenerator(learningRate: Double) throws {
    generatorStep.write([Float(learningRate)], to: self.learningRate)
    generatorStep.run()
    discriminator.generator = try MixtureGenerator.mixture(of: discriminator.state)
  }

  /// The discriminator's logits, one for each point.
  func logits(at points: [SIMD2<Double>]) throws -> [Double] {
    try discriminator.logits(at: points)
  }

  private static func generatorGraph(
    _ plan: DescentExperiment, _ network: NetworkDescription
  ) throws -> Graph {
    let builder = GraphBuilder()
    var generator = MixtureGenerator(
      componentCount: plan.componentCount, dimension: network.inputShape.elementCount,
      in: builder)
    let discriminator = Network(network, prefix: DiscriminatorLearner.prefix, in: builder)
    let fake = generator.samples(perComponent: plan.samplesPerComponent)
    let loss = plan.objective.generatorLoss(fake: Logits(discriminator(fake))) {
      preconditionFailure("\(plan.objective) does not look at real items")
    }
    generator.learn(from: loss, learningRate: builder.input("learningRate", .scalar))
    return try builder.finish()
  }
}
