internal import CKernels

/// Products of rows with rows, in single precision: `left · rightᵀ + bias`.
///
/// Its identity is the memory of the packed right side. The engine's products add up each element in
/// the order of the columns, so that a product's bits depend on its two rows alone.
final class RowProducts {
  /// Columns of the result at most: rows of the right side.
  let capacity: Int
  let inner: Int
  private let packed: UnsafeMutablePointer<Float>
  private var columns = 0

  /// Makes room.
  init(capacity: Int, inner: Int) {
    self.capacity = capacity
    self.inner = inner
    packed = .allocate(capacity: ck_packed_count(Int64(capacity), Int64(inner), 1))
  }

  deinit { packed.deallocate() }

  /// Takes the right side.
  ///
  /// - Parameters:
  ///   - rows: `[count, inner]`.
  ///   - members: Of the calling thread's team, who share it.
  func pack(_ rows: UnsafePointer<Float>, count: Int, members: Int) {
    precondition(count <= capacity, "\(count) rows where \(capacity) have room")
    columns = count
    var place = ck_tap_place(place: 0, stride: Int64(inner) * ck_panel_columns(), index: 0)
    withUnsafePointer(to: &place) { place in
      var packing = ck_packing(
        columns: Int64(count), inner: Int64(inner), taps: 1, column_stride: Int64(inner),
        inner_stride: 1, groups: 1, group_stride: 0, packed_group: 0, places: place,
        precision: CK_FLOAT32)
      ck_pack(&packing, rows, packed, Int32(members))
    }
  }

  /// Multiplies on the calling thread alone.
  ///
  /// - Parameters:
  ///   - rows: `[count, inner]`.
  ///   - bias: For each row of the right side, or nil.
  ///   - result: `[count, rows of the right side]`.
  func multiply(
    _ rows: UnsafePointer<Float>, count: Int, bias: UnsafePointer<Float>?,
    into result: UnsafeMutablePointer<Float>
  ) {
    var offset: Int64 = 0
    withUnsafePointer(to: &offset) { offset in
      var grid = ck_grid(
        images: Int64(count), height: 1, width: 1, source_height: 1, source_width: 1,
        source_pixel: Int64(inner), source_step: 1, result_height: 1, result_width: 1,
        result_step: 1, first_row: 0, first_column: 0, taps: 1, tap_rows: offset,
        tap_columns: offset, packed_place: 0)
      withUnsafePointer(to: &grid) { grid in
        var product = ck_product(
          inner: Int64(inner), columns: Int64(columns), groups: 1, packed_group: 0, grids: grid,
          grid_count: 1, slope: 1, right_stride: 0, precision: CK_FLOAT32)
        ck_product_run(&product, rows, packed, bias, result, 1)
      }
    }
  }
}
