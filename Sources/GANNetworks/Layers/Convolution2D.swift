package import GANGraph
package import GANTensor

/// Convolution as PyTorch's `nn.Conv2d`: `[N, inputs, H, W] → [N, outputs, H', W']`,
/// `H' = ⌊(H + 2 padding - window) / stride⌋ + 1`; square windows, dilation 1, one group.
package struct Convolution2D: LayerContent {
  package static let kind = "convolution"

  let inputs: Int
  let outputs: Int
  /// Rows and columns of a window.
  let window: Int
  let stride: Int
  let padding: Int
  let bias: Bool

  package var isSound: Bool {
    areSound(inputs, outputs)
      && areSound(window, stride, upTo: NetworkPlan.windowLimit)
      && (0..<NetworkPlan.windowLimit).contains(padding)
  }

  package var parameters: [NetworkDescription.Parameter] {
    .weight(
      [outputs, inputs, window, window], bias: bias ? outputs : nil,
      fanIn: inputs * window * window, fanOut: outputs * window * window)
  }

  package func outputShape(for input: Shape) -> Shape? {
    guard input.rank == 3, input[0] == inputs else { return nil }
    let convolution = Convolution(stride: stride, padding: padding)
    let rows = convolution.windowCount(along: input[1], window: window)
    let columns = convolution.windowCount(along: input[2], window: window)
    return rows > 0 && columns > 0 ? [outputs, rows, columns] : nil
  }

  package func multiplyAdds(for input: Shape) -> Int {
    (outputShape(for: input)?.elementCount ?? 0).times(inputs * window * window)
  }

  package func apply(to input: Tensor, in scope: LayerScope) -> Tensor {
    let images = input.convolved(
      with: scope.parameter("weight"), stride: stride, padding: padding)
    guard bias else { return images }
    return images + scope.parameter("bias").broadcast(to: images.shape, axes: [1])
  }

  package var description: String {
    "convolution, \(inputs) to \(outputs), \(window) × \(window), stride \(stride), "
      + "padding \(padding)"
  }
}

extension Layer {
  /// Convolution, `[N, inputs, H, W] → [N, outputs, H', W']`.
  ///
  /// - Parameters:
  ///   - window: Rows and columns of a window.
  ///   - stride: Pixels from one window to the next.
  ///   - padding: Zeros around the images, on each side.
  package static func convolution(
    inputs: Int, outputs: Int, window: Int, stride: Int = 1, padding: Int = 0, bias: Bool = true
  ) -> Layer {
    Layer(
      Convolution2D(
        inputs: inputs, outputs: outputs, window: window, stride: stride, padding: padding,
        bias: bias))
  }
}
