package import GANGraph
package import GANTensor

/// Images a whole number of times as large: `[N, C, H, W] → [N, C, factor H, factor W]`, as
/// PyTorch's `nn.Upsample` (for bilinear ones `align_corners=False`).
package struct Upsampling: LayerContent {
  package static let kind = "upsampling"

  let factor: Int
  let interpolation: Interpolation

  /// The value of pixels in between.
  package enum Interpolation: String, Codable, Hashable, Sendable {
    /// The pixel they lie in.
    case nearest
    /// A mean of the two nearest along each axis, by distance.
    case bilinear

    /// Reads a name.
    ///
    /// - Throws: `UnknownLayerError` where it is none of these; `DecodingError`.
    package init(from decoder: any Decoder) throws {
      self = try decoder.knownChoice("upsampling")
    }
  }

  package var isSound: Bool { areSound(factor, upTo: 256) }

  package func outputShape(for input: Shape) -> Shape? {
    input.rank == 3 ? [input[0], factor * input[1], factor * input[2]] : nil
  }

  package func apply(to input: Tensor, in scope: LayerScope) -> Tensor {
    switch interpolation {
    case .nearest: repeated(input)
    case .bilinear: interpolated(interpolated(input, axis: 2), axis: 3)
    }
  }

  private func repeated(_ x: Tensor) -> Tensor {
    let (count, channels, height, width) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
    return
      x.broadcast(to: [count, channels, height, factor, width, factor], axes: [0, 1, 2, 4])
      .reshaped(to: [count, channels, factor * height, factor * width])
  }

  /// Pixel `factor i + j` lies at `i + (j + 1/2) / factor - 1/2`; beyond the edge is the edge.
  private func interpolated(_ x: Tensor, axis: Int) -> Tensor {
    let extent = x.shape[axis]
    func slice(_ start: Int, _ count: Int) -> [Tensor] {
      count > 0 ? [x.sliced(axis: axis, start: start, count: count)] : []
    }
    func joined(_ parts: [Tensor]) -> Tensor {
      parts[0].concatenated(with: Array(parts.dropFirst()), axis: axis)
    }
    let before = joined(slice(0, 1) + slice(0, extent - 1))
    let after = joined(slice(1, extent - 1) + slice(extent - 1, 1))
    let apart = Shape(x.shape.dimensions[...axis] + [1] + x.shape.dimensions[(axis + 1)...])
    let phases = (0..<factor).map { phase in
      let offset = (Double(phase) + 0.5) / Double(factor) - 0.5
      let neighbour = offset < 0 ? before : after
      return (x * (1 - abs(offset)) + neighbour * abs(offset)).reshaped(to: apart)
    }
    return phases[0].concatenated(with: Array(phases.dropFirst()), axis: axis + 1)
      .reshaped(to: x.shape.replacing(axis: axis, with: factor * extent))
  }

  package var description: String { "\(interpolation) upsampling, \(factor) times" }
}

extension Layer {
  /// Images `factor` times as large along both axes.
  package static func upsampling(
    factor: Int = 2, _ interpolation: Upsampling.Interpolation = .nearest
  ) -> Layer {
    Layer(Upsampling(factor: factor, interpolation: interpolation))
  }
}
