internal import GANTensor

/// Indices of disjoint sets of items, drawn without replacement: for the halves of real data that say
/// what a metric's value of real data is, or for the sample sets that say how far a value goes by
/// chance.
///
/// - Parameters:
///   - total: The items there are.
///   - sizes: The items of each set; together at most `total`.
///   - draw: The number of the draw, from 0.
///   - seed: Of the draws; purpose `noiseFloor`, the step is the draw.
/// - Returns: The sets, in the order of their sizes.
package func disjointDraws(
  of total: Int, sizes: [Int], draw: Int = 0, seed: UInt64
) -> [[Int]] {
  let wanted = sizes.reduce(0, +)
  let stream = RandomStream(seed: seed, purpose: .noiseFloor, step: UInt64(draw))
  let indices = stream.draw(wanted, of: total)
  var sets: [[Int]] = []
  var start = 0
  for size in sizes {
    sets.append(Array(indices[start..<start + size]))
    start += size
  }
  return sets
}

/// What a metric says of real items in the place of generated ones, at the same counts.
///
/// Draws overlap unless there are enough items for all, so that their deviation is somewhat too
/// small where they are few.
///
/// - Parameters:
///   - total: The real items there are.
///   - judgedCount: As many as will be judged.
///   - referenceCount: As many as they will be judged against; together with the judged ones at most
///     `total`.
///   - draws: How often.
///   - seed: Of the draws, as for `disjointDraws`.
///   - judge: Values of some items, by their indices, against others.
/// - Returns: A floor for each metric.
/// - Throws: `EvaluationError.tooFewSamples` where there are not enough, and what `judge` throws.
package func realFloors(
  of total: Int, judgedCount: Int, referenceCount: Int, draws: Int = 5, seed: UInt64,
  judge: (_ judged: [Int], _ reference: [Int]) throws -> [Metric: Double]
) throws -> [Metric: NoiseFloor] {
  guard judgedCount + referenceCount <= total else {
    throw EvaluationError.tooFewSamples(got: total, needed: judgedCount + referenceCount)
  }
  var values: [Metric: [Double]] = [:]
  for draw in 0..<draws {
    let sets = disjointDraws(
      of: total, sizes: [judgedCount, referenceCount], draw: draw, seed: seed)
    for (metric, value) in try judge(sets[0], sets[1]) { values[metric, default: []].append(value) }
  }
  return values.mapValues { NoiseFloor(values: $0) }
}
