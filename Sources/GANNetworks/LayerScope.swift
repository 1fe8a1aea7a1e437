package import GANGraph
package import GANTensor

/// A layer's view of its network, under the layer's own names.
package struct LayerScope {
  let application: NetworkApplication
  /// The start of the layer's names in the network: `3.` or `2.main.0.`.
  let prefix: String

  /// A layer inside the layer.
  func nested(_ name: String) -> LayerScope {
    LayerScope(application: application, prefix: "\(prefix)\(name).")
  }

  /// A parameter as layers use it, under its plain name: where it is spectrally normalised, divided
  /// by its norm. Only a layer's own names exist.
  func parameter(_ name: String) -> Tensor {
    application.tensor(application.weights[prefix + name], prefix + name)
  }

  /// A buffer before this application.
  func buffer(_ name: String) -> Tensor {
    application.tensor(application.buffers[prefix + name], prefix + name)
  }

  /// Gives a buffer its value after this application.
  func update(_ name: String, to value: Tensor) { application.buffers[prefix + name] = value }

  /// True where statistics are the batch's and units drop out.
  var isTraining: Bool { application.pass.mode == .training }

  /// Parts of a batch that have statistics of their own.
  var statisticsParts: Int { application.pass.statisticsParts }

  /// The class of each item, `int32 [N]`.
  var labels: Tensor {
    application.tensor(application.pass.labels, "labels")
  }

  /// Uniforms on [0, 1) of this application and this layer, in training.
  func uniform(_ shape: Shape) -> Tensor {
    application.pass.uniform(String(prefix.dropLast()), shape)
  }
}

/// A way to apply a network to a batch.
package struct NetworkPass {
  /// The mode: training, or using what was trained.
  package enum Mode: Hashable, Sendable {
    /// Normalisation by running statistics; nothing drops out.
    case inference
    /// Normalisation by the batch's statistics; units drop out.
    case training
  }

  let mode: Mode
  let labels: Tensor?
  /// Parts of a batch that have statistics of their own, in training.
  let statisticsParts: Int
  let uniform: (_ layer: String, Shape) -> Tensor

  /// In inference mode.
  ///
  /// - Parameter labels: The class of each item, `int32 [N]`, for networks that look at it.
  package static func inference(labels: Tensor? = nil) -> NetworkPass {
    NetworkPass(mode: .inference, labels: labels, statisticsParts: 1) { _, _ in
      preconditionFailure("nothing is drawn in inference")
    }
  }

  /// In training mode.
  ///
  /// - Parameters:
  ///   - labels: The class of each item, `int32 [N]`, for networks that look at it.
  ///   - statisticsParts: Equally large parts of a batch that batch normalisation normalises by their
  ///     own statistics; a batch that does not divide into so many is normalised whole.
  ///   - uniform: Draws uniforms on [0, 1) for a layer, by its name in the network.
  package static func training(
    labels: Tensor? = nil, statisticsParts: Int = 1,
    uniform: @escaping (_ layer: String, Shape) -> Tensor
  ) -> NetworkPass {
    NetworkPass(
      mode: .training, labels: labels, statisticsParts: statisticsParts, uniform: uniform)
  }
}

/// One application of a network; its identity is what the layers do to the buffers.
final class NetworkApplication {
  let pass: NetworkPass
  /// Parameters as layers use them, by plain name.
  let weights: [String: Tensor]
  var buffers: [String: Tensor]
  /// What each ReLU has made of its input, in order.
  var rectified: [Tensor] = []
  private let builder: GraphBuilder

  init(
    _ pass: NetworkPass, weights: [String: Tensor], buffers: [String: Tensor],
    in builder: GraphBuilder
  ) {
    (self.pass, self.weights, self.buffers, self.builder) = (pass, weights, buffers, builder)
  }

  /// A tensor that must be there; where it is not, the graph is refused by name.
  func tensor(_ tensor: Tensor?, _ name: String) -> Tensor {
    tensor ?? builder.missing(name)
  }
}
