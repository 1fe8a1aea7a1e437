internal import CKernels

/// The nearest of some base items to each of some queries, nearest first; of equally near ones the
/// lower index is first.
package struct Neighbours: Sendable {
  /// The number of queries.
  package let queryCount: Int
  /// Neighbours of a query.
  package let neighbourCount: Int
  /// Their rows in the base: `[queryCount, neighbourCount]`.
  package let indices: [Int32]
  /// Their squared Euclidean distances, in double precision: `[queryCount, neighbourCount]`.
  package let squaredDistances: [Double]

  /// Finds the nearest base items of queries.
  ///
  /// - Parameters:
  ///   - count: Neighbours of a query; at least 1.
  ///   - threads: Change no bit.
  /// - Throws: `EvaluationError.featureDimensions`; `.tooFewSamples` where the base has fewer.
  /// - Complexity: A product of the two sets; memory for the result and a tile for each thread.
  package init(
    of queries: FeatureSet, in base: FeatureSet, count: Int = 1, threads: Int = 1
  ) throws(EvaluationError) {
    try base.check(against: queries, needed: 1)
    try base.check(needed: count)
    self.init(of: queries, in: base, count: count, threads: threads, own: { _ in nil })
  }

  /// Finds the nearest other items of the items of a set.
  ///
  /// - Parameters:
  ///   - items: The indices of those whose neighbours are wanted; nil for all.
  ///   - count: Neighbours of an item, itself not counted; at least 1.
  /// - Throws: `EvaluationError.tooFewSamples` where there are not as many others.
  package init(
    within set: FeatureSet, of items: [Int]? = nil, count: Int = 1, threads: Int = 1
  ) throws(EvaluationError) {
    try set.check(needed: count + 1)
    if let items {
      self.init(
        of: set.selecting(items), in: set, count: count, threads: threads, own: { items[$0] })
    } else {
      self.init(of: set, in: set, count: count, threads: threads, own: { $0 })
    }
  }

  private init(
    of queries: FeatureSet, in base: FeatureSet, count: Int, threads: Int,
    own: (_ query: Int) -> Int?
  ) {
    precondition(count > 0, "\(count) neighbours")
    let total = queries.count * count
    var indices = [Int32](repeating: -1, count: total)
    var distances = [Double](repeating: .infinity, count: total)
    indices.withUnsafeMutableBufferPointer { indices in
      distances.withUnsafeMutableBufferPointer { distances in
        guard let indices = indices.baseAddress, let distances = distances.baseAddress else {
          return
        }
        Self.search(queries, base, threads: threads) { query in
          NearestList(
            count: count, own: own(query), indices: indices + query * count,
            distances: distances + query * count)
        }
      }
    }
    queryCount = queries.count
    neighbourCount = count
    self.indices = indices
    squaredDistances = distances
  }

  private static func search(
    _ queries: FeatureSet, _ base: FeatureSet, threads: Int, list: (_ query: Int) -> NearestList
  ) {
    let tiles = DistanceTiles(rows: queries, columns: base)
    let squaredScale = tiles.scale * tiles.scale
    Team.with(threads) { team in
      queries.withRows { queryRows in
        base.withRows { baseRows in
          tiles.visit(rows: queries, columns: base, team: team) { tile, _ in
            withScratch(of: Double.self, count: queries.dimension) { point in
              for query in tile.rows {
                queryRows.copy(query, to: point)
                let list = list(query)
                let offset = tile.slack(ofRow: query) - tile.square(ofRow: query)
                list.update(from: tile, row: query) { worst in
                  Float(worst * squaredScale + offset).nextUp
                } distance: { column in
                  baseRows.squaredDistance(from: point, to: column)
                }
              }
            }
          }
        }
      }
    }
  }

  /// The distance of a query's last neighbour, squared.
  func squaredRadius(of query: Int, neighbour: Int) -> Double {
    squaredDistances[query * neighbourCount + neighbour - 1]
  }
}

/// The nearest so far of one query, in memory of somebody else.
private struct NearestList {
  let count: Int
  /// The base's item that the query is itself.
  let own: Int?
  let indices: UnsafeMutablePointer<Int32>
  let distances: UnsafeMutablePointer<Double>

  /// Takes what is nearer in a tile.
  ///
  /// - Parameters:
  ///   - limit: The score below which a distance may be less than another.
  ///   - distance: The squared distance of a column, exactly.
  func update(
    from tile: DistanceTile, row: Int, limit: (Double) -> Float, distance: (Int) -> Double
  ) {
    let scores = tile.scores(ofRow: row)
    let columnCount = tile.columns.count
    var place = 0
    // Nothing is nearer than nothing.
    while distances[count - 1] > 0 {
      place = ck_next_below(scores, place, columnCount, limit(distances[count - 1]))
      guard place < columnCount else { return }
      let column = tile.columns.lowerBound + place
      if column != own { insert(column, at: distance(column)) }
      place += 1
    }
  }

  /// Columns come in ascending order, so that of equal distances the first stays first.
  private func insert(_ column: Int, at distance: Double) {
    guard distance < distances[count - 1] else { return }
    var place = count - 1
    while place > 0, distances[place - 1] > distance {
      distances[place] = distances[place - 1]
      indices[place] = indices[place - 1]
      place -= 1
    }
    distances[place] = distance
    indices[place] = Int32(column)
  }
}
