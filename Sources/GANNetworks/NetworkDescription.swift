package import GANTensor

/// A network as data: what goes in and the layers it passes, in order.
///
/// Parameters are named as PyTorch's `nn.Sequential` names them, `<layer>.<parameter>`, where the
/// index counts every layer: `0.weight`, `0.bias`, `2.weight`, ….
package struct NetworkDescription: Codable, Hashable, Sendable {
  /// The shape of one item of the input batch, `[64]` for latents or `[784]` for flat images.
  package var inputShape: Shape
  /// The layers in order.
  package var layers: [Layer]

  /// Describes a network.
  package init(inputShape: Shape, layers: [Layer]) {
    self.inputShape = inputShape
    self.layers = layers
  }

  /// Describes a network by writing its layers one under the other.
  package init(inputShape: Shape, @LayerBuilder _ layers: () -> [Layer]) {
    self.init(inputShape: inputShape, layers: layers())
  }

  /// A tensor that training changes.
  package struct Parameter: Hashable, Sendable {
    /// The name in files, such as `0.weight`.
    package let name: String
    package let shape: Shape
    /// Inputs that each output of its layer sums over.
    package let fanIn: Int
  }

  /// Every parameter, in PyTorch's order.
  package var parameters: [Parameter] {
    layers.enumerated().flatMap { index, layer in
      layer.parameters.map {
        Parameter(name: "\(index).\($0.name)", shape: $0.shape, fanIn: layer.fanIn ?? 1)
      }
    }
  }

  /// The number of values training changes.
  package var parameterCount: Int { parameters.reduce(0) { $0 + $1.shape.elementCount } }

  /// Multiply-adds of one forward pass, for one item of the batch.
  package var multiplyAddsPerItem: Int { layers.reduce(0) { $0 + $1.multiplyAddsPerItem } }

  /// Whether each item of a batch is computed from that item alone.
  package var isRowwise: Bool { layers.allSatisfy(\.isRowwise) }

  /// The shape of one item after the last layer.
  ///
  /// - Throws: `NetworkError` naming the first layer that does not take what it is given.
  package func outputShape() throws(NetworkError) -> Shape {
    var shape = inputShape
    for (index, layer) in layers.enumerated() {
      guard let next = layer.outputShape(for: shape) else {
        throw NetworkError(layerIndex: index, layer: layer, input: shape)
      }
      shape = next
    }
    return shape
  }
}

/// A layer that does not take what the layer before it gives.
package struct NetworkError: Error, Hashable, Sendable, CustomStringConvertible {
  package let layerIndex: Int
  package let layer: Layer
  package let input: Shape

  package var description: String { "layer \(layerIndex), \(layer), does not take \(input)" }
}

/// Collects layers written one under the other.
@resultBuilder
package enum LayerBuilder {
  package static func buildExpression(_ layer: Layer) -> [Layer] { [layer] }
  package static func buildBlock(_ parts: [Layer]...) -> [Layer] { parts.flatMap { $0 } }
  package static func buildArray(_ parts: [[Layer]]) -> [Layer] { parts.flatMap { $0 } }
  package static func buildOptional(_ part: [Layer]?) -> [Layer] { part ?? [] }
  package static func buildEither(first part: [Layer]) -> [Layer] { part }
  package static func buildEither(second part: [Layer]) -> [Layer] { part }
}
