package import GANGraph
package import GANTensor

/// Sets a vector, or a channel of pixels, that is learnt for each class beside the item:
/// `[N, F] → [N, F + E]` or `[N, C, H, W] → [N, C + E, H, W]`.
///
/// - Source: Mirza & Osindero, "Conditional Generative Adversarial Nets", 2014, arXiv:1411.1784.
package struct LabelConcatenation: LayerContent {
  package static let kind = "labelConcatenation"

  let classes: Int
  /// Of what is set beside: `[E]`, or `[E, H, W]`.
  let shape: Shape

  package var isSound: Bool {
    areSound(classes, upTo: 1 << 16) && [1, 3].contains(shape.rank)
      && shape.dimensions.allSatisfy { $0 > 0 } && shape.elementCount <= 1 << 32
  }

  package var parameters: [NetworkDescription.Parameter] {
    [.embedding("weight", [classes, shape.elementCount])]
  }

  package func outputShape(for input: Shape) -> Shape? {
    guard input.rank == shape.rank, input.dimensions.dropFirst() == shape.dimensions.dropFirst()
    else { return nil }
    return input.replacing(axis: 0, with: input[0] + shape[0])
  }

  package var classCount: Int? { classes }

  package func apply(to input: Tensor, in scope: LayerScope) -> Tensor {
    let learnt = scope.parameter("weight").gatheredRows(scope.labels)
    let items = learnt.reshaped(to: Shape([input.shape[0]] + shape.dimensions))
    return input.concatenated(with: [items], axis: 1)
  }

  package var description: String { "label concatenation, \(classes) classes, \(shape)" }
}

extension Layer {
  /// Sets what is learnt for each class beside the item, `shape` of it.
  package static func labelConcatenation(classes: Int, shape: Shape) -> Layer {
    Layer(LabelConcatenation(classes: classes, shape: shape))
  }
}
