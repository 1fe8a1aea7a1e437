/// AuthPct: how many generated items are further from their nearest training item than that is from
/// its own nearest other.
///
/// About 50 percent of data of the same kind as the training items; fewer where they are copied, more
/// where they are far from all data.
///
/// - Source: Alaa, van Breugel, Saveliev, van der Schaar, "How Faithful is your Synthetic Data?",
///   2022, arXiv:2102.08921.
package struct Authenticity: Hashable, Sendable, Codable {
  /// Generated items that are further (`>`), and of how many.
  package let authentic: Proportion
  /// The number of training items.
  package let trainingCount: Int

  /// The percentage, in `[0, 100]`.
  package var percent: Double? { authentic.share.map { 100 * $0 } }

  /// Judges a generator.
  ///
  /// - Parameters:
  ///   - nearest: The training items nearest to the generated ones, if they are known already.
  ///   - threads: Change no bit.
  /// - Throws: `EvaluationError.featureDimensions`; `.tooFewSamples` below two training items.
  /// - Complexity: Products of the training set with the generated items, and with the training items
  ///   nearest to those.
  package init(
    of generated: FeatureSet, training: FeatureSet, nearest: Neighbours? = nil, threads: Int = 1
  ) throws(EvaluationError) {
    try training.check(against: generated, needed: 1)
    let nearest =
      if let nearest { nearest } else {
        try Neighbours(of: generated, in: training, threads: threads)
      }
    let first = (0..<nearest.queryCount).map { Int(nearest.indices[$0 * nearest.neighbourCount]) }
    let met = Set(first).sorted()
    let own = try Neighbours(within: training, of: met, threads: threads)
    let radii = Dictionary(uniqueKeysWithValues: zip(met, own.squaredDistances))
    let count = first.indices.count {
      nearest.squaredRadius(of: $0, neighbour: 1) > radii[first[$0], default: .infinity]
    }
    authentic = Proportion(count: count, total: generated.count)
    trainingCount = training.count
  }
}
