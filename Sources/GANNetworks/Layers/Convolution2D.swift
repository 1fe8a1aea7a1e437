package import GANGraph
package import GANTensor

/// Convolution as PyTorch's `nn.Conv2d`: `[N, inputs, H, W] → [N, outputs, H', W']`,
/// `H' = ⌊(H + 2 padding - window) / stride⌋ + 1`; square windows, dilation 1.
package struct Convolution2D: LayerContent {
  package static let kind = "convolution"

  let inputs: Int
  let outputs: Int
  /// Rows and columns of a window.
  let window: Int
  let stride: Int
  let padding: Int
  let bias: Bool
  /// Parts of the inputs, each convolved with its part of the outputs alone; as many as inputs where it
  /// is depthwise.
  var groups: Int { severalGroups ?? 1 }
  /// Nil for a single group, so that files without groups stay as they were.
  private let severalGroups: Int?

  private enum CodingKeys: String, CodingKey {
    case inputs, outputs, window, stride, padding, bias
    case severalGroups = "groups"
  }

  init(
    inputs: Int, outputs: Int, window: Int, stride: Int, padding: Int, bias: Bool, groups: Int
  ) {
    (self.inputs, self.outputs, self.window) = (inputs, outputs, window)
    (self.stride, self.padding, self.bias) = (stride, padding, bias)
    severalGroups = groups == 1 ? nil : groups
  }

  package var isSound: Bool {
    areSound(inputs, outputs, groups) && inputs.isMultiple(of: groups)
      && outputs.isMultiple(of: groups)
      && areSound(window, stride, upTo: NetworkPlan.windowLimit)
      && (0..<NetworkPlan.windowLimit).contains(padding)
  }

  package var parameters: [NetworkDescription.Parameter] {
    .weight(
      [outputs, inputs / groups, window, window], bias: bias ? outputs : nil,
      fanIn: inputs / groups * window * window, fanOut: outputs / groups * window * window)
  }

  package func outputShape(for input: Shape) -> Shape? {
    guard input.rank == 3, input[0] == inputs else { return nil }
    let convolution = Convolution(stride: stride, padding: padding)
    let rows = convolution.windowCount(along: input[1], window: window)
    let columns = convolution.windowCount(along: input[2], window: window)
    return rows > 0 && columns > 0 ? [outputs, rows, columns] : nil
  }

  package func multiplyAdds(for input: Shape) -> Int {
    (outputShape(for: input)?.elementCount ?? 0).times(inputs / groups * window * window)
  }

  package func apply(to input: Tensor, in scope: LayerScope) -> Tensor {
    let images = input.convolved(
      with: scope.parameter("weight"), stride: stride, padding: padding, groups: groups)
    guard bias else { return images }
    return images + scope.parameter("bias").broadcast(to: images.shape, axes: [1])
  }

  package var description: String {
    "convolution, \(inputs) to \(outputs), \(window) × \(window), stride \(stride), "
      + "padding \(padding)" + (groups == 1 ? "" : ", \(groups) groups")
  }
}

extension Layer {
  /// Convolution, `[N, inputs, H, W] → [N, outputs, H', W']`.
  ///
  /// - Parameters:
  ///   - window: Rows and columns of a window.
  ///   - stride: Pixels from one window to the next.
  ///   - padding: Zeros around the images, on each side.
  ///   - groups: Parts of the inputs, each convolved with its part of the outputs alone; divides both.
  package static func convolution(
    inputs: Int, outputs: Int, window: Int, stride: Int = 1, padding: Int = 0, bias: Bool = true,
    groups: Int = 1
  ) -> Layer {
    Layer(
      Convolution2D(
        inputs: inputs, outputs: outputs, window: window, stride: stride, padding: padding,
        bias: bias, groups: groups))
  }
}
