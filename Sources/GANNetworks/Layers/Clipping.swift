package import GANGraph
package import GANTensor

/// Values as they are in training, clipped to [-1, 1] when they are used: the end of a generator of
/// images that no function bounds.
package struct Clipping: LayerContent {
  package static let kind = "clipping"

  package func outputShape(for input: Shape) -> Shape? { input }

  package func apply(to input: Tensor, in scope: LayerScope) -> Tensor {
    guard !scope.isTraining else { return input }
    // NaN stays: the first operand is taken unless it is the smaller one.
    let fromBelow = input.maximum(input.constant(-1))
    return -((-fromBelow).maximum(input.constant(-1)))
  }

  package var description: String { "clipping of samples" }
}

extension Layer {
  /// Clips values to [-1, 1], but not in training.
  package static var clipping: Layer { Layer(Clipping()) }
}
