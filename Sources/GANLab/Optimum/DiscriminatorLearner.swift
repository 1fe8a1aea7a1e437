import GANGraph
import GANLearning
import GANNetworks
import GANTensor

/// A discriminator of the original game in a graph: it maximises
/// `V(D) = mean of log D(real) + mean of log(1 - D(fake))`.
struct DiscriminatorLearner {
  /// The start of its state's names.
  static let prefix = "discriminator"

  private var network: Network
  private var optimizer: Adam
  private let updates: Tensor
  private let builder: GraphBuilder

  init(_ description: NetworkDescription, _ options: AdamOptions, in builder: GraphBuilder) {
    network = Network(description, prefix: Self.prefix, in: builder)
    optimizer = Adam(options, prefix: "optimizer.\(Self.prefix)", in: builder)
    updates = builder.state("optimizer.\(Self.prefix).updates", .scalar, .int64)
    self.builder = builder
  }

  /// Learns from one batch, and makes what it has learnt the state of the next run.
  ///
  /// - Parameters:
  ///   - real: `[N, dimension]`, from the data.
  ///   - fake: `[N, dimension]`, from the generator, held constant.
  ///   - learningRate: `[]`, of this update.
  mutating func learn(real: Tensor, fake: Tensor, learningRate: Tensor) {
    let logits = network(real.concatenated(with: [fake], axis: 0))
    let (realCount, fakeCount) = (real.shape[0], fake.shape[0])
    let loss = Objective.nonSaturating.discriminatorLoss(
      real: Logits(logits.sliced(axis: 0, start: 0, count: realCount)),
      fake: Logits(logits.sliced(axis: 0, start: realCount, count: fakeCount)))
    let parameters = network.orderedParameters
    let correction = optimizer.correction(update: updates + 1, learningRate: learningRate)
    let gradients = loss.gradients(
      withRespectTo: parameters.map(\.tensor), holding: [fake])
    network.adopt(optimizer.step(parameters, gradients: gradients, correction))
    network.recordUpdates()
    optimizer.recordUpdates()
    builder.update(updates, to: updates + 1)
    builder.output(loss, as: "loss")
  }
}

extension NetworkDescription {
  /// A discriminator whose logit is a smooth function of the point, as `log p - log q` is:
  /// linear layers with an activation between them, `[dimension]` → one logit.
  static func smoothDiscriminator(
    dimension: Int, hidden: [Int], _ activation: SmoothActivation
  ) -> NetworkDescription {
    NetworkDescription(inputShape: [dimension]) {
      for (inputs, outputs) in zip([dimension] + hidden, hidden) {
        Layer.linear(inputs: inputs, outputs: outputs)
        activation.layer
      }
      Layer.linear(inputs: hidden.last ?? dimension, outputs: 1)
    }
  }
}

/// The activation after each hidden layer of a smooth discriminator.
package enum SmoothActivation: String, Codable, Sendable {
  /// Bends most, and levels off far out.
  case tanh
  /// Goes on in straight lines, where tanh would level off before D is near 0 or 1.
  case softplus

  fileprivate var layer: Layer {
    switch self {
    case .tanh: .tanh
    case .softplus: .softplus
    }
  }
}
