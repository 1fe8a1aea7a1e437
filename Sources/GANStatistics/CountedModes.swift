/// Counts of items by the mode that a classifier sees in each, where the modes are many: the 1,000
/// triples of three stacked digits, for one.
///
/// - Source: Metz, Poole, Pfau, Sohl-Dickstein, "Unrolled Generative Adversarial Networks", 2017,
///   arXiv:1611.02163; Lin, Khetan, Fanti, Oh, "PacGAN", 2018, arXiv:1712.04086: 26,000 samples.
package struct CountedModes: Hashable, Sendable, Codable {
  /// The number of items.
  package let count: Int
  /// The number of modes there are.
  package let modeCount: Int
  /// Modes that at least one item has.
  package let captured: Int
  /// `KL(shares || expected)`, in nats. Of real data about `(modeCount - 1) / (2 count)`.
  package let divergence: Double

  /// Counts modes.
  ///
  /// - Parameters:
  ///   - modes: Of each item, its mode, in `0 ..< modeCount`.
  ///   - expected: The modes' shares of the data; nil for equal ones.
  /// - Throws: `EvaluationError.tooFewSamples` of none, `.outcomeCounts`.
  package init(
    of modes: [Int], modeCount: Int, expected: DiscreteDistribution? = nil
  ) throws(EvaluationError) {
    guard !modes.isEmpty else { throw .tooFewSamples(got: 0, needed: 1) }
    var counts = [Int](repeating: 0, count: modeCount)
    for mode in modes { counts[mode] += 1 }
    count = modes.count
    self.modeCount = modeCount
    captured = counts.count { $0 > 0 }
    let uniform = try DiscreteDistribution.uniform(count: modeCount)
    divergence = try DiscreteDistribution(counts: counts).klDivergence(from: expected ?? uniform)
  }

  /// Counts triples, or other tuples, of classes: of items whose parts a classifier judged apart.
  ///
  /// - Parameters:
  ///   - parts: Of each part, the class of each item; the first part counts the most.
  ///   - classCount: Classes of a part.
  package init(
    ofStacked parts: [[Int]], classCount: Int, expected: DiscreteDistribution? = nil
  ) throws(EvaluationError) {
    let items = parts.first?.count ?? 0
    if let other = parts.first(where: { $0.count != items }) {
      throw .sampleCount(expected: items, got: other.count)
    }
    let modes = (0..<items).map { item in parts.reduce(0) { $0 * classCount + $1[item] } }
    try self.init(
      of: modes, modeCount: parts.reduce(1) { count, _ in count * classCount }, expected: expected)
  }
}

/// The classes that a classifier sees in the parts of stacked items.
package struct StackedClasses: Hashable, Sendable {
  /// Of each part, the class of each item.
  package let parts: [[Int]]
  /// Classes of a part.
  package let classCount: Int

  /// Names them.
  package init(parts: [[Int]], classCount: Int) {
    (self.parts, self.classCount) = (parts, classCount)
  }
}
