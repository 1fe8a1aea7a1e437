package import GANGraph
package import GANTensor

/// The sum over all pixels of each channel: `[N, C, H, W] → [N, C]`.
package struct SumPooling: LayerContent {
  package static let kind = "sumPooling"

  package func outputShape(for input: Shape) -> Shape? { input.rank == 3 ? [input[0]] : nil }

  package func apply(to input: Tensor, in scope: LayerScope) -> Tensor {
    input.summed(over: [2, 3])
  }

  package var description: String { "sum pooling" }
}

extension Layer {
  /// The sum over all pixels of each channel, `[N, C, H, W] → [N, C]`.
  package static var sumPooling: Layer { Layer(SumPooling()) }
}
