/// The C_T test of copying: whether generated items lie nearer to the training set than test items
/// do.
///
/// The space is parted into cells, by k-means on the training items. In each cell the distances of
/// generated and of test items from their nearest training item are ranked; C_T is the mean of the
/// cells' Mann-Whitney statistics, weighted by the test items in them. It is about standard normal
/// where generated items are as new as test items: far below 0 (below -3) copying, far above 0
/// items further from the data than new data are.
///
/// - Source: Meehan, Chaudhuri, Dasgupta, "A Non-Parametric Test to Detect Data-Copying in Generative
///   Models", 2020, arXiv:2004.05675.
package struct CopyingTest: Hashable, Sendable, Codable {
  /// C_T; nil where no cell has test items and enough generated ones.
  package let value: Double?
  /// The share of test items in the cells that were judged: a value that speaks of few cells says so
  /// here.
  package let judgedShare: Double
  /// The number of cells.
  package let cellCount: Int
  /// The numbers of training, test and generated items.
  package let trainingCount: Int
  package let testCount: Int
  package let generatedCount: Int
  /// The seed of the cells.
  package let seed: UInt64

  /// Training items to which cells are fitted, at most.
  private static let fittedCount = 10_000
  /// Generated items that a cell needs, to be judged.
  private static let neededCount = 20

  /// Tests a generator.
  ///
  /// - Parameters:
  ///   - training: What the generator learned from.
  ///   - test: New data of the same kind.
  ///   - cellCount: At least 1; the authors take about one for each kind of item.
  ///   - seed: Of the cells, fitted to at most 10,000 training items; purpose `evaluationCells`.
  ///   - threads: Change no bit.
  /// - Throws: `EvaluationError.featureDimensions`; `.tooFewSamples` of fewer training items than
  ///   cells, and where there are no test or generated items.
  /// - Complexity: Products of the training set with both others.
  package init(
    of generated: FeatureSet, training: FeatureSet, test: FeatureSet, cellCount: Int = 10,
    seed: UInt64, threads: Int = 1
  ) throws(EvaluationError) {
    precondition(cellCount > 0, "\(cellCount) cells")
    try training.check(against: generated, needed: 1)
    try training.check(against: test, needed: 1)
    try training.check(needed: cellCount)
    let cells = try Cells(
      fittedTo: training, count: cellCount, limit: Self.fittedCount, seed: seed, threads: threads)
    let generatedCells = try cells.members(of: generated, threads: threads)
    let testCells = try cells.members(of: test, threads: threads)
    let near = try Neighbours(of: generated, in: training, threads: threads).squaredDistances
    let testNear = try Neighbours(of: test, in: training, threads: threads).squaredDistances
    var (sum, judged) = (0.0, 0)
    for cell in 0..<cellCount {
      let distances = generatedCells.indices.filter { generatedCells[$0] == cell }.map { near[$0] }
      let testDistances = testCells.indices.filter { testCells[$0] == cell }.map { testNear[$0] }
      guard distances.count > Self.neededCount, !testDistances.isEmpty else { continue }
      sum += Double(testDistances.count) * mannWhitney(of: distances, against: testDistances)
      judged += testDistances.count
    }
    value = judged > 0 ? sum / Double(judged) : nil
    judgedShare = Double(judged) / Double(test.count)
    self.cellCount = cellCount
    (trainingCount, testCount, generatedCount) = (training.count, test.count, generated.count)
    self.seed = seed
  }
}

/// The Mann-Whitney statistic of some numbers against others, about standard normal where both come
/// from one distribution; below 0 where the first are smaller.
///
/// `Z = (U - (m n / 2 - 1/2)) / √(m n (m + n + 1) / 12)`, U being the number of pairs whose first is
/// larger, and half of those whose numbers are equal. The 1/2 is of the test for copying by Meehan
/// and others.
///
/// - Parameter numbers: `m` of them, and `n` others; at least one each.
package func mannWhitney(of numbers: [Double], against others: [Double]) -> Double {
  let (first, second) = (numbers.sorted(), others.sorted())
  var (below, equal, wins) = (0, 0, 0.0)
  for number in first {
    while below < second.count, second[below] < number { below += 1 }
    equal = max(equal, below)
    while equal < second.count, second[equal] == number { equal += 1 }
    wins += Double(below) + Double(equal - below) / 2
  }
  let (m, n) = (Double(first.count), Double(second.count))
  return (wins - (m * n / 2 - 0.5)) / (m * n * (m + n + 1) / 12).squareRoot()
}
