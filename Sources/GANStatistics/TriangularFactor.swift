internal import CKernels

/// The factor R of rows `X = Q R`, `[dimension, dimension]`, upper triangular, with `RᵀR = XᵀX`.
///
/// What follows from `XᵀX` follows from R, without the squares that would cost half of the digits.
///
/// - Source: Demmel, Grigori, Hoemmen, Langou, "Communication-optimal Parallel and Sequential QR and
///   LU Factorizations", 2012, arXiv:0808.2664: Householder's reflections of blocks of rows.
struct TriangularFactor: Sendable {
  let dimension: Int
  /// Row after row; zeros below the diagonal.
  private(set) var values: [Double]

  /// Rows that are worked in at a time: a multiple of the lanes of the loops.
  private static let blockRows = 64

  /// Factors rows in double precision.
  ///
  /// - Parameters:
  ///   - rowCount: How many there are; fewer than `dimension` leave zeros.
  ///   - team: Shares strips, whose number depends on the rows alone.
  ///   - write: Writes a row, `dimension` values, to memory.
  /// - Complexity: `2 rowCount dimension²` operations.
  init(
    rowCount: Int, dimension: Int, team: Team,
    write: (_ row: Int, _ destination: UnsafeMutablePointer<Double>) -> Void
  ) {
    // Joining strips costs as much as `dimension` rows each.
    let strips = min(max(rowCount / (8 * dimension), 1), 8)
    let parts = UnsafeMutablePointer<Double>.allocate(capacity: strips * dimension * dimension)
    parts.initialize(repeating: 0, count: strips * dimension * dimension)
    defer { parts.deallocate() }
    team.run(pieces: strips) { strip, _ in
      let factor = parts + strip * dimension * dimension
      let rows = rowCount * strip / strips..<rowCount * (strip + 1) / strips
      Self.append(rows, dimension: dimension, to: factor, write: write)
    }
    for strip in 1..<max(strips, 1) {
      let other = parts + strip * dimension * dimension
      Self.append(0..<dimension, dimension: dimension, to: parts) { row, destination in
        destination.update(from: other + row * dimension, count: dimension)
      }
    }
    self.dimension = dimension
    values = Array(UnsafeBufferPointer(start: parts, count: dimension * dimension))
  }

  /// Works rows into a factor, a block at a time.
  private static func append(
    _ rows: Range<Int>, dimension: Int, to factor: UnsafeMutablePointer<Double>,
    write: (_ row: Int, _ destination: UnsafeMutablePointer<Double>) -> Void
  ) {
    withScratch(of: Double.self, count: (blockRows + 1) * dimension) { row in
      // Column after column, so that reflections run along memory.
      let block = row + dimension
      for first in stride(from: rows.lowerBound, to: rows.upperBound, by: blockRows) {
        let count = min(blockRows, rows.upperBound - first)
        if count < blockRows { block.update(repeating: 0, count: blockRows * dimension) }
        for index in 0..<count {
          write(first + index, row)
          for column in 0..<dimension { block[column * blockRows + index] = row[column] }
        }
        reflect(block, into: factor, dimension: dimension)
      }
    }
  }

  /// Brings a block of rows to zero by reflections of both, which leave `RᵀR + BᵀB` as it is.
  private static func reflect(
    _ block: UnsafeMutablePointer<Double>, into factor: UnsafeMutablePointer<Double>, dimension: Int
  ) {
    for column in 0..<dimension {
      let below = block + column * blockRows
      let squares = ck_dot_f64(below, below, blockRows)
      // Items that repeat leave roundings of roundings, which shrink from block to block.
      guard squares > negligibleSquare else { continue }
      let row = factor + column * dimension
      let diagonal = row[column]
      let norm = (diagonal * diagonal + squares).squareRoot()
      // The reflection's vector is (head, below); the sign avoids cancellation.
      let head = diagonal >= 0 ? diagonal + norm : diagonal - norm
      let weight = 1 / (norm * (norm + abs(diagonal)))
      row[column] = diagonal >= 0 ? -norm : norm
      for other in column + 1..<max(dimension, column + 1) {
        let values = block + other * blockRows
        let share = weight * (head * row[other] + ck_dot_f64(below, values, blockRows))
        row[other] -= share * head
        ck_add_scaled_f64(values, below, -share, blockRows)
      }
    }
  }

  /// The sum of squares of all rows.
  var squaredNorm: Double { values.reduce(0) { $0 + $1 * $1 } }

  /// The singular values of the rows, in no order.
  func singularValues() -> [Double] {
    GANStatistics.singularValues(of: values, dimension: dimension)
  }

  /// The sum of the singular values of `R Sᵀ`.
  func nuclearNorm(timesTransposeOf other: TriangularFactor) -> Double {
    var product = [Double](repeating: 0, count: dimension * dimension)
    values.withUnsafeBufferPointer { left in
      other.values.withUnsafeBufferPointer { right in
        guard let left = left.baseAddress, let right = right.baseAddress else { return }
        for row in 0..<dimension {
          for column in 0..<dimension {
            // Both are zero before their diagonals.
            let first = max(row, column)
            product[row * dimension + column] = ck_dot_f64(
              left + row * dimension + first, right + column * dimension + first, dimension - first)
          }
        }
      }
    }
    return GANStatistics.singularValues(of: product, dimension: dimension).reduce(0, +)
  }
}
