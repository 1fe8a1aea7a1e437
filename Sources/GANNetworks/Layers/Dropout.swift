package import GANGraph
package import GANTensor

/// In training each number becomes 0 with a probability and is divided by the others' probability
/// else, as PyTorch's `nn.Dropout`; in inference nothing happens. Any shape.
///
/// - Source: Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting",
///   2014.
package struct Dropout: LayerContent {
  package static let kind = "dropout"

  /// Of becoming 0.
  let probability: Double

  package var isSound: Bool { (0..<1).contains(probability) }

  // Real and generated items have numbers of their own.
  package var isRowwise: Bool { false }

  package func outputShape(for input: Shape) -> Shape? { input }

  package func apply(to input: Tensor, in scope: LayerScope) -> Tensor {
    guard scope.isTraining, probability > 0 else { return input }
    let uniform = scope.uniform(input.shape)
    let isKept = uniform.compared(.greaterOrEqual, to: uniform.constant(probability))
    return isKept.select(input * (1 / (1 - probability)), input.constant(0))
  }

  package var description: String { "dropout, \(probability)" }
}

extension Layer {
  /// Numbers that become 0 in training, each with a probability.
  package static func dropout(probability: Double) -> Layer {
    Layer(Dropout(probability: probability))
  }
}
