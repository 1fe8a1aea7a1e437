internal import CKernels
internal import GANGraph
internal import GANTensor

/// A convolution of images whose channels come last, or a gradient of one, as a product of windows and
/// weights that never lie in memory side by side.
final class CoreConvolution: KernelCandidate {
  static let name = "core"
  private let descriptor: ConvolutionDescriptor
  private let product: RowProduct
  private let members: Int32
  /// Bytes of images with zeros around them; 0 where windows find their zeros themselves.
  private let paddedBytes: Int
  /// The precision of a gradient in the weights.
  private let gradientPrecision: Precision

  /// Fewer channels than this are read as one with their neighbours in a row, from padded images.
  private static let fewChannels = 16

  /// The part of a window that lies in memory side by side.
  private enum Run {
    case pixel, row, window
  }

  private static func run(_ convolution: Convolution, _ extents: ConvolutionExtents) -> Run {
    let coversImage =
      convolution.padding == 0 && extents.windowHeight == extents.height
      && extents.windowWidth == extents.width
    // Neighbours in memory are of other groups.
    guard convolution.groups == 1 else { return .pixel }
    return coversImage ? .window : extents.channels < fewChannels ? .row : .pixel
  }

  init(preparing descriptor: ConvolutionDescriptor, on device: CPUDevice) throws(Refusal) {
    let (convolution, extents) = (descriptor.convolution, descriptor.extents)
    guard convolution.layout == .channelsLast || extents.areSinglePixels else {
      throw Refusal(reason: "channels come first")
    }
    self.descriptor = descriptor
    members = device.members(forWork: extents.multiplyAddCount)
    gradientPrecision =
      descriptor.kind == .weightGradient && extents.groups == 1
      ? device.precision(forColumns: extents.filters) : .float32
    guard descriptor.kind != .inputGradient else {
      let groups = Self.gradientGroups(convolution, extents)
      let taps = groups.map { $0.taps.map(\.tap) }
      let used = Set(taps.joined())
      let unused = (0..<extents.tapCount).filter { !used.contains($0) }
      let grids = groups.map(\.grid)
      let weights = PackedWeights(
        source: descriptor.weights, columns: extents.groupChannels, inner: extents.groupFilters,
        columnStride: extents.tapCount, innerStride: extents.groupChannels * extents.tapCount,
        groups: taps + (unused.isEmpty ? [] : [unused]), channelGroups: extents.groups,
        precision: extents.groups > 1
          ? .float32 : RowProduct.precision(grids, columns: extents.channels, on: device))
      product = try RowProduct(
        grids, inner: extents.groupFilters, weights: weights, source: descriptor.windows,
        activation: nil, on: device)
      paddedBytes = 0
      return
    }
    let run = Self.run(convolution, extents)
    let padding = run == .row ? convolution.padding : 0
    let grid = Self.grid(convolution, extents, run)
    // Padded images are no value of their own, and windows of a gradient are gathered from floats.
    let narrows = padding == 0 && descriptor.kind == .convolution && extents.groups == 1
    let weights = PackedWeights(
      source: descriptor.weights, columns: extents.groupFilters, inner: extents.groupChannels,
      columnStride: extents.groupChannels * extents.tapCount, innerStride: extents.tapCount,
      groups: [Array(0..<extents.tapCount)], channelGroups: extents.groups,
      precision: narrows
        ? RowProduct.precision([grid], columns: extents.filters, on: device) : .float32)
    product = try RowProduct(
      [grid], inner: extents.groupChannels * extents.tapCount / grid.taps.count, weights: weights,
      source: narrows ? descriptor.images : nil, activation: descriptor.activation, on: device)
    paddedBytes =
      padding == 0
      ? 0
      : extents.images * grid.sourceHeight * grid.sourceWidth * extents.channels
        * MemoryLayout<Float>.size
  }

  var implementation: String { product.implementation }

  var preparedOperands: [PreparedOperand] {
    guard descriptor.kind == .weightGradient else { return product.preparedOperands }
    return gradientPrecision == .bfloat16 ? [pairedWindows] : []
  }

  /// The gradient in the windows, whose neighbours in a column are multiplied together.
  private var pairedWindows: PreparedOperand {
    let extents = descriptor.extents
    return .pairedRows(
      descriptor.windows, rows: extents.images * extents.windowRows * extents.windowColumns,
      columns: extents.filters)
  }

  /// Padded images, then what a gradient in the weights needs.
  var scratchBytes: Int {
    paddedEnd + (descriptor.kind == .weightGradient ? product.gradientScratchBytes : 0)
  }

  private var paddedEnd: Int { wholeLines(paddedBytes) }

  func bind(_ memory: KernelMemory) -> BoundKernel {
    let (images, windows) = (memory.floats(descriptor.images), memory.floats(descriptor.windows))
    if descriptor.kind == .inputGradient {
      return product.bind(source: windows, bias: nil, result: images, in: memory)
    }
    let (source, padding) = padded(images, memory)
    let work =
      descriptor.kind == .weightGradient
      ? product.bindGradient(
        channels: descriptor.extents.groupChannels, source: source,
        result: gradientPrecision == .bfloat16 ? memory.prepared(pairedWindows) : windows,
        in: gradientPrecision, weights: memory.floats(descriptor.weights),
        scratch: memory.scratch + paddedEnd)
      : product.bind(
        source: source, bias: descriptor.bias.map(memory.floats), result: windows, in: memory)
    return padding.map { $0.followed(by: work) } ?? work
  }

  /// The images that windows read, and the kernel that pads them where that is to be done.
  private func padded(
    _ images: UnsafeMutablePointer<Float>, _ memory: KernelMemory
  ) -> (UnsafeMutablePointer<Float>, BoundKernel?) {
    guard paddedBytes > 0 else { return (images, nil) }
    let padded = memory.scratch.assumingMemoryBound(to: Float.self)
    let (extents, padding, members) = (descriptor.extents, descriptor.convolution.padding, members)
    let kernel = BoundKernel {
      ck_pad_images(
        images, Int64(extents.images), Int64(extents.height), Int64(extents.width),
        Int64(extents.channels), Int64(padding), padded, members)
    }
    return (padded, kernel)
  }

  // MARK: Rows

  /// The rows of a convolution: its windows.
  private static func grid(
    _ convolution: Convolution, _ extents: ConvolutionExtents, _ run: Run
  ) -> RowGrid {
    let rows = 0..<(run == .window ? 1 : extents.windowHeight)
    let columns = 0..<(run == .pixel ? extents.windowWidth : 1)
    // The padding is in the images, or before the first pixel.
    let inside = run == .row ? 2 * convolution.padding : 0
    let before = run == .pixel ? convolution.padding : 0
    return RowGrid(
      images: extents.images, height: extents.windowRows, width: extents.windowColumns,
      sourceHeight: extents.height + inside, sourceWidth: extents.width + inside,
      sourcePixel: extents.channels, sourceStep: convolution.stride,
      resultHeight: extents.windowRows, resultWidth: extents.windowColumns,
      taps: rows.flatMap { row in columns.map { (row - before, $0 - before) } })
  }

  /// Pixels of the images that read the same taps of windows, and those taps.
  private struct Group {
    var grid: RowGrid
    var taps: [(tap: Int, row: Int, column: Int)]
  }

  /// The rows of a convolution's gradient in its images: as many grids as a pixel can lie differently
  /// under windows; where one window covers an image, each pixel is a grid of its own.
  private static func gradientGroups(
    _ convolution: Convolution, _ extents: ConvolutionExtents
  ) -> [Group] {
    let isOneWindow = extents.windowRows == 1 && extents.windowColumns == 1
    let stride = isOneWindow ? max(extents.height, extents.width) : convolution.stride
    var groups: [Group] = []
    for y in 0..<min(stride, extents.height) {
      for x in 0..<min(stride, extents.width) {
        let rows = taps(at: y, extents.windowHeight, convolution, isOneWindow)
        let columns = taps(at: x, extents.windowWidth, convolution, isOneWindow)
        let taps = rows.flatMap { row in
          columns.map { column in
            (
              tap: row.tap * extents.windowWidth + column.tap, row: row.offset,
              column: column.offset
            )
          }
        }
        let grid = RowGrid(
          images: extents.images, height: (extents.height - y + stride - 1) / stride,
          width: (extents.width - x + stride - 1) / stride, sourceHeight: extents.windowRows,
          sourceWidth: extents.windowColumns, sourcePixel: extents.filters,
          resultHeight: extents.height, resultWidth: extents.width, resultStep: stride,
          firstRow: y, firstColumn: x, taps: taps.map { ($0.row, $0.column) })
        groups.append(Group(grid: grid, taps: taps))
      }
    }
    return groups
  }

  /// Taps of windows along one axis that can lie on a pixel, and the offset of those windows, which
  /// is 0 if there is one only.
  private static func taps(
    at pixel: Int, _ count: Int, _ convolution: Convolution, _ isOneWindow: Bool
  ) -> [(tap: Int, offset: Int)] {
    (0..<count).compactMap { tap in
      let distance = pixel + convolution.padding - tap
      guard distance.isMultiple(of: convolution.stride) else { return nil }
      let offset = distance / convolution.stride
      return isOneWindow && offset != 0 ? nil : (tap, offset)
    }
  }
}

extension ConvolutionExtents {
  /// Taps of a window.
  var tapCount: Int { windowHeight * windowWidth }

  /// True if images and windows have one pixel each, so that both layouts are one.
  fileprivate var areSinglePixels: Bool {
    height == 1 && width == 1 && windowRows == 1 && windowColumns == 1
  }
}

/// Bytes up to the end of a line of the cache.
private func wholeLines(_ bytes: Int) -> Int { (bytes + 63) / 64 * 64 }
