import Foundation
import GANData
import GANStatistics
import GANTensor
import GANTestSupport
import Testing

@Suite("Estimates from samples say what they can")
struct SampleEstimateTests {
  static func gaussian(mean: SIMD2<Double>, deviations: SIMD2<Double>) throws -> Mixture {
    try Mixture(
      name: "gaussian", dimension: 2,
      components: [.gaussian(mean: mean, deviations: deviations)])
  }

  static func judged(_ mixture: Mixture, count: Int, seed: UInt64 = 3) -> [Float] {
    mixture.samples(
      count: count, from: RandomStream(seed: seed, purpose: .evaluationStandIn, step: 0))
  }

  // MARK: Against SciPy

  @Test func samplesAreThoseThatNumPyRebuilds() throws {
    let pieces = try Mixture(
      name: "pieces", dimension: 2,
      components: [
        .gaussian(weight: 3, mean: SIMD2(0.5, -1), deviations: SIMD2(0.25, 0.5)),
        .gaussian(weight: 0, mean: SIMD2(9, 9), deviations: SIMD2(1, 1)),
        .uniform(weight: 2, from: SIMD2(1.5, 2), to: SIMD2(2.5, 4)),
      ])
    let samples = pieces.samples(
      count: 40, from: RandomStream(seed: 3, purpose: .worldData, step: 0))
    #expect(samples.map(\.bitPattern) == (try Fixture.read().mixture))
  }

  @Test func sciPyJudgesTheSameSamplesTheSame() throws {
    let expected = try Fixture.read().ofSamples
    let real = try Self.gaussian(mean: .zero, deviations: SIMD2(1, 0.5))
    let samples = Self.judged(
      try Self.gaussian(mean: SIMD2(0.5, 0), deviations: SIMD2(0.75, 0.75)), count: 500)
    let grid = HistogramGrid(
      dimension: 2, lower: SIMD2(-2, -2), upper: SIMD2(2, 2), cellsPerAxis: 10)
    let histogram = try HistogramDivergence(from: real, grid: grid, sampleCount: 500, seed: 3)
    let value = try histogram.estimate(from: samples).value ?? .nan
    #expect(abs(value - expected.histogramJensenShannon) < 1e-12)
  }

  // MARK: Histograms

  @Test(arguments: [1, 2])
  func cellsAreAPartitionWithOverflowOnBothSides(dimension: Int) throws {
    let grid = HistogramGrid(
      dimension: dimension, lower: SIMD2(-1, -2), upper: SIMD2(1, 3), cellsPerAxis: 7)
    #expect(grid.cellCount == (dimension == 1 ? 9 : 81))
    let mixture =
      dimension == 1 ? Mixture.gaussian() : try Self.gaussian(mean: .zero, deviations: .one)
    let masses = grid.probabilities(of: mixture)
    #expect(masses.count == grid.cellCount)
    #expect(abs(masses.reduce(0, +) - 1) < 1e-14)
    let samples = Self.judged(mixture, count: 20_000)
    let points = (0..<20_000).map { index in
      SIMD2(
        Double(samples[index * dimension]), dimension == 1 ? 0 : Double(samples[2 * index + 1]))
    }
    for (cell, count) in grid.counts(of: points).enumerated() {
      // Five standard deviations of a binomial count, and one for masses near 0.
      let bound = 5 * (masses[cell] * 20_000).squareRoot() + 1
      #expect(abs(Double(count) - masses[cell] * 20_000) < bound, "cell \(cell)")
    }
    let last = grid.cellCount - 1
    #expect(grid.cell(of: SIMD2(-9, -9)) == 0 && grid.cell(of: SIMD2(9, 9)) == last)
    #expect(grid.cell(of: SIMD2(1, 3)) == last, "a cell has its lower edge and not its upper")
  }

  /// By its second-order expansion the divergence of shares from their own masses is
  /// `chi^2 / (8 n)`, and `chi^2` is `cells - 1` on average where no cell is nearly empty.
  @Test func theNoiseFloorOfAHistogramIsThatOfChiSquare() throws {
    let grid = HistogramGrid(
      dimension: 1, lower: SIMD2(-2, 0), upper: SIMD2(2, 0), cellsPerAxis: 18)
    let count = 4_000
    let floor = try HistogramDivergence(
      from: Mixture.gaussian(), grid: grid, sampleCount: count, seed: 1
    ).noiseFloor
    let scale = 1 / (8 * Double(count))
    let (mean, deviation) = try (#require(floor.mean), #require(floor.deviation))
    #expect(floor.draws == 20)
    // chi^2 has the variance 2 * 19: five errors of the mean of 20, and 1 % for higher orders.
    #expect(abs(mean / scale - 19) < 5 * (38.0 / 20).squareRoot() + 0.2)
    // The deviation of 20 draws is itself known to about a sixth.
    #expect(abs(deviation / scale / 38.0.squareRoot() - 1) < 5.0 / 6)
  }

  @Test func aHistogramApproachesTheExactDivergence() throws {
    let (real, fake) = (Mixture.gaussian(), Mixture.gaussian(mean: 1))
    let exact = try DensityComparison(of: real, and: fake).jensenShannon.value
    let histogram = try HistogramDivergence(from: real, sampleCount: 5_000, seed: 4)
    let estimate = try histogram.estimate(from: Self.judged(fake, count: 5_000))
    let value = try #require(estimate.value)
    // A sample moves the value by 1/2 log(q / m), which deviates by less than 0.25: five standard
    // errors of that, and what the floor adds.
    #expect(abs(value - exact) < 5 * 0.25 / 5_000.0.squareRoot() + 0.002)
    #expect(estimate.sampleCount == 5_000 && estimate.unit == .nats)
    let bits = try HistogramDivergence(from: real, sampleCount: 5_000, unit: .bits, seed: 4)
    let inBits = try #require(try bits.estimate(from: Self.judged(fake, count: 5_000)).value)
    #expect(abs(inBits * log(2) - value) < 1e-12)
    #expect(abs((bits.noiseFloor.mean ?? 0) * log(2) - (estimate.noiseFloor.mean ?? 0)) < 1e-12)
  }

  @Test func samplesBeyondTheGridAreNotLost() throws {
    let far = [Float](repeating: 1e30, count: 200)
    let histogram = try HistogramDivergence(from: Mixture.gaussian(), sampleCount: 200, seed: 0)
    let value = try #require(try histogram.estimate(from: far).value)
    // Four deviations hold all but 3e-5 of the real mass on either side.
    #expect(value > log(2) - 1e-3 && value < log(2))
  }

  // MARK: Refusals and floors

  @Test func othersThanTheExpectedSamplesAreRefused() throws {
    let gaussian = Mixture.gaussian()
    let histogram = try HistogramDivergence(from: gaussian, sampleCount: 10, seed: 0)
    let short = EvaluationError.sampleCount(expected: 10, got: 9)
    let nine = [Float](repeating: 0, count: 9)
    #expect(throws: short) { try histogram.estimate(from: nine) }
    let broken = EvaluationError.sampleNotFinite(sample: 9)
    #expect(throws: broken) { try histogram.estimate(from: nine + [.nan]) }
    #expect(throws: broken) { try histogram.estimate(from: nine + [.infinity]) }
    #expect(throws: EvaluationError.tooFewSamples(got: 0, needed: 1)) {
      try HistogramDivergence(from: gaussian, sampleCount: 0, seed: 0)
    }
  }

  @Test func theFloorDependsOnTheSeedAndNothingElse() throws {
    func floor(seed: UInt64) throws -> NoiseFloor {
      try HistogramDivergence(from: Mixture.ring(), sampleCount: 100, seed: seed).noiseFloor
    }
    #expect(try floor(seed: 1) == floor(seed: 1))
    #expect(try floor(seed: 1) != floor(seed: 2))
  }
}
