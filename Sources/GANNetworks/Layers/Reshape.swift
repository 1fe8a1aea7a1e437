package import GANGraph
package import GANTensor

/// The same numbers in another shape, item by item; PyTorch's `nn.Flatten` and `nn.Unflatten`.
package struct Reshape: LayerContent {
  package static let kind = "reshape"

  /// Of one item.
  let shape: Shape

  package var isSound: Bool { shape.dimensions.allSatisfy { $0 > 0 } }

  package func outputShape(for input: Shape) -> Shape? {
    input.elementCount == shape.elementCount ? shape : nil
  }

  package func apply(to input: Tensor, in scope: LayerScope) -> Tensor {
    input.reshaped(to: Shape([input.shape[0]] + shape.dimensions))
  }

  package var description: String { "reshape" }
}

extension Layer {
  /// The same numbers in another shape, that of one item.
  package static func reshape(to shape: Shape) -> Layer { Layer(Reshape(shape: shape)) }
}
