package import GANGraph
package import GANTensor

/// A network as data: what goes in and the layers it passes, in order.
///
/// Parameters are named as PyTorch's `nn.Sequential` names them, `<layer>.<parameter>`, where the
/// index counts every layer: `0.weight`, `0.bias`, `2.weight`, ….
package struct NetworkDescription: Codable, Hashable, Sendable {
  /// The shape of one item of the input batch, `[64]` for latents, `[784]` for flat images,
  /// `[1, 28, 28]` for images.
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

  /// Every parameter, in PyTorch's order.
  package var parameters: [Parameter] { layers.parameters }

  /// Buffers, which the network remembers beside its parameters, in the order of its layers.
  package var buffers: [Buffer] { layers.buffers }

  /// The types of the parameters, then of the buffers, by name: all that a file holds of it.
  package var tensorTypes: [(name: String, type: TensorType)] {
    parameters.map { ($0.name, TensorType($0.shape, .float32)) }
      + buffers.map { ($0.name, $0.type) }
  }

  /// Their names.
  package var tensorNames: [String] { tensorTypes.map(\.name) }

  /// The names of the tensors that an average of networks has the average of: parameters and running
  /// statistics. Counters and the vectors of power iterations, whose mean would have another length, are
  /// copied.
  package var averagedNames: Set<String> {
    Set(
      parameters.map(\.name)
        + buffers.filter { $0.type.elementType == .float32 && $0.initial != nil }.map(\.name))
  }

  /// The number of values training changes.
  package var parameterCount: Int { parameters.reduce(0) { $0.plus($1.shape.elementCount) } }

  /// Multiply-adds of one forward pass, for one item of the batch.
  package var multiplyAddsPerItem: Int { layers.multiplyAdds(for: inputShape) }

  /// True where each item of a batch is computed from that item alone.
  package var isRowwise: Bool { layers.allSatisfy(\.content.isRowwise) }

  /// Classes of the labels it looks at; `nil` where it looks at none.
  package var classCount: Int? { layers.classCount }

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

// Layers one after the other: a network's, or those in a branch of a residual block.
extension [Layer] {
  /// Every parameter, by its name in the sequence.
  var parameters: [NetworkDescription.Parameter] {
    enumerated().flatMap { index, layer in
      layer.content.parameters.map { $0.prefixed("\(index).") }
    }
  }

  /// Every buffer, by its name in the sequence.
  var buffers: [NetworkDescription.Buffer] {
    enumerated().flatMap { index, layer in
      layer.content.buffers.map { $0.prefixed("\(index).") }
    }
  }

  /// The shape of one item after the last, or `nil` where a layer does not take what it is given.
  func outputShape(for input: Shape) -> Shape? {
    reduce(input) { shape, layer in shape.flatMap(layer.outputShape) }
  }

  /// Multiply-adds for one item.
  func multiplyAdds(for input: Shape) -> Int {
    var (shape, total) = (Optional(input), 0)
    for layer in self {
      guard let known = shape else { break }
      total = total.plus(layer.content.multiplyAdds(for: known))
      shape = layer.outputShape(for: known)
    }
    return total
  }

  /// Classes of the labels that layers look at: so many that every one of them knows them.
  var classCount: Int? { compactMap(\.content.classCount).min() }

  /// Applies each layer to what the one before it gives.
  func apply(to input: Tensor, in scope: LayerScope) -> Tensor {
    enumerated().reduce(input) { input, indexed in
      indexed.element.content.apply(to: input, in: scope.nested("\(indexed.offset)"))
    }
  }
}

/// Collects layers written one under the other.
@resultBuilder
package enum LayerBuilder {
  package static func buildExpression(_ layer: Layer) -> [Layer] { [layer] }
  package static func buildExpression(_ layers: [Layer]) -> [Layer] { layers }
  package static func buildBlock(_ parts: [Layer]...) -> [Layer] { parts.flatMap { $0 } }
  package static func buildArray(_ parts: [[Layer]]) -> [Layer] { parts.flatMap { $0 } }
  package static func buildOptional(_ part: [Layer]?) -> [Layer] { part ?? [] }
  package static func buildEither(first part: [Layer]) -> [Layer] { part }
  package static func buildEither(second part: [Layer]) -> [Layer] { part }
}
