package import GANGraph
package import GANTensor

/// Layer normalisation over all of an item, as PyTorch's `nn.LayerNorm` of the item's shape; scale
/// and shift have that shape, too.
///
/// - Source: Ba et al., "Layer Normalization", 2016, arXiv:1607.06450.
package struct LayerNorm: LayerContent {
  package static let kind = "layerNorm"

  /// Of one item.
  let shape: Shape
  /// Added to the variance.
  let epsilon: Double

  package var isSound: Bool {
    shape.rank > 0 && shape.dimensions.allSatisfy { $0 > 0 } && epsilon > 0
  }

  package var parameters: [NetworkDescription.Parameter] { .scaleAndShift(shape) }

  package func outputShape(for input: Shape) -> Shape? { input == shape ? shape : nil }

  package func apply(to input: Tensor, in scope: LayerScope) -> Tensor {
    let itemAxes = Array(1...shape.rank)
    func wide(_ parameter: String) -> Tensor {
      scope.parameter(parameter).broadcast(to: input.shape, axes: itemAxes)
    }
    return input.standardised(over: itemAxes, epsilon: epsilon) * wide("weight") + wide("bias")
  }

  package var description: String { "layer normalisation, \(shape)" }
}

extension Layer {
  /// Layer normalisation of items of a shape, with PyTorch's epsilon.
  package static func layerNorm(shape: Shape, epsilon: Double = 1e-5) -> Layer {
    Layer(LayerNorm(shape: shape, epsilon: epsilon))
  }
}

extension Tensor {
  /// Minus the mean over `axes`, divided by the root of the biased variance plus epsilon.
  func standardised(over axes: [Int], epsilon: Double) -> Tensor {
    let kept = shape.dimensions.indices.filter { !axes.contains($0) }
    let share = 1 / Double(axes.reduce(1) { $0 * shape[$1] })
    func wide(_ statistic: Tensor) -> Tensor { statistic.broadcast(to: shape, axes: kept) }
    let centred = self - wide(summed(over: axes) * share)
    let variance = centred.summedSquares(over: axes) * share
    return centred / wide((variance + epsilon).squareRoot())
  }
}
