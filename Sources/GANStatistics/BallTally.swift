internal import CKernels

/// Counts of pairs of a real and a generated item by the balls that hold one of them.
struct BallTally {
  /// For each real item, whether a generated ball holds it, rim included.
  let isRecalled: [Bool]
  /// For each real item, the generated items inside its density ball.
  let held: [Int32]
  /// For each generated item, the density balls that it is inside.
  let dense: [Int32]
  /// For each generated item, the clipped balls that hold it, rim included.
  let clipped: [Int32]
  /// For each generated item, the least squared radius of a precision ball that holds it, rim
  /// included; infinite where none does.
  let rarest: [Double]

  /// Counts.
  ///
  /// - Parameter radii: Squared, of the generated items.
  init(
    of real: FeatureSet, _ balls: RealBalls, and generated: FeatureSet, radii: [Double],
    threads: Int
  ) {
    var isRecalled = [Bool](repeating: false, count: real.count)
    var held = [Int32](repeating: 0, count: real.count)
    let tiles = DistanceTiles(rows: real, columns: generated)
    let squaredScale = tiles.scale * tiles.scale
    let limits = radii.map { Float($0 * squaredScale).nextUp }
    var columns = (0..<threads).map { _ in Columns(count: generated.count) }
    columns.withUnsafeMutableBufferPointer { columns in
      isRecalled.withUnsafeMutableBufferPointer { isRecalled in
        held.withUnsafeMutableBufferPointer { held in
          let (columns, isRecalled, held) = (columns, isRecalled, held)
          Team.with(threads) { team in
            real.withRows { realRows in
              generated.withRows { generatedRows in
                tiles.visit(rows: real, columns: generated, team: team) { tile, member in
                  withScratch(of: Double.self, count: real.dimension) { point in
                    for row in tile.rows {
                      realRows.copy(row, to: point)
                      var pair = PairRow(
                        tile: tile, row: row, point: point, generated: generatedRows, balls: balls,
                        radii: radii, limits: limits, squaredScale: squaredScale)
                      pair.tally(
                        isRecalled: &isRecalled[row], held: &held[row], columns: &columns[member])
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    let all = columns.dropFirst().reduce(columns[0]) { $0.joined(with: $1) }
    (dense, clipped, rarest) = (all.dense, all.clipped, all.rarest)
    (self.isRecalled, self.held) = (isRecalled, held)
  }

  /// What one member counted of generated items.
  fileprivate struct Columns {
    var dense: [Int32]
    var clipped: [Int32]
    var rarest: [Double]

    init(count: Int) {
      dense = Array(repeating: 0, count: count)
      clipped = dense
      rarest = Array(repeating: .infinity, count: count)
    }

    /// Sums and minima, which come in any order to the same.
    func joined(with other: Columns) -> Columns {
      var all = self
      for index in dense.indices {
        all.dense[index] += other.dense[index]
        all.clipped[index] += other.clipped[index]
        all.rarest[index] = min(rarest[index], other.rarest[index])
      }
      return all
    }
  }
}

/// A real item and the generated items of a tile.
private struct PairRow {
  let tile: DistanceTile
  let row: Int
  let point: UnsafePointer<Double>
  let generated: FeatureRows
  let balls: RealBalls
  let radii: [Double]
  /// The radii in scores, rounded up.
  let limits: [Float]
  let squaredScale: Double

  /// Of the pair that is looked at: bounds of the scaled squared distance, and itself once it is known.
  private var (lower, upper) = (0.0, 0.0)
  private var exact: Double?

  init(
    tile: DistanceTile, row: Int, point: UnsafePointer<Double>, generated: FeatureRows,
    balls: RealBalls, radii: [Double], limits: [Float], squaredScale: Double
  ) {
    (self.tile, self.row, self.point, self.generated) = (tile, row, point, generated)
    (self.balls, self.radii, self.limits, self.squaredScale) = (balls, radii, limits, squaredScale)
  }

  mutating func tally(isRecalled: inout Bool, held: inout Int32, columns: inout BallTally.Columns) {
    let scores = tile.scores(ofRow: row)
    let (square, slack) = (tile.square(ofRow: row), tile.slack(ofRow: row))
    let (precise, dense, clipped) = (balls.precise[row], balls.dense[row], balls.clipped[row])
    let limit = Float(max(precise, dense) * squaredScale + slack - square).nextUp
    let shift = Float(square - slack).nextDown
    var place = 0
    while true {
      place = next(after: place, limit: limit, shift: shift, isRecalled: isRecalled)
      guard place < tile.columns.count else { return }
      let column = tile.columns.lowerBound + place
      lower = Double(scores[place]) + square - slack
      upper = Double(scores[place]) + square + slack
      exact = nil
      if !isRecalled { isRecalled = isWithin(radii[column], column) }
      if isInside(dense, column) {
        columns.dense[column] += 1
        held += 1
      }
      if isWithin(clipped, column) { columns.clipped[column] += 1 }
      if precise < columns.rarest[column], isWithin(precise, column) {
        columns.rarest[column] = precise
      }
      place += 1
    }
  }

  /// The next generated item that may be in the real item's ball, or whose ball may hold it.
  private func next(after place: Int, limit: Float, shift: Float, isRecalled: Bool) -> Int {
    let scores = tile.scores(ofRow: row)
    // One ball that holds it is enough.
    if isRecalled { return ck_next_below(scores, place, tile.columns.count, limit) }
    return limits.withUnsafeBufferPointer { limits in
      ck_next_within(
        scores, UnsafeBufferPointer(rebasing: limits[tile.columns]).baseAddress, shift, place,
        tile.columns.count, limit)
    }
  }

  /// Whether the distance is at most a radius.
  private mutating func isWithin(_ squaredRadius: Double, _ column: Int) -> Bool {
    let scaled = squaredRadius * squaredScale
    if upper < scaled { return true }
    if lower > scaled { return false }
    return distance(to: column) <= squaredRadius
  }

  /// Whether the distance is less than a radius.
  private mutating func isInside(_ squaredRadius: Double, _ column: Int) -> Bool {
    let scaled = squaredRadius * squaredScale
    if upper < scaled { return true }
    if lower > scaled { return false }
    return distance(to: column) < squaredRadius
  }

  private mutating func distance(to column: Int) -> Double {
    if let exact { return exact }
    let distance = generated.squaredDistance(from: point, to: column)
    exact = distance
    return distance
  }
}
