package import GANGraph
package import GANTensor

/// The mean of each window of pixels, windows side by side, as PyTorch's `nn.AvgPool2d(window)`:
/// `[N, C, H, W] → [N, C, H / window, W / window]`; windows fill the images.
package struct AveragePooling: LayerContent {
  package static let kind = "averagePooling"

  /// Rows and columns of a window.
  let window: Int

  package var isSound: Bool { areSound(window, upTo: 1 << 16) }

  package func outputShape(for input: Shape) -> Shape? {
    guard input.rank == 3, input[1].isMultiple(of: window), input[2].isMultiple(of: window) else {
      return nil
    }
    return [input[0], input[1] / window, input[2] / window]
  }

  package func apply(to input: Tensor, in scope: LayerScope) -> Tensor {
    let extents = input.shape.dimensions
    let windows = input.reshaped(
      to: [extents[0], extents[1], extents[2] / window, window, extents[3] / window, window])
    return windows.summed(over: [3, 5]) * (1 / Double(window * window))
  }

  package var description: String { "average pooling, \(window) × \(window)" }
}

extension Layer {
  /// The mean of each window of pixels, windows side by side.
  package static func averagePooling(window: Int = 2) -> Layer {
    Layer(AveragePooling(window: window))
  }
}
