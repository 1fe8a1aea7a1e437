package import GANGraph
package import GANTensor

/// An image for each channel that is learnt, times the channel's number: `[N, C] → [N, C, H, W]`.
///
/// - Source: Karras et al., "A Style-Based Generator Architecture for Generative Adversarial
///   Networks", 2019, arXiv:1812.04948, section 2: the learnt constant; scaled as in Huang et al.,
///   "The GAN is dead; long live the GAN!", 2024, arXiv:2501.05441.
package struct ChannelBasis: LayerContent {
  package static let kind = "channelBasis"

  /// `[C, H, W]`.
  let shape: Shape

  package var isSound: Bool {
    shape.rank == 3 && shape.dimensions.allSatisfy { (1...1 << 17).contains($0) }
      && shape.elementCount <= 1 << 32
  }

  package var parameters: [NetworkDescription.Parameter] {
    .weight(shape, bias: nil, fanIn: 1, fanOut: shape[1] * shape[2])
  }

  package func outputShape(for input: Shape) -> Shape? { input == [shape[0]] ? shape : nil }

  package func apply(to input: Tensor, in scope: LayerScope) -> Tensor {
    let target = Shape([input.shape[0]] + shape.dimensions)
    return input.broadcast(to: target, axes: [0, 1])
      * scope.parameter("weight").broadcast(to: target, axes: [1, 2, 3])
  }

  package var description: String { "channel basis, \(shape)" }
}

extension Layer {
  /// A learnt image of `[C, H, W]`, each channel times its number.
  package static func channelBasis(_ shape: Shape) -> Layer { Layer(ChannelBasis(shape: shape)) }
}
