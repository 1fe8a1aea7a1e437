internal import CKernels
internal import GANGraph
internal import GANTensor

/// A product of the rows of a matrix, or of images' pixels, and packed weights, with bias and LeakyReLU
/// as it is written.
final class RowProduct {
  private let weights: PackedWeights
  private let readsInPlace: Bool
  /// The source in pairs; nil where products read its floats.
  private let narrowedSource: PreparedOperand?
  private let product: ck_product
  private let members: Int32
  // What `product` points at.
  private let grids: CArray<ck_grid>
  private let offsets: [CArray<Int64>]

  /// Prepares a product.
  ///
  /// - Parameters:
  ///   - grids: The rows: those that read a group of the weights' taps, in their order.
  ///   - inner: Elements of a tap, of one group of channels.
  ///   - weights: The weights; in bfloat16 only with `source`, where `precision(of:)` says so.
  ///   - source: The source where that is a value of its own.
  ///   - activation: An epilogue; LeakyReLU.
  init(
    _ grids: [RowGrid], inner: Int, weights: PackedWeights, source: NodeID?,
    activation: UnaryFunction?, on device: CPUDevice
  ) throws(Refusal) {
    var offsets: [CArray<Int64>] = []
    var slope = 1.0
    if let activation {
      guard case .leakyReLU(let negativeSlope) = activation else {
        throw Refusal(reason: "\(activation) is no epilogue")
      }
      slope = negativeSlope
    }
    if weights.channelGroups * inner > Int(CK_WIDEST_PIXEL), grids.contains(where: \.hasOutside) {
      throw Refusal(reason: "pixels of \(weights.channelGroups * inner) channels")
    }
    if let grid = grids.first(where: { $0.taps.count > Int(CK_MOST_TAPS) }) {
      throw Refusal(reason: "\(grid.taps.count) taps")
    }
    var (grids, innerUnits) = (grids, inner)
    if weights.precision == .bfloat16, let source {
      let (rows, columns) = Self.matrix(readBy: grids[0])
      narrowedSource = .narrowedRows(source, rows: rows, columns: columns)
      innerUnits = (inner + 1) / 2
      for position in grids.indices {
        grids[position].sourcePixel = (grids[position].sourcePixel + 1) / 2
      }
    } else {
      precondition(weights.precision == .float32, "only a value of its own is narrowed")
      narrowedSource = nil
    }
    self.grids = CArray(
      zip(grids, weights.places).map { grid, place in
        let rows = CArray(grid.taps.map { Int64($0.row) })
        let columns = CArray(grid.taps.map { Int64($0.column) })
        offsets += [rows, columns]
        return ck_grid(grid, rows.start, columns.start, place: place)
      })
    self.offsets = offsets
    self.weights = weights
    let rowCount = grids.reduce(0) { $0 + $1.rowCount }
    readsInPlace =
      weights.lieAsRead && (weights.columns > 1 || grids.allSatisfy(\.isMatrix))
      && !(weights.crowdsCache && rowCount >= Self.rowsWorthPacking)
    product = ck_product(
      inner: Int64(innerUnits), columns: Int64(weights.columns),
      groups: Int64(weights.channelGroups), packed_group: Int64(weights.groupFloatCount),
      grids: self.grids.start, grid_count: grids.count, slope: Float(slope),
      right_stride: readsInPlace ? Int64(weights.columns) : 0,
      precision: weights.precision.core)
    let work =
      grids.reduce(0) { $0 + $1.rowCount * $1.taps.count } * inner * weights.columns
      * weights.channelGroups
    members = device.members(forWork: work)
  }

  /// The number of rows from which on a crowded cache costs more than packing: tried on AMD Zen 2, with
  /// 256 to 1,024 columns.
  private static let rowsWorthPacking = 48

  /// The precision in which rows can be multiplied: the device's, where pairs of neighbours begin at every
  /// pixel and the columns fill a vector.
  static func precision(
    _ grids: [RowGrid], columns: Int, on device: CPUDevice
  ) -> Precision {
    let canPair = grids.allSatisfy { $0.isMatrix || $0.sourcePixel.isMultiple(of: 2) }
    return canPair ? device.precision(forColumns: columns) : .float32
  }

  /// The rows and columns of the source as a matrix of its pixels.
  private static func matrix(readBy grid: RowGrid) -> (rows: Int, columns: Int) {
    (grid.images * grid.sourceHeight * grid.sourceWidth, grid.sourcePixel)
  }

  var implementation: String {
    "core \(CPUDevice.instructionSet(weights.precision)), \(members) threads"
  }

  /// The weights where they are not read as they lie, and a source in pairs.
  var preparedOperands: [PreparedOperand] {
    (readsInPlace ? [] : [.packed(weights)]) + (narrowedSource.map { [$0] } ?? [])
  }

  func bind(
    source: UnsafeMutablePointer<Float>, bias: UnsafeMutablePointer<Float>?,
    result: UnsafeMutablePointer<Float>, in memory: KernelMemory
  ) -> BoundKernel {
    let right =
      readsInPlace ? memory.floats(weights.source) : memory.prepared(.packed(weights))
    let source = narrowedSource.map(memory.prepared) ?? source
    return BoundKernel {
      withUnsafePointer(to: self.product) {
        ck_product_run($0, source, right, bias, result, self.members)
      }
    }
  }

  /// The gradient in the weights, where the product is a convolution's, has one grid and reads floats.
  ///
  /// - Parameter precision: The one that `result` is in: bfloat16 where it is in pairs of windows.
  func bindGradient(
    channels: Int, source: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    in precision: Precision, weights: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer
  ) -> BoundKernel {
    precondition(narrowedSource == nil, "windows are gathered from floats")
    var product = product
    product.precision = precision.core
    return BoundKernel {
      withUnsafePointer(to: product) {
        ck_window_gradient_run(
          $0, Int64(channels), source, result, weights, scratch, self.members)
      }
    }
  }

  /// Bytes of scratch memory for the gradient.
  var gradientScratchBytes: Int {
    withUnsafePointer(to: product) { ck_window_gradient_scratch_bytes($0, members) }
  }
}

/// The rows of a product: pixels of a grid in each image, and what they read and write; see `ck_grid`.
struct RowGrid {
  var images: Int
  var height = 1
  var width = 1
  var sourceHeight = 1
  var sourceWidth = 1
  /// Elements from one source pixel to the next.
  var sourcePixel: Int
  var sourceStep = 1
  var resultHeight = 1
  var resultWidth = 1
  var resultStep = 1
  var firstRow = 0
  var firstColumn = 0
  /// Offsets of the source's pixels.
  var taps: [(row: Int, column: Int)] = [(0, 0)]

  var rowCount: Int { images * height * width }

  /// True if each image is one row.
  var isMatrix: Bool {
    [height, width, sourceHeight, sourceWidth, resultHeight, resultWidth].allSatisfy { $0 == 1 }
      && taps.count == 1
  }

  /// True if a tap can lie outside of an image.
  var hasOutside: Bool {
    taps.contains { tap in
      tap.row < 0 || tap.column < 0 || (height - 1) * sourceStep + tap.row >= sourceHeight
        || (width - 1) * sourceStep + tap.column >= sourceWidth
    }
  }
}

extension ck_grid {
  fileprivate init(
    _ grid: RowGrid, _ tapRows: UnsafePointer<Int64>?, _ tapColumns: UnsafePointer<Int64>?,
    place: Int
  ) {
    self.init(
      images: Int64(grid.images), height: Int64(grid.height), width: Int64(grid.width),
      source_height: Int64(grid.sourceHeight), source_width: Int64(grid.sourceWidth),
      source_pixel: Int64(grid.sourcePixel), source_step: Int64(grid.sourceStep),
      result_height: Int64(grid.resultHeight), result_width: Int64(grid.resultWidth),
      result_step: Int64(grid.resultStep), first_row: Int64(grid.firstRow),
      first_column: Int64(grid.firstColumn), taps: Int64(grid.taps.count), tap_rows: tapRows,
      tap_columns: tapColumns, packed_place: Int64(place))
  }
}
