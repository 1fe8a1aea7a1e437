import Foundation

/// What a classifier says of some items.
package struct ClassPredictions: Sendable {
  /// The number of items.
  package let count: Int
  /// The number of classes.
  package let classCount: Int
  /// The most probable class of each item; of equals the lowest.
  package let classes: [Int]
  /// `[count, classCount]`; each row sums to 1.
  private let probabilities: [Double]
  private let logProbabilities: [Double]

  /// Takes a classifier's logits, as features are taken, and computes in double precision.
  ///
  /// - Parameter logits: `[count, classCount]`.
  /// - Throws: `EvaluationError.tooFewSamples` of none.
  package init(logits: FeatureSet) throws(EvaluationError) {
    try logits.check(needed: 1)
    var (probabilities, logProbabilities): ([Double], [Double]) = ([], [])
    var classes: [Int] = []
    for item in 0..<logits.count {
      let row = logits[item]
      let best = row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 }
      classes.append(best)
      let logSum = log(row.reduce(0) { $0 + exp($1 - row[best]) }) + row[best]
      logProbabilities += row.map { $0 - logSum }
      probabilities += row.map { exp($0 - logSum) }
    }
    count = logits.count
    classCount = logits.dimension
    self.classes = classes
    self.probabilities = probabilities
    self.logProbabilities = logProbabilities
  }

  /// The classifier score, `exp(E KL(p(class | item) || p(class)))`: from 1, every item the same or
  /// uncertain, to the number of classes, every item certain and all classes as frequent.
  ///
  /// The Inception score's formula with another classifier: values of different classifiers, numbers
  /// of items or of splits are not comparable.
  ///
  /// - Parameter splits: Consecutive parts, each judged by itself; at least 1.
  /// - Throws: `EvaluationError.tooFewSamples` where there are fewer items than splits.
  /// - Source: Salimans and others, "Improved Techniques for Training GANs", 2016, arXiv:1606.03498.
  package func score(splits: Int = 10) throws(EvaluationError) -> ClassifierScore {
    guard count >= splits else { throw .tooFewSamples(got: count, needed: splits) }
    let values = (0..<splits).map { split in
      let items = count * split / splits..<count * (split + 1) / splits
      var shares = [Double](repeating: 0, count: classCount)
      var negativeEntropy = 0.0
      for item in items {
        for place in 0..<classCount {
          let entry = item * classCount + place
          shares[place] += probabilities[entry] / Double(items.count)
          // A probability that is 0 adds nothing, however far its logarithm.
          if probabilities[entry] > 0 {
            negativeEntropy += probabilities[entry] * logProbabilities[entry]
          }
        }
      }
      let entropy = shares.reduce(0) { $0 - ($1 > 0 ? $1 * log($1) : 0) }
      return exp(negativeEntropy / Double(items.count) + entropy)
    }
    let mean = values.reduce(0, +) / Double(splits)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return ClassifierScore(
      value: mean, deviation: (squares / Double(splits)).squareRoot(), splits: splits,
      count: count, classCount: classCount)
  }

  /// The mean probability of each item's most probable class; in `[1 / classCount, 1]`.
  package var confidence: Double {
    classes.enumerated().reduce(0) { $0 + probabilities[$1.offset * classCount + $1.element] }
      / Double(count)
  }

  /// Each class's share of the items, with its 95 % interval.
  package var shares: [Proportion] {
    counts.map { Proportion(count: $0, total: count) }
  }

  /// The number of items of each class.
  package var counts: [Int] {
    var counts = [Int](repeating: 0, count: classCount)
    for item in classes { counts[item] += 1 }
    return counts
  }

  /// `KL(shares || others)`, at least 0: how far the classes are from the data's. About
  /// `(classCount - 1) / (2 count)` nats of real data.
  ///
  /// - Parameter other: The data's shares.
  /// - Throws: `EvaluationError.outcomeCounts`.
  package func divergence(
    from other: DiscreteDistribution, in unit: InformationUnit = .nats
  ) throws(EvaluationError) -> Double {
    try DiscreteDistribution(counts: counts).klDivergence(from: other, in: unit)
  }

  /// The share of items that are of the class that was asked for, as the classifier sees it.
  ///
  /// - Parameter asked: The class asked for of each item.
  /// - Throws: `EvaluationError.sampleCount` for another number.
  package func accuracy(asked: [Int]) throws(EvaluationError) -> Proportion {
    guard asked.count == count else { throw .sampleCount(expected: count, got: asked.count) }
    return Proportion(count: zip(asked, classes).count { $0 == $1 }, total: count)
  }

  /// The same for each class apart.
  ///
  /// - Throws: As the other.
  package func accuracyByClass(asked: [Int]) throws(EvaluationError) -> [Proportion] {
    guard asked.count == count else { throw .sampleCount(expected: count, got: asked.count) }
    return (0..<classCount).map { wanted in
      let items = asked.indices.filter { asked[$0] == wanted }
      return Proportion(count: items.count { classes[$0] == wanted }, total: items.count)
    }
  }
}

/// A classifier score and how it was computed.
package struct ClassifierScore: Hashable, Sendable, Codable {
  /// The mean over the splits, in `[1, classCount]`.
  package let value: Double
  /// The standard deviation over the splits, their number in the denominator.
  package let deviation: Double
  /// Parts that were judged apart.
  package let splits: Int
  /// The number of items in all.
  package let count: Int
  /// The number of classes.
  package let classCount: Int
}
