package import GANGraph
package import GANTensor

/// Instance normalisation of each channel of each item, as PyTorch's `nn.InstanceNorm2d` with
/// `affine=True`: `[N, C, H, W]`, the same shape out.
///
/// - Source: Ulyanov et al., "Instance Normalization", 2016, arXiv:1607.08022.
package struct InstanceNorm: LayerContent {
  package static let kind = "instanceNorm"

  let channels: Int
  /// Added to the variance.
  let epsilon: Double

  package var isSound: Bool { areSound(channels) && epsilon > 0 }

  package var parameters: [NetworkDescription.Parameter] { .scaleAndShift([channels]) }

  package func outputShape(for input: Shape) -> Shape? {
    input.rank == 3 && input[0] == channels ? input : nil
  }

  package func apply(to input: Tensor, in scope: LayerScope) -> Tensor {
    func wide(_ parameter: String) -> Tensor {
      scope.parameter(parameter).broadcast(to: input.shape, axes: [1])
    }
    return input.standardised(over: [2, 3], epsilon: epsilon) * wide("weight") + wide("bias")
  }

  package var description: String { "instance normalisation, \(channels)" }
}

extension Layer {
  /// Instance normalisation of `channels` channels, with PyTorch's epsilon.
  package static func instanceNorm(channels: Int, epsilon: Double = 1e-5) -> Layer {
    Layer(InstanceNorm(channels: channels, epsilon: epsilon))
  }
}
