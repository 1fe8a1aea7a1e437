package import GANTensor

/// Equal cells over a box, and beyond each of its sides a cell for everything further out.
package struct HistogramGrid: Hashable, Sendable {
  /// 1 or 2.
  package let dimension: Int
  /// The box's lower corner.
  package let lower: SIMD2<Double>
  /// The box's upper corner.
  package let upper: SIMD2<Double>
  /// Cells along each side of the box, the two for overflow not among them.
  package let cellsPerAxis: Int

  /// Divides a box whose sides are positive.
  package init(
    dimension: Int, lower: SIMD2<Double>, upper: SIMD2<Double>, cellsPerAxis: Int
  ) {
    precondition(
      cellsPerAxis > 0 && (0..<dimension).allSatisfy { lower[$0] < upper[$0] },
      "no grid of \(cellsPerAxis) cells from \(lower) to \(upper)")
    self.dimension = dimension
    self.lower = lower
    self.upper = upper
    self.cellsPerAxis = cellsPerAxis
  }

  /// All cells, those for overflow among them.
  package var cellCount: Int { dimension == 1 ? stride : stride * stride }

  private var stride: Int { cellsPerAxis + 2 }

  /// The cell a point is in: the first axis changes slowest.
  package func cell(of point: SIMD2<Double>) -> Int {
    let x = place(of: point.x, axis: 0)
    return dimension == 1 ? x : x * stride + place(of: point.y, axis: 1)
  }

  /// The number of points in each cell.
  package func counts(of points: [SIMD2<Double>]) -> [Int] {
    points.reduce(into: [Int](repeating: 0, count: cellCount)) { $0[cell(of: $1)] += 1 }
  }

  /// The exact mass of each cell.
  package func probabilities(of distribution: some KnownDistribution) -> [Double] {
    (0..<cellCount).map { cell in
      let (x, y) = dimension == 1 ? (cell, 0) : cell.quotientAndRemainder(dividingBy: stride)
      return distribution.probability(
        from: SIMD2(edge(x, axis: 0), dimension == 1 ? 0 : edge(y, axis: 1)),
        to: SIMD2(edge(x + 1, axis: 0), dimension == 1 ? 0 : edge(y + 1, axis: 1)))
    }
  }

  /// 0 below the box, `cellsPerAxis + 1` above it.
  private func place(of coordinate: Double, axis: Int) -> Int {
    let share = (coordinate - lower[axis]) / (upper[axis] - lower[axis])
    if share < 0 { return 0 }
    if share >= 1 { return cellsPerAxis + 1 }
    return Int(share * Double(cellsPerAxis)) + 1
  }

  /// The lower edge of the cell at a place.
  private func edge(_ place: Int, axis: Int) -> Double {
    if place == 0 { return -.infinity }
    if place == cellsPerAxis + 2 { return .infinity }
    let share = Double(place - 1) / Double(cellsPerAxis)
    return lower[axis] + share * (upper[axis] - lower[axis])
  }
}
