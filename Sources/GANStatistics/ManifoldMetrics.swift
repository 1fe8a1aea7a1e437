/// How two sets of features lie in each other's neighbourhoods: fidelity and diversity apart.
///
/// An item's ball reaches to its k-th nearest neighbour among the others of its set. All comparisons
/// of distances are exact in double precision. Every value depends on both counts: compare only
/// values at equal counts, beside that of real data.
package struct ManifoldMetrics: Hashable, Sendable, Codable {
  /// The number of real items.
  package let realCount: Int
  /// The number of generated items.
  package let generatedCount: Int
  /// The k of precision, recall and rarity.
  package let precisionNeighbours: Int
  /// The k of density and coverage, also where they are clipped.
  package let densityNeighbours: Int

  /// The share of generated items within a real item's ball, its rim included (`<=`); in `[0, 1]`.
  ///
  /// - Source: Kynkäänniemi and others, "Improved Precision and Recall Metric for Assessing
  ///   Generative Models", 2019, arXiv:1904.06991; they take k = 3.
  package let precision: Double
  /// The share of real items within a generated item's ball, its rim included; in `[0, 1]`.
  package let recall: Double
  /// Real balls that hold a generated item, its rim not included (`<`), on average over the generated
  /// items, divided by k; about 1 of real data, but not bounded by it.
  ///
  /// - Source: Naeem and others, "Reliable Fidelity and Diversity Metrics for Generative Models",
  ///   2020, arXiv:2002.09797; they take k = 5.
  package let density: Double
  /// The share of real balls that hold a generated item, their rims not included; in `[0, 1]`.
  package let coverage: Double
  /// Density whose balls are no larger than the median one, and whose items count no more than once,
  /// divided by the same of the real items; in `[0, 1]`.
  ///
  /// - Source: Salvy, Talbot, Thirion, "Enhanced Generative Model Evaluation with Clipped Density
  ///   and Coverage", 2025, arXiv:2507.01761.
  package let clippedDensity: Double
  /// Coverage that counts up to k items in a ball, brought to the scale on which real data spoiled by
  /// some share lose that share; in `[0, 1]`.
  package let clippedCoverage: Double
  /// The mean radius of the smallest real ball that holds a generated item, over those that one
  /// holds; nil where none does. Large: unusual items; no judgement of quality.
  ///
  /// - Source: Han and others, "Rarity Score", 2022, arXiv:2206.08549.
  package let rarity: Double?

  /// Compares two sets.
  ///
  /// - Parameters:
  ///   - precisionNeighbours: At least 1.
  ///   - densityNeighbours: At least 1.
  ///   - threads: Change no bit.
  /// - Throws: `EvaluationError.featureDimensions`; `.tooFewSamples` where a set has no more items
  ///   than neighbours are asked for.
  /// - Complexity: Three products of sets; memory for some numbers an item.
  package init(
    of real: FeatureSet, and generated: FeatureSet, precisionNeighbours: Int = 3,
    densityNeighbours: Int = 5, threads: Int = 1
  ) throws(EvaluationError) {
    let neighbours = max(precisionNeighbours, densityNeighbours)
    try real.check(against: generated, needed: neighbours + 1)
    let among = try Neighbours(within: real, count: neighbours, threads: threads)
    let others = try Neighbours(within: generated, count: precisionNeighbours, threads: threads)
    let balls = RealBalls(
      among, precisionNeighbours: precisionNeighbours, densityNeighbours: densityNeighbours)
    let tally = BallTally(
      of: real, balls, and: generated,
      radii: others.squaredDistances(ofNeighbour: precisionNeighbours), threads: threads)

    realCount = real.count
    generatedCount = generated.count
    self.precisionNeighbours = precisionNeighbours
    self.densityNeighbours = densityNeighbours
    let (reals, generateds) = (Double(real.count), Double(generated.count))
    let k = Double(densityNeighbours)
    precision = Double(tally.rarest.count { $0 < .infinity }) / generateds
    recall = Double(tally.isRecalled.count { $0 }) / reals
    density = Double(tally.dense.reduce(0) { $0 + Int($1) }) / (k * generateds)
    coverage = Double(tally.held.count { $0 > 0 }) / reals
    func clippedMean(_ counts: [Int32]) -> Double {
      Double(counts.reduce(0) { $0 + min(Int($1), densityNeighbours) }) / k / Double(counts.count)
    }
    let realDensity = clippedMean(balls.clippedCounts)
    // Where no real item lies in another's clipped ball there is no scale.
    clippedDensity = realDensity > 0 ? min(1, clippedMean(tally.clipped) / realDensity) : 0
    clippedCoverage = CoverageScale(
      realCount: real.count, generatedCount: generated.count, neighbours: densityNeighbours
    ).score(ofRaw: clippedMean(tally.held))
    let held = tally.rarest.filter { $0 < .infinity }
    rarity =
      held.isEmpty
      ? nil : held.reduce(0) { $0 + $1.squareRoot() } / Double(held.count)
  }
}

extension Neighbours {
  /// Every query's squared distance from its k-th neighbour.
  package func squaredDistances(ofNeighbour k: Int) -> [Double] {
    (0..<queryCount).map { squaredRadius(of: $0, neighbour: k) }
  }
}

/// The squared radii of real items' balls.
struct RealBalls {
  /// To the neighbour that precision asks for.
  let precise: [Double]
  /// To the neighbour that density asks for.
  let dense: [Double]
  /// The same, but none beyond the median.
  let clipped: [Double]
  /// For each real item, the clipped balls of others that hold it and whose near neighbour it is.
  let clippedCounts: [Int32]

  init(_ neighbours: Neighbours, precisionNeighbours: Int, densityNeighbours: Int) {
    precise = neighbours.squaredDistances(ofNeighbour: precisionNeighbours)
    dense = neighbours.squaredDistances(ofNeighbour: densityNeighbours)
    let sorted = dense.sorted()
    let (low, high) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
    let median = (low.squareRoot() + high.squareRoot()) / 2
    // A median that is a radius stays what it is, whatever its root rounds to.
    let limit = low == high ? low : median * median
    clipped = dense.map { min($0, limit) }
    var counts = [Int32](repeating: 0, count: dense.count)
    for item in dense.indices {
      for place in 0..<densityNeighbours {
        let entry = item * neighbours.neighbourCount + place
        if neighbours.squaredDistances[entry] <= clipped[item] {
          counts[Int(neighbours.indices[entry])] += 1
        }
      }
    }
    clippedCounts = counts
  }
}
