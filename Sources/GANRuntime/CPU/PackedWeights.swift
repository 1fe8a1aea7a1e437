internal import CKernels
internal import GANGraph

/// The order in which a product reads an operand that it multiplies many rows by: some columns side by
/// side, the inner index outermost (Goto and van de Geijn 2008).
///
/// Several kernels of a program read an operand in one order, which is made once.
struct PackedWeights: Hashable {
  /// The operand as it is stored.
  let source: NodeID
  let columns: Int
  let inner: Int
  /// The distance of two columns in memory, in elements.
  let columnStride: Int
  let innerStride: Int
  /// Groups of channels, each with its own weights, and their distance in memory.
  let channelGroups: Int
  let groupStride: Int
  /// Neighbours in memory: a convolution's weights of one filter and channel; one for a matrix.
  let taps: [Tap]
  /// The place of each group of taps.
  let places: [Int]
  /// What they are packed as.
  let precision: Precision
  /// Floats of a group of channels, packed.
  let groupFloatCount: Int

  /// The place of a tap's weights.
  struct Tap: Hashable {
    /// The first tap of its group; the group's others follow.
    let place: Int
    /// The distance of two panels of its group.
    let stride: Int
    let index: Int
  }

  /// A matrix, `[inner, columns]` or the transpose of what is stored.
  init(
    matrix source: NodeID, inner: Int, columns: Int, isTransposed: Bool, precision: Precision
  ) {
    self.init(
      source: source, columns: columns, inner: inner, columnStride: isTransposed ? inner : 1,
      innerStride: isTransposed ? 1 : columns, groups: [[0]], precision: precision)
  }

  /// Weights whose taps are read in groups, each a part of the packed memory.
  ///
  /// - Parameters:
  ///   - channelGroups: Groups of channels, whose weights follow each other; `columns`, `inner` and
  ///     the strides are those of one.
  init(
    source: NodeID, columns: Int, inner: Int, columnStride: Int, innerStride: Int,
    groups: [[Int]], channelGroups: Int = 1, precision: Precision
  ) {
    self.source = source
    self.columns = columns
    self.inner = inner
    self.columnStride = columnStride
    self.innerStride = innerStride
    self.channelGroups = channelGroups
    groupStride = columns * inner * groups.reduce(0) { $0 + $1.count }
    self.precision = precision
    // Pairs are made in the memory of floats.
    let roomyInner = precision == .bfloat16 ? (inner + 1) / 2 * 2 : inner
    var taps: [Int: Tap] = [:]
    var (place, places) = (0, [Int]())
    for group in groups {
      places.append(place)
      for (index, tap) in group.enumerated() {
        taps[tap] = Tap(
          place: place, stride: group.count * roomyInner * Int(ck_panel_columns()),
          index: index)
      }
      place += ck_packed_count(Int64(columns), Int64(roomyInner), Int64(group.count))
    }
    self.places = places
    groupFloatCount = place
    self.taps = taps.sorted { $0.key < $1.key }.map(\.value)
    precondition(taps.keys.sorted() == Array(0..<taps.count), "every tap has one place")
  }

  /// True if products read them as they lie: floats, a matrix of whole vectors or a single column.
  var lieAsRead: Bool {
    guard taps.count == 1, channelGroups == 1, precision == .float32 else { return false }
    return columns == 1
      ? innerStride == 1 : columnStride == 1 && columns.isMultiple(of: Int(ck_panel_columns()) / 2)
  }

  /// True if rows of the operand as it lies are a multiple of a kibibyte apart. All are then kept in four of a
  /// first cache's 64 sets, or fewer, and a tile finds none of the last one's there.
  var crowdsCache: Bool {
    columns > 1 && (innerStride * MemoryLayout<Float>.size).isMultiple(of: 1024)
  }

  /// Bytes of the packed weights.
  var byteCount: Int { channelGroups * groupFloatCount * MemoryLayout<Float>.size }

  /// The kernel that packs.
  func bind(
    _ source: UnsafeMutablePointer<Float>, packed: UnsafeMutablePointer<Float>, on device: CPUDevice
  ) -> BoundKernel {
    let places = CArray(
      taps.map {
        ck_tap_place(place: Int64($0.place), stride: Int64($0.stride), index: Int64($0.index))
      })
    let packing = ck_packing(
      columns: Int64(columns), inner: Int64(inner), taps: Int64(taps.count),
      column_stride: Int64(columnStride), inner_stride: Int64(innerStride),
      groups: Int64(channelGroups), group_stride: Int64(groupStride),
      packed_group: Int64(groupFloatCount), places: places.start, precision: precision.core)
    let members = device.members(forWork: channelGroups * groupStride)
    return BoundKernel {
      withExtendedLifetime(places) {
        withUnsafePointer(to: packing) { ck_pack($0, source, packed, members) }
      }
    }
  }
}

/// An array at a fixed address, for C; its identity is the memory.
final class CArray<Element> {
  private let elements: UnsafeMutableBufferPointer<Element>

  init(_ elements: [Element]) {
    self.elements = .copy(of: elements)
  }

  deinit { elements.deallocate() }

  var start: UnsafePointer<Element>? { UnsafePointer(elements.baseAddress) }
}
