import Foundation
import GANStatistics
import Testing

/// Golden values: computed in NumPy from the definitions, in double precision, by
/// `Tests/Evaluation/golden.py`.
@Suite("Metrics have their golden values")
struct GoldenMetricTests {
  let real: FeatureSet
  let generated: FeatureSet

  init() throws {
    real = try GoldenFeatures.real.features()
    generated = try GoldenFeatures.generated.features()
  }

  @Test func frechetDistance() throws {
    let distance = try GaussianFit(to: real).frechetDistance(to: GaussianFit(to: generated))
    #expect(agree(distance, 0.10179361221628), "\(distance)")
  }

  @Test func kernelDistanceOfOneBlock() throws {
    let distance = try KernelDistance(of: real, and: generated, subsetSize: 200, seed: 1)
    #expect(agree(distance.value, 0.0401403966894454), "\(distance.value)")
    #expect(distance.subsetCount == 1 && distance.deviation == 0)
  }

  @Test func mindInSixteenDirections() throws {
    let directions = (0..<16).map { k in
      (0..<4).map { j in sin(Double(k + 1) * Double(j + 1) * 0.7) + 0.3 }
    }
    let sliced = try SlicedDistances(of: real, and: generated, directions: directions)
    #expect(agree(sliced.mind, 0.33116790589206835), "\(sliced.mind)")
  }

  @Test(arguments: [(3, 0.90, 0.85, 0.79, 0.75), (5, 1.0, 0.94, 0.854, 0.875)])
  func precisionRecallDensityCoverage(
    k: Int, precision: Double, recall: Double, density: Double, coverage: Double
  ) throws {
    let metrics = try ManifoldMetrics(
      of: real, and: generated, precisionNeighbours: k, densityNeighbours: k)
    #expect(agree(metrics.precision, precision), "\(metrics.precision)")
    #expect(agree(metrics.recall, recall), "\(metrics.recall)")
    #expect(agree(metrics.density, density), "\(metrics.density)")
    #expect(agree(metrics.coverage, coverage), "\(metrics.coverage)")
  }

  @Test func clippedDensityAndCoverageAndRarity() throws {
    let metrics = try ManifoldMetrics(of: real, and: generated)
    #expect(agree(metrics.clippedDensity, 0.866022099447514), "\(metrics.clippedDensity)")
    #expect(agree(metrics.clippedCoverage, 0.8059701492537313), "\(metrics.clippedCoverage)")
    #expect(agree(metrics.rarity, 0.5946938339882035), "\(String(describing: metrics.rarity))")
  }

  @Test func probabilisticPrecisionAndRecall() throws {
    let metrics = try ProbabilisticManifold(of: real, and: generated)
    #expect(agree(metrics.precision, 0.7373177801908565), "\(metrics.precision)")
    #expect(agree(metrics.recall, 0.7396549120308183), "\(metrics.recall)")
  }

  @Test func classifierScoreOfTenSplits() throws {
    let logits = try FeatureSet(
      GoldenFeatures(a: 0.21, b: 1.3, offset: 0).values(count: 200, dimension: 10).map { 3 * $0 },
      dimension: 10)
    let score = try ClassPredictions(logits: logits).score(splits: 10)
    #expect(agree(score.value, 3.7883205558), "\(score.value)")
    #expect(agree(score.deviation, 0.390080779344), "\(score.deviation)")
  }

  @Test func vendiScores() throws {
    let (one, other) = (try VendiScore(of: real), try VendiScore(of: generated))
    #expect(agree(one.value, 3.90837440051222), "\(one.value)")
    #expect(agree(other.value, 3.772498969223926), "\(other.value)")
    #expect(agree(other.second, 3.58375278264206), "\(other.second)")
    #expect(agree(other.infinite, 2.7090252968709647), "\(other.infinite)")
  }

  @Test func authenticity() throws {
    let authenticity = try Authenticity(of: generated, training: real)
    #expect(authenticity.percent == 50)
  }

  @Test func statisticOfCopies() {
    let value = mannWhitney(
      of: [Double](repeating: 0, count: 80), against: [Double](repeating: 1, count: 80))
    #expect(agree(value, -10.918671815557), "\(value)")
  }
}
