internal import CKernels

/// Squared distances of all rows of one feature set from all of another, tile by tile: approximate
/// ones in single precision, with a bound on what is wrong with them.
///
/// Both sets are moved to the mean of the first and scaled by a power of two, so that nothing
/// overflows and little cancels. A score is `|y|² - 2 x·y`; it is the squared distance but for `|x|²`.
/// Whoever has to decide between two distances computes in double precision those that the bound
/// leaves open, so that no decision depends on single precision.
struct DistanceTiles {
  /// What all distances are multiplied by.
  let scale: Double
  private let centre: [Double]
  private let dimension: Int

  /// Rows and columns of a tile: its scores stay in a core's cache.
  static let rowBlock = 64
  static let columnBlock = 1024

  /// Prepares to compare two sets of the same dimension.
  init(rows: FeatureSet, columns: FeatureSet) {
    centre = rows.mean()
    dimension = rows.dimension
    let largest = max(rows.largestDistance(from: centre), columns.largestDistance(from: centre))
    scale =
      largest > 0 ? Double(sign: .plus, exponent: -largest.exponent - 1, significand: 1) : 1
  }

  /// Visits all tiles: columns ascending, a row by one member at a time.
  func visit(
    rows: FeatureSet, columns: FeatureSet, team: Team,
    _ body: (_ tile: DistanceTile, _ member: Int) -> Void
  ) {
    let products = RowProducts(
      capacity: min(Self.columnBlock, columns.count), inner: dimension)
    rows.withRows { rowSource in
      columns.withRows { columnSource in
        withWorkspace(members: team.memberCount) { workspace in
          for first in stride(from: 0, to: columnSource.count, by: Self.columnBlock) {
            let block = first..<min(first + Self.columnBlock, columnSource.count)
            let norm = pack(block, of: columnSource, into: products, workspace, team)
            let rowBlocks = (rowSource.count + Self.rowBlock - 1) / Self.rowBlock
            team.run(pieces: rowBlocks) { piece, member in
              let start = piece * Self.rowBlock
              let range = start..<min(start + Self.rowBlock, rowSource.count)
              let tile = score(
                range, of: rowSource, against: block, by: products, largestColumnNorm: norm,
                workspace, member)
              body(tile, member)
            }
          }
        }
      }
    }
  }

  /// Packs a block of columns.
  ///
  /// - Returns: Their largest norm.
  private func pack(
    _ block: Range<Int>, of source: FeatureRows, into products: RowProducts,
    _ workspace: Workspace, _ team: Team
  ) -> Double {
    team.run(pieces: block.count) { piece, _ in
      let square = source.centre(
        block.lowerBound + piece, at: centre, scale: scale,
        to: workspace.columns + piece * dimension)
      workspace.columnSquares[piece] = Float(square)
    }
    products.pack(workspace.columns, count: block.count, members: team.memberCount)
    let largest = (0..<block.count).reduce(Float(0)) { max($0, workspace.columnSquares[$1]) }
    return Double(largest.nextUp).squareRoot()
  }

  private func score(
    _ range: Range<Int>, of source: FeatureRows, against block: Range<Int>,
    by products: RowProducts, largestColumnNorm: Double, _ workspace: Workspace, _ member: Int
  ) -> DistanceTile {
    let rows = workspace.rows + member * Self.rowBlock * dimension
    let squares = workspace.rowSquares + member * Self.rowBlock
    let scores = workspace.scores + member * Self.rowBlock * Self.columnBlock
    for (place, row) in range.enumerated() {
      // Twice the scale is exact, and so is the sign.
      squares[place] =
        source.centre(
          row, at: centre, scale: -2 * scale, to: rows + place * dimension) / 4
    }
    products.multiply(
      rows, count: range.count, bias: workspace.columnSquares, into: scores)
    return DistanceTile(
      rows: range, columns: block, scores: scores, rowSquares: squares,
      largestColumnNorm: largestColumnNorm, dimension: dimension)
  }

  /// Memory that members work in.
  private struct Workspace {
    /// `[columnBlock, dimension]`, and the sums of squares.
    let columns: UnsafeMutablePointer<Float>
    let columnSquares: UnsafeMutablePointer<Float>
    /// Of each member `[rowBlock, dimension]`, the sums of squares, and `[rowBlock, columnBlock]`.
    let rows: UnsafeMutablePointer<Float>
    let rowSquares: UnsafeMutablePointer<Double>
    let scores: UnsafeMutablePointer<Float>
  }

  private func withWorkspace(members: Int, _ body: (Workspace) -> Void) {
    withScratch(of: Float.self, count: Self.columnBlock * (dimension + 1)) { columns in
      withScratch(of: Double.self, count: members * Self.rowBlock) { squares in
        withScratch(
          of: Float.self, count: members * Self.rowBlock * (dimension + Self.columnBlock)
        ) { rows in
          body(
            Workspace(
              columns: columns, columnSquares: columns + Self.columnBlock * dimension,
              rows: rows, rowSquares: squares,
              scores: rows + members * Self.rowBlock * dimension))
        }
      }
    }
  }
}

/// Scores of some rows against some columns.
struct DistanceTile {
  let rows: Range<Int>
  let columns: Range<Int>
  fileprivate let scores: UnsafePointer<Float>
  fileprivate let rowSquares: UnsafePointer<Double>
  fileprivate let largestColumnNorm: Double
  fileprivate let dimension: Int

  /// A row's scores, one for each column.
  func scores(ofRow row: Int) -> UnsafePointer<Float> {
    scores + (row - rows.lowerBound) * columns.count
  }

  /// A row's `|x|²`, which makes scores squared distances.
  func square(ofRow row: Int) -> Double { rowSquares[row - rows.lowerBound] }

  /// What a row's scores are wrong by, at most.
  ///
  /// A sum of n products of floats, each rounded once at most and the sum after each, is wrong by at
  /// most `n u` times the sum of the products' sizes, u being 2⁻²⁴, to first order; coordinates and
  /// `|y|²` were rounded before, and limits are rounded after. The rest is for second order, and for
  /// squares too small for floats.
  func slack(ofRow row: Int) -> Double {
    let square = square(ofRow: row)
    let cross = square.squareRoot() * largestColumnNorm
    let squares = square + largestColumnNorm * largestColumnNorm
    return (Double(2 * dimension + 16) * cross + 16 * squares) * 0x1p-24 + 0x1p-120
  }
}

extension FeatureSet {
  /// The largest difference of a coordinate from a point's.
  fileprivate func largestDistance(from centre: [Double]) -> Double {
    var largest = 0.0
    withRows { rows in
      withScratch(of: Double.self, count: dimension) { row in
        for index in 0..<count {
          rows.copy(index, to: row)
          for (column, value) in centre.enumerated() {
            largest = max(largest, abs(row[column] - value))
          }
        }
      }
    }
    return largest
  }
}
