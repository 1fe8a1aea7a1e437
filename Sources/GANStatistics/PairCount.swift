internal import CKernels

/// The pairs of different items of a set that are within a distance.
struct PairCount {
  let count: Int

  init(within set: FeatureSet, squaredDistance: Double, threads: Int) {
    let tiles = DistanceTiles(rows: set, columns: set)
    let scaled = squaredDistance * tiles.scale * tiles.scale
    var counts = [Int](repeating: 0, count: threads)
    counts.withUnsafeMutableBufferPointer { counts in
      let counts = counts
      Team.with(threads) { team in
        set.withRows { rows in
          tiles.visit(rows: set, columns: set, team: team) { tile, member in
            guard tile.rows.lowerBound < tile.columns.upperBound else { return }
            withScratch(of: Double.self, count: set.dimension) { point in
              for row in tile.rows where row < tile.columns.upperBound {
                rows.copy(row, to: point)
                let (square, slack) = (tile.square(ofRow: row), tile.slack(ofRow: row))
                let scores = tile.scores(ofRow: row)
                let limit = Float(scaled + slack - square).nextUp
                let certain = scaled - slack - square
                // Each pair once: the items after the row's.
                var place = max(row + 1 - tile.columns.lowerBound, 0)
                while true {
                  place = ck_next_below(scores, place, tile.columns.count, limit)
                  guard place < tile.columns.count else { break }
                  if Double(scores[place]) < certain
                    || rows.squaredDistance(from: point, to: tile.columns.lowerBound + place)
                      <= squaredDistance
                  {
                    counts[member] += 1
                  }
                  place += 1
                }
              }
            }
          }
        }
      }
    }
    count = counts.reduce(0, +)
  }
}
