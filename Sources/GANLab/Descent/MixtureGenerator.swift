import Foundation
import GANData
import GANGraph
import GANLearning
import GANRuntime
import GANTensor

/// A generator whose density is known exactly: a mixture of Gaussians, all as likely, whose means
/// and deviations are what it learns.
///
/// Its state is `generator.means` and `generator.logDeviations`, `[components, dimension]` each.
struct MixtureGenerator {
  private let means: Tensor
  private let logDeviations: Tensor
  private var optimizer: Adam
  private let updates: Tensor
  private let seed: Tensor
  private let builder: GraphBuilder

  /// The names of the state's parts.
  private enum Name {
    static let means = "generator.means"
    static let logDeviations = "generator.logDeviations"
    static let updates = "optimizer.generator.updates"
    static let seed = "seed"
  }

  init(componentCount: Int, dimension: Int, in builder: GraphBuilder) {
    means = builder.state(Name.means, [componentCount, dimension])
    logDeviations = builder.state(Name.logDeviations, [componentCount, dimension])
    optimizer = Adam(AdamOptions(), prefix: "optimizer.generator", in: builder)
    updates = builder.state(Name.updates, .scalar, .int64)
    seed = builder.state(Name.seed, .scalar, .int64)
    self.builder = builder
  }

  /// Samples for the generator's next update, as many of each component:
  /// `[perComponent * components, dimension]`.
  func samples(perComponent: Int) -> Tensor {
    let (components, dimension) = (means.shape[0], means.shape[1])
    let shape: Shape = [perComponent, components, dimension]
    let normals = builder.random(.normal, .generatorLatents, shape, seed: seed, step: updates)
    let points =
      means.broadcast(to: shape, axes: [1, 2])
      + logDeviations.exp().broadcast(to: shape, axes: [1, 2]) * normals
    return points.reshaped(to: [perComponent * components, dimension])
  }

  /// Makes a step down a loss the state of the next run.
  mutating func learn(from loss: Tensor, learningRate: Tensor) {
    let parameters = [
      (name: Name.means, tensor: means), (name: Name.logDeviations, tensor: logDeviations),
    ]
    let correction = optimizer.correction(update: updates + 1, learningRate: learningRate)
    let gradients = loss.gradients(withRespectTo: parameters.map(\.tensor))
    let next = optimizer.step(parameters, gradients: gradients, correction)
    for (name, parameter) in parameters {
      if let value = next[name] { builder.update(parameter, to: value) }
    }
    optimizer.recordUpdates()
    builder.update(updates, to: updates + 1)
  }

  /// Draws the initial means from a normal, all with one deviation.
  static func initialise(
    _ state: any StateStore, componentCount: Int, dimension: Int, deviation: Double, seed: UInt64
  ) throws {
    let shape: Shape = [componentCount, dimension]
    let stream = RandomStream(seed: seed, purpose: .generatorInitialisation, step: 0)
    let means = (0..<shape.elementCount).map { stream.normal(at: $0) * Float(deviation) }
    let logDeviations = means.map { _ in Float(log(deviation)) }
    try state.write(HostTensor(shape: shape, means), to: Name.means)
    try state.write(HostTensor(shape: shape, logDeviations), to: Name.logDeviations)
    try state.write(
      HostTensor(shape: .scalar, [Int64(bitPattern: seed)]), to: Name.seed)
  }

  /// The density of what the state's generator makes.
  static func mixture(of state: any StateStore) throws -> Mixture {
    let means = try state.tensor(Name.means)
    let deviations = try state.tensor(Name.logDeviations).floats.map { exp(Double($0)) }
    let dimension = means.shape[1]
    func point(_ values: [Double], _ component: Int) -> SIMD2<Double> {
      SIMD2(values[component * dimension], dimension == 2 ? values[component * 2 + 1] : 1)
    }
    let places = means.floats.map(Double.init)
    return try Mixture(
      name: "generator", dimension: dimension,
      components: (0..<means.shape[0]).map {
        .gaussian(mean: point(places, $0), deviations: point(deviations, $0))
      })
  }
}
