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
    for (direction, value) in [
      (NeighbourDivergence.Direction.ofReal, expected.klOfReal),
      (.ofJudged, expected.klOfJudged),
    ] {
      let divergence = try NeighbourDivergence(
        from: real, direction: direction, sampleCount: 500, seed: 3)
      let result = try divergence.estimate(from: samples)
      // The same distances in another order of summation.
      #expect(abs((result.estimate.value ?? .nan) - value) < 1e-10, "\(direction)")
      #expect(result.zeroDistanceCount == 0)
    }
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

  // MARK: Neighbours

  @Test(arguments: [1, 2])
  func neighboursAreThoseOfAFullSearch(dimension: Int) throws {
    // The estimate is a function of all distances: wrong ones would move it.
    let count = 300
    let real = dimension == 1 ? Mixture.gaussian() : Mixture.ring(deviation: 0.1)
    let fake = dimension == 1 ? Mixture.gaussian(mean: 0.5) : Mixture.ring(deviation: 0.2)
    let samples = Self.judged(fake, count: count)
    let known = real.samples(
      count: count, from: RandomStream(seed: 9, purpose: .evaluationWorld, step: 0))
    func distances(from point: Int, of points: [Float], to others: [Float]) -> [Double] {
      (0..<count).map { other in
        (0..<dimension).reduce(0.0) { sum, axis in
          let offset =
            Double(points[point * dimension + axis]) - Double(others[other * dimension + axis])
          return sum + offset * offset
        }.squareRoot()
      }.sorted()
    }
    let logarithms = (0..<count).map { point in
      log(
        distances(from: point, of: known, to: samples)[4]
          / distances(from: point, of: known, to: known)[5])
    }
    let expected =
      Double(dimension) / Double(count) * logarithms.reduce(0, +)
      + log(Double(count) / Double(count - 1))
    let divergence = try NeighbourDivergence(from: real, sampleCount: count, seed: 9)
    let found = try #require(try divergence.estimate(from: samples).estimate.value)
    #expect(abs(found - expected) < 1e-10)
  }

  @Test func neighboursApproachTheClosedForm() throws {
    let deviations = SIMD2(1.0, 0.5)
    let real = try Self.gaussian(mean: .zero, deviations: deviations)
    let fake = try Self.gaussian(mean: SIMD2(0.5, 0.25), deviations: SIMD2(1.25, 0.75))
    let count = 2_000
    let samples = Self.judged(fake, count: count)
    let means = ([0.0, 0], [0.5, 0.25])
    let axes = ([1.0, 0.5], [1.25, 0.75])
    for (direction, exact) in [
      (
        NeighbourDivergence.Direction.ofReal,
        gaussianKLDivergence(means: means, deviations: axes)
      ),
      (
        .ofJudged,
        gaussianKLDivergence(means: (means.1, means.0), deviations: (axes.1, axes.0))
      ),
    ] {
      let divergence = try NeighbourDivergence(
        from: real, direction: direction, sampleCount: count, seed: 6)
      let found = try #require(try divergence.estimate(from: samples).estimate.value)
      let deviation = try #require(divergence.noiseFloor.deviation)
      // Five deviations of real samples, twice over for the wider spread of different ones.
      #expect(abs(found - exact) < 10 * deviation, "\(direction): \(found), exactly \(exact)")
    }
  }

  @Test func realSamplesScatterAroundZeroWithoutBeingClipped() throws {
    let values = try (0..<20 as Range<UInt64>).map { seed in
      let divergence = try NeighbourDivergence(
        from: Mixture.gaussian(), sampleCount: 200, seed: seed)
      let samples = Self.judged(.gaussian(), count: 200, seed: seed)
      return try #require(try divergence.estimate(from: samples).estimate.value)
    }
    #expect(values.contains { $0 < 0 } && values.contains { $0 > 0 })
  }

  @Test func collapsedSamplesHaveNoValueAndTheirZerosAreCounted() throws {
    let divergence = try NeighbourDivergence(
      from: Mixture.gaussian(), direction: .ofJudged, sampleCount: 100, seed: 2)
    // Six equal samples see each other at distance 0; five would not all have five others.
    for (equalCount, zeroCount) in [(6, 6), (100, 100), (5, 0)] {
      var samples = Self.judged(.gaussian(), count: 100)
      for index in 0..<equalCount { samples[index] = 0.25 }
      let result = try divergence.estimate(from: samples)
      #expect(result.zeroDistanceCount == zeroCount)
      #expect((result.estimate.value == nil) == (zeroCount > 0))
    }
  }

  // MARK: Classifiers

  @Test func theBestDiscriminatorsBoundIsTheDivergence() throws {
    let (real, fake) = (Mixture.gaussian(), Mixture.gaussian(mean: 1))
    let exact = try DensityComparison(of: real, and: fake).jensenShannon.value
    let count = 20_000
    func samples(_ mixture: Mixture, _ purpose: RandomPurpose, _ step: UInt64) -> [Float] {
      mixture.samples(count: count, from: RandomStream(seed: 1, purpose: purpose, step: step))
    }
    let draws = (0..<40 as Range<UInt64>).map { samples(real, .noiseFloor, $0) }
    // The best logit is 1/2 - x; others see less.
    for (scale, isBest) in [(Float(1), true), (0.25, false), (3, false), (-1, false)] {
      func logits(_ samples: [Float]) -> [Float] { samples.map { scale * (0.5 - $0) } }
      let bound = try ClassifierBound(sampleCount: count) { step in
        logits(draws[Int(step)])
      }
      let estimate = try bound.estimate(
        real: logits(samples(real, .evaluationWorld, 0)),
        fake: logits(samples(fake, .evaluationStandIn, 0)))
      let value = try #require(estimate.value)
      // The loss deviates by less than 1 a sample: five standard errors of the bound, which
      // halves two means.
      let noise = 5 * (0.5 / Double(count)).squareRoot()
      #expect(value < exact + noise, "scale \(scale)")
      if isBest {
        #expect(abs(value - exact) < noise)
      } else {
        #expect(value < exact - noise, "scale \(scale)")
      }
      // Against itself nothing can be seen, and what is claimed counts against the bound.
      #expect((bound.noiseFloor.mean ?? 1) < 0)
      #expect(estimate.noiseFloor.draws == 20)
    }
  }

  @Test func aDiscriminatorThatSeesNothingOrEverythingReachesTheEnds() throws {
    let coin = try ClassifierBound(sampleCount: 3) { _ in [0, 0, 0] }
    #expect(abs(try coin.estimate(real: [0, 0, 0], fake: [0, 0, 0]).value ?? 1) < 1e-15)
    #expect(abs(coin.noiseFloor.mean ?? 1) < 1e-15 && coin.noiseFloor.deviation == 0)
    let sure = try ClassifierBound(sampleCount: 1, unit: .bits) { _ in [1e9] }
    #expect(abs((try sure.estimate(real: [1e9], fake: [-1e9]).value ?? 0) - 1) < 1e-15)
  }

  // MARK: All of them

  @Test func othersThanTheExpectedSamplesAreRefused() throws {
    let gaussian = Mixture.gaussian()
    let histogram = try HistogramDivergence(from: gaussian, sampleCount: 10, seed: 0)
    let neighbours = try NeighbourDivergence(from: gaussian, sampleCount: 10, seed: 0)
    let bound = try ClassifierBound(sampleCount: 2) { _ in [0, 0] }
    let short = EvaluationError.sampleCount(expected: 10, got: 9)
    let nine = [Float](repeating: 0, count: 9)
    #expect(throws: short) { try histogram.estimate(from: nine) }
    #expect(throws: short) { try neighbours.estimate(from: nine) }
    let broken = EvaluationError.sampleNotFinite(sample: 9)
    #expect(throws: broken) { try histogram.estimate(from: nine + [.nan]) }
    #expect(throws: broken) { try neighbours.estimate(from: nine + [.infinity]) }
    #expect(throws: EvaluationError.sampleCount(expected: 2, got: 1)) {
      try bound.estimate(real: [0, 0], fake: [0])
    }
    #expect(throws: EvaluationError.sampleNotFinite(sample: 1)) {
      try bound.estimate(real: [0, .nan], fake: [0, 0])
    }
    #expect(throws: EvaluationError.tooFewSamples(got: 5, needed: 6)) {
      try NeighbourDivergence(from: gaussian, sampleCount: 5, seed: 0)
    }
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

  @Test func missingValuesAreNullInJSON() throws {
    let divergence = try NeighbourDivergence(
      from: Mixture.gaussian(), direction: .ofJudged, sampleCount: 10, seed: 2)
    let result = try divergence.estimate(from: [Float](repeating: 1, count: 10))
    let encoder = JSONEncoder()
    let text = String(decoding: try encoder.encode(result), as: UTF8.self)
    #expect(text.contains(#""value":null"#) && text.contains(#""zeroDistanceCount":10"#))
    #expect(text.contains(#""unit":"nats""#) && text.contains(#""sampleCount":10"#))
    let decoded = try JSONDecoder().decode(
      NeighbourDivergence.Result.self, from: encoder.encode(result))
    #expect(decoded == result)
  }
}
