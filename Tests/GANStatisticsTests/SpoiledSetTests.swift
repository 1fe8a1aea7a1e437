import GANStatistics
import GANTensor
import Testing

/// What each metric sees and what it misses of a known difference, as `docs/evaluation.md` tells
/// users. Bounds lie about half way between the value and that of real data.
@Suite("Metrics see of spoiled sets what the documentation says")
struct SpoiledSetTests {
  enum Claim: CustomTestStringConvertible {
    case below(Metric, Double)
    case above(Metric, Double)

    var metric: Metric {
      switch self {
      case .below(let metric, _), .above(let metric, _): metric
      }
    }

    func holds(of value: Double) -> Bool {
      switch self {
      case .below(_, let bound): value < bound
      case .above(_, let bound): value > bound
      }
    }

    var testDescription: String {
      switch self {
      case .below(let metric, let bound): "\(metric.rawValue) < \(bound)"
      case .above(let metric, let bound): "\(metric.rawValue) > \(bound)"
      }
    }
  }

  static let claims: [(SpoiledSets, [Claim])] = [
    (
      .nothing,
      [
        .below(.frechetDistance, 0.2), .below(.mind, 0.4), .above(.precision, 0.8),
        .above(.recall, 0.8), .above(.coverage, 0.9), .above(.density, 0.9),
        .above(.clippedDensity, 0.9), .above(.clippedCoverage, 0.9),
      ]
    ),
    (
      .meanShift,
      [
        .above(.frechetDistance, 4), .above(.kernelDistance, 4), .above(.mind, 12),
        .below(.precision, 0.7), .below(.recall, 0.7), .below(.coverage, 0.6),
        .below(.clippedDensity, 0.6), .below(.clippedCoverage, 0.6),
      ]
    ),
    // One outlier's ball holds the whole generator: precision and density miss everything.
    (
      .meanShiftWithOutliers,
      [
        .above(.precision, 0.9), .above(.density, 0.9), .below(.recall, 0.1),
        .below(.coverage, 0.1), .below(.clippedDensity, 0.1), .below(.clippedCoverage, 0.1),
        .below(.probabilisticPrecision, 0.1), .above(.frechetDistance, 30),
      ]
    ),
    (
      .meanShiftWithHeavyTails,
      [
        .above(.precision, 0.6), .above(.recall, 0.6), .below(.clippedDensity, 0.2),
        .below(.clippedCoverage, 0.2), .above(.frechetDistance, 8),
      ]
    ),
    // Too little spread is what clipped metrics do not see; recall and C_T do.
    (
      .smallerDeviation,
      [
        .above(.precision, 0.95), .below(.recall, 0.6), .above(.coverage, 0.9),
        .above(.clippedDensity, 0.9), .above(.clippedCoverage, 0.9), .above(.density, 1.5),
        .below(.copying, -3), .above(.frechetDistance, 0.7),
      ]
    ),
    (
      .largerDeviation,
      [
        .below(.precision, 0.6), .above(.recall, 0.9), .below(.coverage, 0.8),
        .below(.clippedDensity, 0.6), .below(.clippedCoverage, 0.6), .above(.copying, 3),
        .above(.frechetDistance, 1.5),
      ]
    ),
    // Modes grow rare together: only weights are wrong, and neighbourhoods hardly know weights.
    (
      .simultaneousModeDropping,
      [
        .above(.precision, 0.8), .above(.recall, 0.8), .above(.coverage, 0.9),
        .below(.clippedCoverage, 0.8), .above(.frechetDistance, 10),
      ]
    ),
    (
      .sequentialModeDropping,
      [
        .above(.precision, 0.8), .below(.recall, 0.6), .below(.coverage, 0.7),
        .below(.clippedCoverage, 0.7), .above(.clippedDensity, 0.9), .above(.frechetDistance, 15),
      ]
    ),
    (
      .modeInvention,
      [
        .below(.precision, 0.6), .above(.recall, 0.75), .below(.density, 0.7),
        .below(.clippedDensity, 0.7), .above(.frechetDistance, 15), .above(.vendi, 3.9),
      ]
    ),
    (
      .insideOfTheSphere,
      [
        .above(.precision, 0.9), .below(.recall, 0.1), .above(.coverage, 0.9),
        .above(.clippedDensity, 0.9), .above(.clippedCoverage, 0.9), .above(.density, 1.3),
        .above(.frechetDistance, 0.08),
      ]
    ),
    (
      .smallerCube,
      [
        .above(.precision, 0.95), .below(.recall, 0.1), .below(.coverage, 0.8),
        .below(.clippedCoverage, 0.7), .above(.frechetDistance, 0.1), .below(.vendi, 2),
      ]
    ),
    (
      .torusForSphere,
      [
        .below(.precision, 0.6), .below(.recall, 0.6), .below(.coverage, 0.6),
        .below(.clippedDensity, 0.6), .below(.clippedCoverage, 0.6), .above(.mind, 0.1),
      ]
    ),
    // Mean and variance are right, and that is all that a Gaussian knows.
    (
      .oneModeForTwo,
      [
        .below(.frechetDistance, 0.2), .above(.precision, 0.8), .above(.recall, 0.8),
        .below(.clippedDensity, 0.95), .below(.clippedCoverage, 0.95),
      ]
    ),
    // A wide axis drowns the others in every distance; standardise features of one's own.
    (
      .rescaledDimension,
      [
        .below(.frechetDistance, 100), .below(.clippedDensity, 0.8), .below(.clippedCoverage, 0.8),
        .below(.precision, 0.8),
      ]
    ),
    (
      .disjointDimensions,
      [
        .above(.frechetDistance, 4), .above(.mind, 1), .below(.precision, 0.1),
        .below(.recall, 0.1), .below(.coverage, 0.1), .below(.clippedDensity, 0.1),
      ]
    ),
    // Rounded real values: a Gaussian knows nothing of gaps, and neither do balls as wide as they.
    (
      .discreteValues,
      [.below(.frechetDistance, 0.2), .above(.precision, 0.8), .above(.clippedCoverage, 0.9)]
    ),
  ]

  @Test func everySetHasItsClaims() {
    #expect(Self.claims.map(\.0) == SpoiledSets.allCases)
  }

  @Test(arguments: claims)
  func metricsSeeWhatTheyShould(of spoiled: SpoiledSets, claims: [Claim]) throws {
    let (real, generated) = try spoiled.sets()
    let values = try MetricSuite(claims.map(\.metric)).values(
      of: JudgedItems(features: generated),
      against: ReferenceItems(features: real, training: real, test: spoiled.freshReal()))
    for claim in claims {
      let value = try #require(values[claim.metric])
      #expect(claim.holds(of: value), "\(claim.testDescription), got \(value)")
    }
  }
}

/// Ten classes of 128 items each around corners, with the logits of a perfect classifier.
private struct ClassedData {
  static let dimension = 16

  static func item(_ number: Int, class wanted: Int, stream: UInt64) -> [Float] {
    let normals = RandomStream(seed: 31, purpose: .worldData, step: stream)
    return (0..<dimension).map { axis in
      let corner: Float = axis == wanted ? 6 : 0
      return corner + normals.normal(at: number * dimension + axis)
    }
  }

  /// Items of classes in turn.
  static func features(count: Int, classes: Range<Int>, stream: UInt64) throws -> FeatureSet {
    let values = (0..<count).flatMap {
      item($0, class: classes.lowerBound + $0 % classes.count, stream: stream)
    }
    return try FeatureSet(values, dimension: dimension)
  }

  /// A classifier that reads the corner off.
  static func logits(of features: FeatureSet) throws -> FeatureSet {
    try FeatureSet(
      (0..<features.count).flatMap { features[$0][..<10].map { 4 * $0 } }, dimension: 10)
  }
}

@Suite("Generators that cheat are found out")
struct CheatingGeneratorTests {
  let training: FeatureSet
  let test: FeatureSet

  init() throws {
    training = try ClassedData.features(count: 1_280, classes: 0..<10, stream: 0)
    test = try ClassedData.features(count: 1_280, classes: 0..<10, stream: 1)
  }

  func values(of generated: FeatureSet) throws -> [Metric: Double] {
    try MetricSuite(Metric.allCases).values(
      of: JudgedItems(features: generated, logits: ClassedData.logits(of: generated)),
      against: ReferenceItems(features: training, training: training, test: test))
  }

  /// Precision and density praise it, so that they alone would not do.
  @Test func fiveTrainingImagesAreFoundOutBySixNumbers() throws {
    let copies = try values(of: training.selecting((0..<1_280).map { 100 * ($0 % 5) + $0 % 5 }))
    let real = try values(of: test)
    #expect(try #require(copies[.recall]) < 0.05 && #require(real[.recall]) > 0.7)
    #expect(try #require(copies[.coverage]) < 0.1 && #require(real[.coverage]) > 0.9)
    #expect(try #require(copies[.clippedCoverage]) < 0.1 && #require(real[.clippedCoverage]) > 0.9)
    #expect(try #require(copies[.copying]) < -5 && abs(#require(real[.copying])) < 3)
    #expect(try #require(copies[.authenticity]) == 0 && #require(real[.authenticity]) > 40)
    #expect(try #require(copies[.support]) < 6 && (real[.support] ?? .infinity) > 10_000)
    #expect(try #require(copies[.precision]) == 1)
  }

  @Test func nineClassesOfTenAreFoundOutBySixNumbers() throws {
    let nine = try values(of: ClassedData.features(count: 1_280, classes: 0..<9, stream: 2))
    let real = try values(of: test)
    #expect(
      try #require(nine[.frechetDistance]) > 3 * #require(real[.frechetDistance]))
    #expect(try #require(nine[.mind]) > 3 * #require(real[.mind]))
    #expect(
      try #require(nine[.clippedCoverage]) < #require(real[.clippedCoverage]) - 0.05)
    #expect(try #require(nine[.coverage]) < #require(real[.coverage]) - 0.05)
    #expect(try #require(nine[.classDivergence]) > 0.08 && #require(real[.classDivergence]) < 0.01)
    #expect(try #require(nine[.classifierScore]) < #require(real[.classifierScore]) - 0.5)
  }
}
