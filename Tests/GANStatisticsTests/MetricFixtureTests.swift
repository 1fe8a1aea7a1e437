import Foundation
import GANStatistics
import Testing

/// What `Tests/Evaluation/golden.py` computed from the definitions in NumPy: sets of unequal numbers,
/// with more features than items, of more items than a tile has, and with copies among them.
@Suite("Metrics agree with their definitions in NumPy")
struct MetricFixtureTests {
  struct Case: Decodable, CustomTestStringConvertible {
    let realCount: Int
    let generatedCount: Int
    let dimension: Int
    /// Every so many-th generated item is a real one; 0 for none.
    let copiedStride: Int
    let values: [String: Double]

    var testDescription: String {
      "\(realCount) and \(generatedCount) of \(dimension), copies every \(copiedStride)"
    }

    func sets() throws -> (real: FeatureSet, generated: FeatureSet) {
      let real = GoldenFeatures.real.values(count: realCount, dimension: dimension)
      var generated = GoldenFeatures.generated.values(count: generatedCount, dimension: dimension)
      if copiedStride > 0 {
        for (copy, item) in stride(from: 0, to: generatedCount, by: copiedStride).enumerated() {
          for column in 0..<dimension {
            generated[item * dimension + column] = real[copy * dimension + column]
          }
        }
      }
      return (
        try FeatureSet(real, dimension: dimension), try FeatureSet(generated, dimension: dimension)
      )
    }
  }

  static let cases: [Case] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/metrics.json")
    let cases = try? JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
    return cases ?? []
  }()

  @Test func thereAreCases() { #expect(Self.cases.count == 12) }

  @Test(arguments: cases, [1, 3])
  func everyMetricAgrees(of example: Case, threads: Int) throws {
    let (real, generated) = try example.sets()
    func expect(_ name: String, _ value: Double?, within relative: Double = 1e-9) {
      guard let expected = example.values[name] else { return }
      #expect(
        agree(value, expected, within: relative),
        "\(name): \(String(describing: value)), expected \(expected)")
    }
    let fits = (
      try GaussianFit(to: real, threads: threads), try GaussianFit(to: generated, threads: threads)
    )
    expect("frechetDistance", try fits.0.frechetDistance(to: fits.1))
    let manifold = try ManifoldMetrics(of: real, and: generated, threads: threads)
    expect("precision", manifold.precision)
    expect("recall", manifold.recall)
    expect("density", manifold.density)
    expect("coverage", manifold.coverage)
    expect("clippedDensity", manifold.clippedDensity)
    expect("clippedCoverage", manifold.clippedCoverage)
    expect("rarity", manifold.rarity)
    let probable = try ProbabilisticManifold(of: real, and: generated, threads: threads)
    expect("probabilisticPrecision", probable.precision)
    expect("probabilisticRecall", probable.recall)
    let vendi = try VendiScore(of: generated, threads: threads)
    expect("vendi", vendi.value)
    expect("vendiSecond", vendi.second)
    expect("vendiInfinite", vendi.infinite)
    expect(
      "authenticity",
      try Authenticity(of: generated, training: real, threads: threads).percent)
    expect(
      "equalPairs",
      Double(try SupportEstimate(of: generated, distance: 0.2, threads: threads).equalCount))
    guard example.realCount == example.generatedCount else { return }
    let kernel = try KernelDistance(
      of: real, and: generated, subsetSize: real.count, seed: 1, threads: threads)
    // Sums of kernels, of which the value is a small difference.
    expect("kernelDistance", kernel.value, within: 1e-8)
    let directions = (0..<16).map { k in
      (0..<example.dimension).map { j in sin(Double(k + 1) * Double(j + 1) * 0.7) + 0.3 }
    }
    let sliced = try SlicedDistances(
      of: real, and: generated, directions: directions, threads: threads)
    expect("mind", sliced.mind)
    expect("slicedFirst", sliced.first)
    expect("slicedSecond", sliced.second)
  }
}
