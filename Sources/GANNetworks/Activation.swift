/// An activation between the layers of a network, by its name in options.
package enum Activation: String, Codable, CaseIterable, Hashable, Sendable {
  case relu
  /// With the slope that the tutorial's discriminator has, 0.2.
  case leakyReLU = "leaky-relu"
  case tanh
  case softplus

  /// The layer.
  package var layer: Layer {
    switch self {
    case .relu: .relu
    case .leakyReLU: .leakyReLU(slope: 0.2)
    case .tanh: .tanh
    case .softplus: .softplus
    }
  }
}
