package import GANTensor

/// The placement of a convolution's windows on its images: the same along both axes, dilation 1.
package struct Convolution: Hashable, Sendable {
  /// Pixels from one window to the next; at least 1.
  package var stride: Int
  /// Zeros around the images, on each of the four sides.
  package var padding: Int
  /// Parts of the channels, one after another, each convolved with its part of the filters alone; as
  /// many as channels where it is depthwise.
  package var groups: Int
  /// The order of the images' axes; the weights' never changes.
  package var layout = ImageLayout.channelsFirst

  package init(
    stride: Int, padding: Int, groups: Int = 1, layout: ImageLayout = .channelsFirst
  ) {
    self.stride = stride
    self.padding = padding
    self.groups = groups
    self.layout = layout
  }

  /// The number of windows of `window` pixels along an axis of `extent`.
  package func windowCount(along extent: Int, window: Int) -> Int {
    let room = extent + 2 * padding - window
    return room < 0 || stride < 1 ? 0 : room / stride + 1
  }
}

/// The order of the axes of images in a tensor.
package enum ImageLayout: Hashable, Sendable {
  /// `[N, C, H, W]`.
  case channelsFirst
  /// `[N, H, W, C]`.
  case channelsLast

  /// Images, channels, height and width of images with these axes.
  package func extents(of shape: Shape) -> (images: Int, channels: Int, height: Int, width: Int) {
    switch self {
    case .channelsFirst: (shape[0], shape[1], shape[2], shape[3])
    case .channelsLast: (shape[0], shape[3], shape[1], shape[2])
    }
  }

  /// The shape of images of these extents.
  package func shape(images: Int, channels: Int, height: Int, width: Int) -> Shape {
    switch self {
    case .channelsFirst: [images, channels, height, width]
    case .channelsLast: [images, height, width, channels]
    }
  }

  /// The axis of the channels.
  package var channelAxis: Int { self == .channelsFirst ? 1 : 3 }
}

/// The extents of a convolution of any of the three kinds.
package struct ConvolutionExtents: Hashable, Sendable {
  /// N, C, H and W of the images under the windows.
  package var images, channels, height, width: Int
  /// K, H' and W' of the images of windows.
  package var filters, windowRows, windowColumns: Int
  /// kH and kW.
  package var windowHeight, windowWidth: Int
  /// Groups of channels and of filters.
  package var groups: Int

  /// Channels that a filter sees.
  package var groupChannels: Int { channels / groups }
  /// Filters that see a channel.
  package var groupFilters: Int { filters / groups }

  /// `N · K · H' · W' · C / groups · kH · kW`, taps in the padding included.
  package var multiplyAddCount: Int {
    images * filters * windowRows * windowColumns * groupChannels * windowHeight * windowWidth
  }
}

extension Op {
  /// The extents of a convolution of any kind, from the shapes of its operands and its result;
  /// `nil` if they are not one's.
  package func convolutionExtents(_ x: [Shape], _ y: Shape) -> ConvolutionExtents? {
    switch self {
    case .convolution(let convolution): convolution.extents(under: x[0], y, x[1])
    case .convolutionInputGradient(let convolution, _, _):
      convolution.extents(under: y, x[0], x[1])
    case .convolutionWeightGradient(let convolution, _, _):
      convolution.extents(under: x[0], x[1], y)
    default: nil
    }
  }
}

extension Graph {
  /// The extents of a node that is a convolution of any kind; `nil` for other nodes.
  package func convolutionExtents(_ id: NodeID) -> ConvolutionExtents? {
    self[id].op.convolutionExtents(
      self[id].operands.map { self[$0].type.shape }, self[id].type.shape)
  }
}

extension Convolution {
  /// The extents, from the images under the windows, the images of windows and the weights.
  fileprivate func extents(under: Shape, _ windows: Shape, _ weights: Shape) -> ConvolutionExtents {
    let (images, channels, height, width) = layout.extents(of: under)
    let (_, filters, rows, columns) = layout.extents(of: windows)
    return ConvolutionExtents(
      images: images, channels: channels, height: height, width: width, filters: filters,
      windowRows: rows, windowColumns: columns, windowHeight: weights[2], windowWidth: weights[3],
      groups: groups)
  }
}
