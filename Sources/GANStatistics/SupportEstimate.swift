/// An estimate of how many different items a generator has, from the birthdays' paradox: among s
/// draws from N equally probable items two are the same with probability 1/2 once s is about √N.
///
/// Two items are taken for the same where they are nearer than a distance; `duplicateDistance(of:)`
/// finds one at which few real items have a double. Of N equally probable items `N = pairs / equal
/// pairs`; of others it is the size of the smallest set that explains as many equal pairs.
///
/// - Source: Arora, Zhang, "Do GANs actually learn the distribution? An empirical study", 2017,
///   arXiv:1706.08224, who looked at the nearest pairs by eye.
package struct SupportEstimate: Hashable, Sendable, Codable {
  /// Pairs of items.
  package let pairCount: Int
  /// Pairs that are nearer (`<=`) than the distance.
  package let equalCount: Int
  /// The distance at which two items count as the same.
  package let distance: Double
  /// The number of items.
  package let count: Int

  /// The estimate; nil where no two items are the same, when there are more than `lower`.
  package var value: Double? {
    equalCount > 0 ? Double(pairCount) / Double(equalCount) : nil
  }

  /// With 95 % confidence there are more different items than this, were pairs independent: 3 pairs
  /// are then expected at most where none was found.
  package var lower: Double {
    // The upper end of a Poisson interval, by the normal approximation of its root.
    let expected = Double(equalCount)
    let upper = expected == 0 ? 3 : (expected.squareRoot() + 0.98) * (expected.squareRoot() + 0.98)
    return Double(pairCount) / upper
  }

  /// Counts equal pairs.
  ///
  /// - Parameters:
  ///   - distance: At least 0.
  ///   - threads: Change no bit.
  /// - Throws: `EvaluationError.tooFewSamples` below two items.
  /// - Complexity: A product of the set with itself.
  package init(of features: FeatureSet, distance: Double, threads: Int = 1) throws(EvaluationError)
  {
    try features.check(needed: 2)
    let pairs = PairCount(
      within: features, squaredDistance: distance * distance, threads: threads)
    pairCount = features.count * (features.count - 1) / 2
    equalCount = pairs.count
    self.distance = distance
    count = features.count
  }

  /// A distance at which real items hardly have a double: that of the given share of them with the
  /// nearest neighbours.
  ///
  /// - Parameter share: In `(0, 1]`.
  /// - Throws: `EvaluationError.tooFewSamples` below two items.
  package static func duplicateDistance(
    of real: FeatureSet, share: Double = 0.01, threads: Int = 1
  ) throws(EvaluationError) -> Double {
    let distances = try Neighbours(within: real, threads: threads).squaredDistances.sorted()
    let place = Int((share * Double(distances.count)).rounded(.down))
    return distances[min(place, distances.count - 1)].squareRoot()
  }
}
