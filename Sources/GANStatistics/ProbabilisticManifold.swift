internal import CKernels

/// Probabilistic precision and recall: neighbourhoods without rims, so that one outlier's large ball
/// vouches for little.
///
/// A point at distance d from an item belongs to it with probability `max(0, 1 - d / R)`, R being
/// `factor` times the mean distance of the items' k-th neighbours; it belongs to the set unless it
/// belongs to none of its items.
///
/// - Source: Park, Kim, "Probabilistic Precision and Recall Towards Reliable Evaluation of Generative
///   Models", 2023, arXiv:2309.01590; they take a factor of 1.2 and k = 4.
package struct ProbabilisticManifold: Hashable, Sendable, Codable {
  /// The mean probability of generated items among the real ones; in `[0, 1]`.
  package let precision: Double
  /// The mean probability of real items among the generated ones; in `[0, 1]`.
  package let recall: Double
  /// The numbers of items.
  package let realCount: Int
  package let generatedCount: Int
  /// The k.
  package let neighbours: Int

  /// Compares two sets.
  ///
  /// - Parameter threads: Change no bit.
  /// - Throws: `EvaluationError.featureDimensions`, `.tooFewSamples`.
  /// - Complexity: Four products of sets.
  package init(
    of real: FeatureSet, and generated: FeatureSet, neighbours: Int = 4, factor: Double = 1.2,
    threads: Int = 1
  ) throws(EvaluationError) {
    try real.check(against: generated, needed: neighbours + 1)
    func meanProbability(
      of queries: FeatureSet, in base: FeatureSet
    ) throws(EvaluationError) -> Double {
      let radii = try Neighbours(within: base, count: neighbours, threads: threads)
        .squaredDistances(ofNeighbour: neighbours)
      let reach = factor * radii.reduce(0) { $0 + $1.squareRoot() } / Double(radii.count)
      let missing = missingProbabilities(of: queries, in: base, reach: reach, threads: threads)
      return missing.reduce(0) { $0 + (1 - $1) } / Double(missing.count)
    }
    precision = try meanProbability(of: generated, in: real)
    recall = try meanProbability(of: real, in: generated)
    (realCount, generatedCount) = (real.count, generated.count)
    self.neighbours = neighbours
  }
}

/// For each query the product of `min(1, d / reach)` over all items of a base, in their order.
private func missingProbabilities(
  of queries: FeatureSet, in base: FeatureSet, reach: Double, threads: Int
) -> [Double] {
  let tiles = DistanceTiles(rows: queries, columns: base)
  let scaled = reach * reach * tiles.scale * tiles.scale
  var missing = [Double](repeating: 1, count: queries.count)
  missing.withUnsafeMutableBufferPointer { missing in
    let missing = missing
    Team.with(threads) { team in
      queries.withRows { queryRows in
        base.withRows { baseRows in
          tiles.visit(rows: queries, columns: base, team: team) { tile, _ in
            withScratch(of: Double.self, count: queries.dimension) { point in
              for row in tile.rows {
                queryRows.copy(row, to: point)
                let scores = tile.scores(ofRow: row)
                let limit = Float(scaled + tile.slack(ofRow: row) - tile.square(ofRow: row)).nextUp
                var place = 0
                // Below a rounding of 1 the rest changes nothing.
                while missing[row] > .ulpOfOne / 4 {
                  place = ck_next_below(scores, place, tile.columns.count, limit)
                  guard place < tile.columns.count else { break }
                  let square = baseRows.squaredDistance(
                    from: point, to: tile.columns.lowerBound + place)
                  if square < reach * reach { missing[row] *= square.squareRoot() / reach }
                  place += 1
                }
              }
            }
          }
        }
      }
    }
  }
  return missing
}
