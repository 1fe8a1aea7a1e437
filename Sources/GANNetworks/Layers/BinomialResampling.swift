package import GANGraph
package import GANTensor

/// Images twice or half as large along both axes, smoothed by the filter [1, 3, 3, 1] / 8 along each:
/// `[N, C, H, W] → [N, C, 2 H, 2 W]` or `[N, C, H / 2, W / 2]`. Around the images are zeros.
///
/// Reducing takes every other value of the filtered image. Enlarging is its adjoint, times 4: zeros
/// between pixels, then the filter. It keeps a constant image but for the edges, which darken.
///
/// - Source: Zhang, "Making Convolutional Networks Shift-Invariant Again", 2019, arXiv:1904.11486;
///   the filter of Karras et al., "Analyzing and Improving the Image Quality of StyleGAN", 2020,
///   arXiv:1912.04958.
package struct BinomialResampling: LayerContent {
  package static let kind = "binomialResampling"

  let direction: Direction

  /// A direction of resampling.
  package enum Direction: String, Codable, Hashable, Sendable {
    /// To twice as many rows and columns.
    case enlarging
    /// To half as many, of an even number.
    case reducing

    /// Reads a name.
    ///
    /// - Throws: `UnknownLayerError` where it is none of these; `DecodingError`.
    package init(from decoder: any Decoder) throws {
      self = try decoder.knownChoice("resampling")
    }
  }

  package func outputShape(for input: Shape) -> Shape? {
    guard input.rank == 3 else { return nil }
    switch direction {
    case .enlarging: return [input[0], 2 * input[1], 2 * input[2]]
    case .reducing:
      guard input[1].isMultiple(of: 2), input[2].isMultiple(of: 2) else { return nil }
      return [input[0], input[1] / 2, input[2] / 2]
    }
  }

  /// Sixteen taps for every value of the smaller images.
  package func multiplyAdds(for input: Shape) -> Int {
    let smaller = direction == .enlarging ? input : outputShape(for: input)
    return (smaller?.elementCount ?? 0).times(16)
  }

  package func apply(to input: Tensor, in scope: LayerScope) -> Tensor {
    let channels = input.shape[1]
    switch direction {
    case .enlarging:
      return input.transposeConvolved(
        with: filter(scale: 0.25, channels, in: input.builder), stride: 2, padding: 1,
        groups: channels)
    case .reducing:
      return input.convolved(
        with: filter(scale: 0.125, channels, in: input.builder), stride: 2, padding: 1,
        groups: channels)
    }
  }

  /// The outer product of `scale` · [1, 3, 3, 1] with itself for every channel, `[C, 1, 4, 4]`.
  private func filter(scale: Double, _ channels: Int, in builder: GraphBuilder) -> Tensor {
    let taps = [1.0, 3, 3, 1].map { builder.constant($0 * scale, [1]) }
    let line = taps[0].concatenated(with: Array(taps.dropFirst()), axis: 0)
    let square = line.broadcast(to: [4, 4], axes: [0]) * line.broadcast(to: [4, 4], axes: [1])
    return square.broadcast(to: [channels, 1, 4, 4], axes: [2, 3])
  }

  package var description: String { "binomial filter, \(direction)" }
}

extension Layer {
  /// Images twice or half as large, smoothed by [1, 3, 3, 1].
  package static func binomialResampling(_ direction: BinomialResampling.Direction) -> Layer {
    Layer(BinomialResampling(direction: direction))
  }
}
