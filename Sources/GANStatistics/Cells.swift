internal import CKernels
internal import GANTensor

/// Cells of a space of features, each around a centre.
///
/// - Source: Lloyd, "Least Squares Quantization in PCM", 1982; Arthur, Vassilvitskii, "k-means++: The
///   Advantages of Careful Seeding", 2007.
struct Cells {
  /// The centres.
  let centres: FeatureSet

  /// Rounds of k-means at most; most sets come to rest before.
  private static let roundLimit = 50

  /// Fits cells to at most `limit` items of a set, by k-means from centres of k-means++.
  init(
    fittedTo set: FeatureSet, count: Int, limit: Int, seed: UInt64, threads: Int
  ) throws(EvaluationError) {
    let stream = RandomStream(seed: seed, purpose: .evaluationCells, step: 0)
    let items = set.count > limit ? set.selecting(stream.draw(limit, of: set.count)) : set
    var centres = try Self.firstCentres(of: items, count: count, seed: seed)
    var members: [Int32] = []
    for _ in 0..<Self.roundLimit {
      let nearest = try Neighbours(of: items, in: centres, threads: threads).indices
      if nearest == members { break }
      members = nearest
      centres = try Self.means(of: items, by: members, in: centres)
    }
    self.centres = centres
  }

  /// The cell of each item.
  func members(of set: FeatureSet, threads: Int) throws(EvaluationError) -> [Int] {
    try Neighbours(of: set, in: centres, threads: threads).indices.map(Int.init)
  }

  /// Items as centres: the first any, others more probable the further they are from all before.
  private static func firstCentres(
    of items: FeatureSet, count: Int, seed: UInt64
  ) throws(EvaluationError) -> FeatureSet {
    let stream = RandomStream(seed: seed, purpose: .evaluationCells, step: 1)
    var chosen = [Int(Double(stream.uniform(at: 0)) * Double(items.count))]
    var distances = [Double](repeating: .infinity, count: items.count)
    while chosen.count < count {
      let last = items[chosen[chosen.count - 1]]
      items.withRows { rows in
        for item in 0..<items.count {
          distances[item] = min(distances[item], rows.squaredDistance(from: last, to: item))
        }
      }
      let wanted =
        Double(stream.uniform(at: chosen.count)) * distances.reduce(0, +)
      var sum = 0.0
      // Where all items are centres already, any will do.
      let next = distances.indices.first {
        sum += distances[$0]
        return sum > wanted
      }
      chosen.append(next ?? chosen.count % items.count)
    }
    return items.selecting(chosen)
  }

  /// The means of cells; of an empty one the centre that it has.
  private static func means(
    of items: FeatureSet, by members: [Int32], in centres: FeatureSet
  ) throws(EvaluationError) -> FeatureSet {
    let dimension = items.dimension
    var sums = [Double](repeating: 0, count: centres.count * dimension)
    var counts = [Int](repeating: 0, count: centres.count)
    for (item, cell) in members.enumerated() {
      counts[Int(cell)] += 1
      for (column, value) in items[item].enumerated() {
        sums[Int(cell) * dimension + column] += value
      }
    }
    for cell in counts.indices {
      let centre = counts[cell] == 0 ? centres[cell] : []
      for column in 0..<dimension {
        let place = cell * dimension + column
        sums[place] = counts[cell] == 0 ? centre[column] : sums[place] / Double(counts[cell])
      }
    }
    return try FeatureSet(sums, dimension: dimension)
  }
}
