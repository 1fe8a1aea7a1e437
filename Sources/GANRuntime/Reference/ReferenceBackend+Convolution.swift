internal import GANGraph
internal import GANTensor

extension ReferenceBackend {
  /// The value of a convolution of any kind: the kinds differ in which of the three tensors is made
  /// of the two others. Sums have the same order in either layout.
  func convolved(
    _ x: [ReferenceTensor], _ node: Node, _ convolution: Convolution
  ) -> ReferenceTensor {
    guard let extents = node.op.convolutionExtents(x.map(\.shape), node.type.shape) else {
      preconditionFailure("\(node.op) is no convolution")
    }
    let (a, b) = (x[0].reals, x[1].reals)
    var result = [Double](repeating: 0, count: node.type.shape.elementCount)
    forEachTap(of: convolution, extents) { image, window, weight in
      switch node.op {
      case .convolution: result[window] += a[image] * b[weight]
      case .convolutionInputGradient: result[image] += a[window] * b[weight]
      default: result[weight] += a[image] * b[window]
      }
    }
    return ReferenceTensor(node.type, .real(result))
  }

  /// Visits every tap of every window that lies on the images, with its place in the images, the
  /// window's in the images of windows, and the weight's in the weights.
  private func forEachTap(
    of convolution: Convolution, _ extents: ConvolutionExtents,
    _ visit: (_ image: Int, _ window: Int, _ weight: Int) -> Void
  ) {
    let layout = convolution.layout
    let images = layout.strides(extents.channels, extents.height, extents.width)
    let windows = layout.strides(extents.filters, extents.windowRows, extents.windowColumns)
    let taps = extents.windowHeight * extents.windowWidth
    for n in 0..<extents.images {
      for k in 0..<extents.filters {
        for row in 0..<extents.windowRows {
          for column in 0..<extents.windowColumns {
            let window =
              n * windows.image + k * windows.channel + row * windows.row + column * windows.column
            let firstChannel = k / extents.groupFilters * extents.groupChannels
            for c in 0..<extents.groupChannels {
              for tap in 0..<taps {
                let (ky, kx) = (tap / extents.windowWidth, tap % extents.windowWidth)
                let y = row * convolution.stride - convolution.padding + ky
                let x = column * convolution.stride - convolution.padding + kx
                guard (0..<extents.height).contains(y), (0..<extents.width).contains(x) else {
                  continue
                }
                visit(
                  n * images.image + (firstChannel + c) * images.channel + y * images.row
                    + x * images.column,
                  window, (k * extents.groupChannels + c) * taps + tap)
              }
            }
          }
        }
      }
    }
  }
}

extension ImageLayout {
  /// Elements between neighbours in images of these extents.
  fileprivate func strides(
    _ channels: Int, _ height: Int, _ width: Int
  ) -> (image: Int, channel: Int, row: Int, column: Int) {
    let image = channels * height * width
    return switch self {
    case .channelsFirst: (image, height * width, width, 1)
    case .channelsLast: (image, 1, width * channels, channels)
    }
  }
}
