package import GANGraph
package import GANTensor

/// Transposed convolution as PyTorch's `nn.ConvTranspose2d`:
/// `[N, inputs, h, w] → [N, outputs, H, W]`, `H = stride (h - 1) + window - 2 padding + outputPadding`;
/// weights `[inputs, outputs, window, window]`.
package struct TransposedConvolution2D: LayerContent {
  package static let kind = "transposedConvolution"

  let inputs: Int
  let outputs: Int
  /// Rows and columns of a window.
  let window: Int
  let stride: Int
  let padding: Int
  /// Rows below and columns to the right that are added to the result.
  let outputPadding: Int
  let bias: Bool

  package var isSound: Bool {
    areSound(inputs, outputs)
      && areSound(window, stride, upTo: NetworkPlan.windowLimit)
      && (0..<NetworkPlan.windowLimit).contains(padding)
      && (0..<stride).contains(outputPadding)
  }

  package var parameters: [NetworkDescription.Parameter] {
    // PyTorch computes the fans from the second axis as it does for a convolution.
    .weight(
      [inputs, outputs, window, window], bias: bias ? outputs : nil,
      fanIn: outputs * window * window, fanOut: inputs * window * window, outputAxis: 1)
  }

  package func outputShape(for input: Shape) -> Shape? {
    guard input.rank == 3, input[0] == inputs else { return nil }
    func extent(_ axis: Int) -> Int {
      stride * (input[axis] - 1) + window - 2 * padding + outputPadding
    }
    return extent(1) > 0 && extent(2) > 0 ? [outputs, extent(1), extent(2)] : nil
  }

  package func multiplyAdds(for input: Shape) -> Int {
    input.elementCount.times(outputs * window * window)
  }

  package func apply(to input: Tensor, in scope: LayerScope) -> Tensor {
    let images = input.transposeConvolved(
      with: scope.parameter("weight"), stride: stride, padding: padding,
      outputPadding: outputPadding)
    guard bias else { return images }
    return images + scope.parameter("bias").broadcast(to: images.shape, axes: [1])
  }

  package var description: String {
    "transposed convolution, \(inputs) to \(outputs), \(window) × \(window), stride \(stride), "
      + "padding \(padding)" + (outputPadding > 0 ? ", output padding \(outputPadding)" : "")
  }
}

extension Layer {
  /// Transposed convolution, `[N, inputs, h, w] → [N, outputs, H, W]`.
  ///
  /// - Parameters:
  ///   - window: Rows and columns of a window.
  ///   - stride: Pixels of the result from one window to the next.
  ///   - padding: How much of the result is cut off, on each side.
  ///   - outputPadding: Rows below and columns to the right that are added; fewer than `stride`.
  package static func transposedConvolution(
    inputs: Int, outputs: Int, window: Int, stride: Int = 1, padding: Int = 0,
    outputPadding: Int = 0, bias: Bool = true
  ) -> Layer {
    Layer(
      TransposedConvolution2D(
        inputs: inputs, outputs: outputs, window: window, stride: stride, padding: padding,
        outputPadding: outputPadding, bias: bias))
  }
}
