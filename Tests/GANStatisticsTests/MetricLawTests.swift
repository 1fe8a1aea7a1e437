import Foundation
import GANStatistics
import GANTensor
import Testing

/// Features of a Gaussian, reproducible; `stream` tells sets apart.
func gaussian(
  count: Int, dimension: Int, stream: UInt64, shift: Double = 0, scale: Double = 1
) throws -> FeatureSet {
  let normals = RandomStream(seed: 20, purpose: .worldData, step: stream)
  return try FeatureSet(
    (0..<count * dimension).map { Float(Double(normals.normal(at: $0)) * scale + shift) },
    dimension: dimension)
}

extension FeatureSet {
  /// All values, row after row.
  var values: [Double] { (0..<count).flatMap { self[$0] } }

  /// The same items with every value changed.
  func mapped(_ change: (Double) -> Double) throws -> FeatureSet {
    try FeatureSet(values.map(change), dimension: dimension)
  }

  /// The items of two sets.
  func joined(with other: FeatureSet) throws -> FeatureSet {
    try FeatureSet(values + other.values, dimension: dimension)
  }
}

@Suite("Metrics keep their laws")
struct MetricLawTests {
  let real: FeatureSet
  let other: FeatureSet

  init() throws {
    real = try gaussian(count: 300, dimension: 12, stream: 0)
    other = try gaussian(count: 300, dimension: 12, stream: 1, shift: 0.2, scale: 1.1)
  }

  /// The shift is exact, so that only the sums round.
  @Test func aShiftHasItsSquaredLength() throws {
    let exact = try real.mapped { ($0 * 1024).rounded() / 1024 }
    let shifted = try exact.mapped { $0 + 0.25 }
    let squares = 12 * 0.25 * 0.25
    let distance = try GaussianFit(to: exact).frechetDistance(to: GaussianFit(to: shifted))
    #expect(abs(distance - squares) < 1e-11)
    let sliced = try SlicedDistances(of: exact, and: shifted, directionCount: 4_000, seed: 3)
    // A mean over 4,000 squared cosines, whose deviation is about √2 / √4,000 of it.
    #expect(abs(sliced.mind / (3 * squares) - 1) < 0.1)
  }

  @Test func aSetHasNoDistanceFromItself() throws {
    let fit = try GaussianFit(to: real)
    #expect(abs(try fit.frechetDistance(to: fit)) < 1e-11)
    #expect(try SlicedDistances(of: real, and: real, directionCount: 50, seed: 1).mind == 0)
    let manifold = try ManifoldMetrics(of: real, and: real)
    #expect(manifold.precision == 1 && manifold.recall == 1 && manifold.coverage == 1)
    // Each item lies within as many balls as hold it, its own and those without their rims.
    #expect(manifold.density == 1)
    #expect(try Authenticity(of: real, training: real).percent == 0)
  }

  /// Fewer items than features: what has no variance adds none.
  @Test func theFrechetDistanceOfFewItemsIsExact() throws {
    let few = try gaussian(count: 9, dimension: 40, stream: 2)
    let fit = try GaussianFit(to: few)
    #expect(abs(try fit.frechetDistance(to: fit)) < 1e-11)
    let doubled = try GaussianFit(to: few.mapped { 3 * $0 })
    // S becomes 9 S: tr S + 9 tr S - 2 · 3 tr S = 4 tr S, and |m - 3 m|².
    var (mean, trace) = ([Double](repeating: 0, count: 40), 0.0)
    for column in 0..<40 {
      let values = (0..<9).map { few[$0][column] }
      mean[column] = values.reduce(0, +) / 9
      trace += values.reduce(0) { $0 + ($1 - mean[column]) * ($1 - mean[column]) } / 8
    }
    let expected = 4 * trace + 4 * mean.reduce(0) { $0 + $1 * $1 }
    #expect(agree(try fit.frechetDistance(to: doubled), expected, within: 1e-12))
  }

  /// What is left of repeated items shrinks block by block until its square is no number.
  @Test func fewItemsOftenRepeatedHaveAFrechetDistance() throws {
    let kinds = try gaussian(count: 5, dimension: 24, stream: 3)
    let repeated = kinds.selecting((0..<10_000).map { $0 % 5 })
    let (fit, few) = (try GaussianFit(to: repeated), try GaussianFit(to: kinds))
    #expect(abs(try fit.frechetDistance(to: fit)) < 1e-11)
    // The same covariance but for n - 1: S and c S, of which the distance is (1 - √c)² tr S.
    let ratio = (10_000.0 / 9_999 / (5.0 / 4)).squareRoot()
    let shrunk = try GaussianFit(to: kinds.mapped { $0 * ratio })
    let means = zip(shrunk.mean, few.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let expected = try few.frechetDistance(to: shrunk) - means
    #expect(abs(try few.frechetDistance(to: fit) - expected) < 1e-9)
    #expect(try VendiScore(of: repeated).value < 5)
  }

  @Test func distancesAreSymmetric() throws {
    let fits = (try GaussianFit(to: real), try GaussianFit(to: other))
    #expect(
      agree(
        try fits.0.frechetDistance(to: fits.1), try fits.1.frechetDistance(to: fits.0),
        within: 1e-12))
    let kernel = try KernelDistance(of: real, and: other, seed: 1).value
    #expect(agree(try KernelDistance(of: other, and: real, seed: 1).value, kernel, within: 1e-6))
    let (one, two) = (
      try ManifoldMetrics(of: real, and: other), try ManifoldMetrics(of: other, and: real)
    )
    #expect(one.precision == two.recall && one.recall == two.precision)
  }

  @Test func theOrderOfItemsDoesNotCount() throws {
    let order = RandomStream(seed: 4, purpose: .epochOrder, step: 0).permutation(count: 300)
    let shuffled = other.selecting(order.map(Int.init))
    #expect(
      try ManifoldMetrics(of: real, and: shuffled) == ManifoldMetrics(of: real, and: other))
    let fits = (try GaussianFit(to: other), try GaussianFit(to: shuffled))
    #expect(abs(try fits.0.frechetDistance(to: fits.1)) < 1e-11)
    #expect(
      agree(
        try VendiScore(of: shuffled).value, try VendiScore(of: other).value, within: 1e-12))
    let sliced = try SlicedDistances(of: other, and: shuffled, directionCount: 20, seed: 1)
    #expect(sliced.largest < 1e-5)
  }

  /// Balls and ranks know nothing of units; squares of distances do.
  @Test func unitsCountAsTheyShould() throws {
    let scaled = (try real.mapped { $0 * 4096 }, try other.mapped { $0 * 4096 })
    let plain = (try real.mapped { $0 }, try other.mapped { $0 })
    let one = try ManifoldMetrics(of: plain.0, and: plain.1)
    let two = try ManifoldMetrics(of: scaled.0, and: scaled.1)
    #expect(one.precision == two.precision && one.density == two.density)
    #expect(one.clippedDensity == two.clippedDensity && one.coverage == two.coverage)
    let distances = (
      try GaussianFit(to: plain.0).frechetDistance(to: GaussianFit(to: plain.1)),
      try GaussianFit(to: scaled.0).frechetDistance(to: GaussianFit(to: scaled.1))
    )
    #expect(agree(distances.1, distances.0 * 4096 * 4096, within: 1e-11))
  }

  @Test func threadsChangeNoBit() throws {
    let many = try gaussian(count: 2_100, dimension: 24, stream: 5)
    let others = try gaussian(count: 1_300, dimension: 24, stream: 6, shift: 0.1)
    var suites: [[Metric: Double]] = []
    for threads in [1, 2, 5] {
      let suite = MetricSuite(Metric.allCases, threads: threads)
      suites.append(
        try suite.values(
          of: JudgedItems(features: others),
          against: ReferenceItems(features: many, training: many, test: others)))
    }
    #expect(suites[0].count > 14)
    #expect(suites[1] == suites[0] && suites[2] == suites[0])
  }

  /// Repeated items have no space around them: with `<` nothing is inside, with `<=` everything is.
  @Test func repeatedItemsAreWithinRimsOnly() throws {
    let few = try gaussian(count: 30, dimension: 6, stream: 7)
    let repeated = few.selecting((0..<300).map { $0 % 30 })
    let manifold = try ManifoldMetrics(of: repeated, and: repeated)
    #expect(manifold.precision == 1 && manifold.recall == 1)
    #expect(manifold.density == 0 && manifold.coverage == 0)
  }

  /// Vendi counts kinds: items at right angles as many as there are, whatever their numbers.
  @Test func vendiCountsKinds() throws {
    var values: [Double] = []
    for item in 0..<40 {
      var row = [Double](repeating: 0, count: 8)
      row[item % 5] = Double(item + 1)
      values += row
    }
    let kinds = try FeatureSet(values, dimension: 8)
    let score = try VendiScore(of: kinds)
    #expect(agree(score.value, 5, within: 1e-12) && agree(score.infinite, 5, within: 1e-12))
    let alike = try VendiScore(of: FeatureSet([1.0, 2, 2, 4, 3, 6], dimension: 2))
    #expect(agree(alike.value, 1, within: 1e-12))
    // Items of zeros are one kind more.
    let withZeros = try VendiScore(
      of: FeatureSet([0.0, 0, 1, 0, 0, 0, 1, 0], dimension: 2))
    #expect(agree(withZeros.value, 2, within: 1e-12))
  }

  @Test func theClassifierScoreCountsClasses() throws {
    func logits(_ classes: [Int], certainty: Double) throws -> ClassPredictions {
      var values: [Double] = []
      for wanted in classes {
        values += (0..<10).map { $0 == wanted ? certainty : 0 }
      }
      return try ClassPredictions(logits: FeatureSet(values, dimension: 10))
    }
    let all = (0..<1_000).map { $0 % 10 }
    let certain = try logits(all, certainty: 100)
    #expect(agree(try certain.score().value, 10, within: 1e-9) && certain.confidence > 1 - 1e-9)
    #expect(agree(try logits(all, certainty: 0).score().value, 1, within: 1e-12))
    #expect(agree(try logits((0..<1_000).map { $0 % 4 }, certainty: 100).score(splits: 1).value, 4))
    let uniform = try DiscreteDistribution.uniform(count: 10)
    #expect(try certain.divergence(from: uniform) == 0)
    let four = try logits(all.map { $0 % 5 }, certainty: 9).divergence(from: uniform)
    #expect(agree(four, log(2), within: 1e-12))
    #expect(try certain.accuracy(asked: all.map { $0 == 3 ? 4 : $0 }).share == 0.9)
    let byClass = try certain.accuracyByClass(asked: all.map { $0 == 3 ? 4 : $0 })
    #expect(byClass[4].share == 0.5 && byClass[3].total == 0 && byClass[5].share == 1)
  }

  /// Of N equally probable items the pairs that are the same are 1 / N of all.
  @Test func theSupportOfFewItemsIsFound() throws {
    let kinds = try gaussian(count: 50, dimension: 10, stream: 8)
    let draws = RandomStream(seed: 9, purpose: .worldData, step: 0)
    let drawn = kinds.selecting((0..<2_000).map { Int(draws.uniform(at: $0) * 50) })
    let support = try SupportEstimate(of: drawn, distance: 1e-6)
    // Pairs are about 40,000 of two million.
    #expect(agree(support.value, 50, within: 0.05))
    let none = try SupportEstimate(of: kinds, distance: 1e-6)
    #expect(none.value == nil && agree(none.lower, 1225 / 3.0))
  }

  @Test func stackedModesAreCounted() throws {
    let parts = [[0, 1, 2, 9], [0, 0, 0, 9], [0, 0, 0, 9]]
    let modes = try CountedModes(ofStacked: parts, classCount: 10)
    #expect(modes.modeCount == 1_000 && modes.captured == 4)
    #expect(agree(modes.divergence, log(250), within: 1e-12))
    #expect(throws: EvaluationError.sampleCount(expected: 4, got: 1)) {
      try CountedModes(ofStacked: [[0, 1, 2, 3], [1]], classCount: 10)
    }
  }

  @Test func nearestItemsAreFoundInOrder() throws {
    let base = try FeatureSet([0.0, 1, 2, 4, 8, 2], dimension: 1)
    let near = try Neighbours(of: FeatureSet([2.25, 100], dimension: 1), in: base, count: 3)
    #expect(near.indices == [2, 5, 1, 4, 3, 2])
    #expect(near.squaredDistances[..<3] == [0.0625, 0.0625, 1.5625])
    let within = try Neighbours(within: base, of: [4, 2], count: 2)
    #expect(within.indices == [3, 2, 5, 1])
  }
}

@Suite("Summaries of values")
struct MetricSummaryTests {
  /// From the tables in every textbook.
  @Test(arguments: [
    (1, 12.7062), (2, 4.3027), (3, 3.1824), (4, 2.7764), (9, 2.2622), (10, 2.2281), (30, 2.0423),
    (120, 1.9799),
  ])
  func studentsQuantilesAreThoseOfTables(freedom: Int, expected: Double) {
    let samples = (0...freedom).map { Double($0 % 2) }
    let value = RepeatedValue(samples)
    let mean = samples.reduce(0, +) / Double(samples.count)
    let squares = samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = (squares / Double(freedom) / Double(samples.count)).squareRoot()
    #expect(value.value == mean)
    #expect(agree(value.high.map { ($0 - mean) / error }, expected, within: 1e-4 / 2))
  }

  @Test func disjointDrawsAreDisjoint() {
    let sets = disjointDraws(of: 100, sizes: [30, 50, 20], draw: 3, seed: 5)
    #expect(sets.map(\.count) == [30, 50, 20])
    #expect(sets.joined().sorted() == Array(0..<100))
    #expect(sets != disjointDraws(of: 100, sizes: [30, 50, 20], draw: 4, seed: 5))
  }

  @Test func theFloorIsOfRealData() throws {
    let real = try gaussian(count: 900, dimension: 5, stream: 11)
    let suite = MetricSuite([.frechetDistance, .precision, .coverage])
    let floors = try realFloors(of: 900, judgedCount: 300, referenceCount: 600, seed: 1) {
      judged, reference in
      try suite.values(
        of: JudgedItems(features: real.selecting(judged)),
        against: ReferenceItems(features: real.selecting(reference)))
    }
    #expect(floors.count == 3 && floors.values.allSatisfy { $0.draws == 5 })
    let distance = try #require(floors[.frechetDistance]?.mean)
    #expect(distance > 0 && distance < 0.2)
    #expect(throws: EvaluationError.tooFewSamples(got: 900, needed: 901)) {
      try realFloors(of: 900, judgedCount: 300, referenceCount: 601, seed: 1) { _, _ in [:] }
    }
  }
}
