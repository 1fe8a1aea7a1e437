import CKernels
import GANTensor
import Testing

@Suite("Products equal plain loops on every instruction set")
struct ProductTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let (rows, inner, columns): (Int, Int, Int)
    let isTransposed: Bool
    var testDescription: String {
      "[\(rows), \(inner)] by \(isTransposed ? "a transposed " : "")[\(inner), \(columns)]"
    }
  }

  /// 1 in every place, primes, and both sides of a vector, a panel and a tile of any set.
  static let cases = [
    (1, 1, 1), (1, 13, 29), (31, 11, 1), (5, 1, 33), (6, 17, 8), (7, 16, 16), (12, 9, 32),
    (13, 31, 17), (25, 65, 48), (37, 64, 65), (100, 53, 101), (3, 40, 300),
  ].flatMap { extents in
    [false, true].map {
      Case(rows: extents.0, inner: extents.1, columns: extents.2, isTransposed: $0)
    }
  }

  static let sets = [CK_ISA_BASELINE, CK_ISA_AVX2, CK_ISA_AVX512].compactMap { isa in
    ck_products_for(isa).map { (isa, $0.pointee) }
  }

  private func operand(_ number: UInt64, count: Int) -> [Float] {
    let stream = RandomStream(seed: 5, purpose: .syntheticImages, step: number)
    return (0..<count).map { 2 * stream.uniform(at: $0) - 1 }
  }

  /// `leakyReLU(lhs · rhs + bias)` by an instruction set.
  private func computed(_ test: Case, by table: ck_products, members: Int32) -> [Float] {
    let panel = Int(table.panel_columns)
    let lhs = operand(0, count: test.rows * test.inner)
    let rhs = operand(1, count: test.inner * test.columns)
    let bias = operand(2, count: test.columns)
    var packed = [Float](
      repeating: .nan, count: (test.columns + panel - 1) / panel * panel * test.inner)
    var result = [Float](repeating: .nan, count: test.rows * test.columns)
    var place = ck_tap_place(place: 0, stride: Int64(panel * test.inner), index: 0)
    withUnsafePointer(to: &place) { places in
      var packing = ck_packing(
        columns: Int64(test.columns), inner: Int64(test.inner), taps: 1,
        column_stride: test.isTransposed ? Int64(test.inner) : 1,
        inner_stride: test.isTransposed ? 1 : Int64(test.columns), groups: 1, group_stride: 0,
        packed_group: 0, places: places, precision: CK_FLOAT32)
      table.pack(&packing, rhs, &packed, members)
    }
    var zero: Int64 = 0
    withUnsafePointer(to: &zero) { zero in
      var grid = ck_grid()
      (grid.images, grid.height, grid.width) = (Int64(test.rows), 1, 1)
      (grid.source_height, grid.source_width, grid.source_step) = (1, 1, 1)
      (grid.result_height, grid.result_width, grid.result_step) = (1, 1, 1)
      grid.source_pixel = Int64(test.inner)
      (grid.taps, grid.tap_rows, grid.tap_columns) = (1, zero, zero)
      withUnsafePointer(to: &grid) { grid in
        var product = ck_product(
          inner: Int64(test.inner), columns: Int64(test.columns), groups: 1, packed_group: 0,
          grids: grid, grid_count: 1, slope: 0.2, right_stride: 0, precision: CK_FLOAT32)
        table.run(&product, lhs, packed, bias, &result, members)
      }
    }
    return result
  }

  private func expected(_ test: Case) -> [Double] {
    let lhs = operand(0, count: test.rows * test.inner).map(Double.init)
    let rhs = operand(1, count: test.inner * test.columns).map(Double.init)
    let bias = operand(2, count: test.columns).map(Double.init)
    return (0..<test.rows * test.columns).map { element in
      let (row, column) = (element / test.columns, element % test.columns)
      let sum = (0..<test.inner).reduce(bias[column]) { sum, k in
        let right = test.isTransposed ? column * test.inner + k : k * test.columns + column
        return sum + lhs[row * test.inner + k] * rhs[right]
      }
      return sum > 0 ? sum : Double(Float(0.2)) * sum
    }
  }

  @Test(arguments: cases)
  func everyShapeAgrees(test: Case) {
    for (_, table) in Self.sets {
      // Sums of at most 66 terms of values below 1, rounded in another order.
      let errors = zip(computed(test, by: table, members: 2), expected(test)).map {
        abs(Double($0) - $1)
      }
      #expect(errors.count == test.rows * test.columns)
      #expect(errors.allSatisfy { $0 < 1e-5 })
    }
  }

  @Test(arguments: cases)
  func neitherThreadsNorTheWidthOfVectorsChangeABit(test: Case) {
    let fusing = Self.sets.filter { $0.0 != CK_ISA_BASELINE }
    let bits = fusing.flatMap { _, table in
      ([1, 2, 3] as [Int32]).map { computed(test, by: table, members: $0).map(\.bitPattern) }
    }
    #expect(bits.allSatisfy { $0 == bits.first })
  }
}
