import Foundation
import GANData
import GANStatistics
import GANTensor
import Testing

@Suite("Modes are counted as in the papers on mode collapse")
struct ModeTests {
  @Test func samplesBelongToTheNearestModeWithinThreeDeviations() throws {
    let ring = Mixture.ring(radius: 1, deviation: 0.01)
    // At (1, 0): three within, one just beyond; at (0, 1): 20 within; one at the centre of all.
    var samples: [Float] = [1, 0, 1.0299, 0, 1, -0.0299, 1.0301, 0, 0, 0]
    for index in 0..<20 { samples += [Float(index) * 1e-4, 1] }
    let counter = try ModeCounter(of: ring, sampleCount: 25, seed: 0)
    let found = try counter.statistics(of: samples)
    #expect(found.modes.map(\.count) == [3, 0, 20, 0, 0, 0, 0, 0])
    #expect(found.coveredCount == 2 && found.coveredByTwentyCount == 1)
    #expect(found.highQuality.count == 23 && found.highQuality.total == 25)
    let shares = [3.0 / 23, 20.0 / 23]
    let expected = shares.reduce(0) { $0 + $1 * log($1 * 8) }
    #expect(abs((found.reverseKLToUniform.value ?? 0) - expected) < 1e-12)
  }

  @Test(arguments: [(ToyWorld.ring8, 2), (.grid25, 2), (.gaussian, 1)])
  func realSamplesAreTheCeiling(world: ToyWorld, dimension: Int) throws {
    let mixture = world.mixture
    let counter = try ModeCounter(of: mixture, seed: 3)
    let samples = mixture.samples(
      count: 2_500, from: RandomStream(seed: 3, purpose: .evaluationWorld, step: 1))
    let found = try counter.statistics(of: samples)
    #expect(found.sampleCount == 2_500)
    #expect(found.coveredCount == found.modeCount && found.coveredByTwentyCount == found.modeCount)
    let within = dimension == 2 ? 1 - exp(-4.5) : erf(3 / 2.0.squareRoot())
    // Five standard deviations of a share of 2,500.
    let bound = 5 * (within * (1 - within) / 2_500).squareRoot()
    #expect(abs((found.highQuality.share ?? 0) - within) < bound)
    let floor = found.reverseKLToUniform.noiseFloor
    let value = try #require(found.reverseKLToUniform.value)
    // chi^2 / (2 n), as skewed as it is for few modes.
    #expect(value <= (floor.mean ?? 0) + 6 * (floor.deviation ?? 0))
    #expect(floor.draws == 20)
  }

  @Test func weightsAreTheOtherTarget() throws {
    let unequal = try Mixture(
      name: "unequal", dimension: 1,
      components: [(0.7, -3.0), (0.2, 0), (0.07, 3), (0.03, 6)].map {
        .gaussian(weight: $0.0, mean: SIMD2($0.1, 0), deviations: SIMD2(0.1, 1))
      })
    let counter = try ModeCounter(of: unequal, sampleCount: 1_000, unit: .bits, seed: 0)
    let exact = [(700, Float(-3)), (200, 0), (70, 3), (30, 6)].flatMap { count, place in
      [Float](repeating: place, count: count)
    }
    let found = try counter.statistics(of: exact)
    #expect(abs(found.reverseKLToWeights.value ?? 1) < 1e-12)
    // log2 4 minus the entropy of the weights.
    let entropy = try DiscreteDistribution(probabilities: [0.7, 0.2, 0.07, 0.03])
      .entropy(in: .bits)
    #expect(abs((found.reverseKLToUniform.value ?? 0) - (2 - entropy)) < 1e-12)
    #expect(found.modes.map { $0.share ?? 0 } == [0.7, 0.2, 0.07, 0.03])
  }

  @Test func withoutHighQualityThereAreNoSharesAndJSONSaysNull() throws {
    let counter = try ModeCounter(of: Mixture.gaussian(), sampleCount: 2, seed: 0)
    let found = try counter.statistics(of: [50, -50])
    #expect(found.coveredCount == 0 && found.highQuality.share == 0)
    #expect(found.reverseKLToUniform.value == nil && found.modes[0].share == nil)
    let text = String(decoding: try JSONEncoder().encode(found), as: UTF8.self)
    #expect(text.contains(#""value":null"#) && text.contains(#""share":null"#))
  }

  @Test func curvesHaveNoModes() {
    for world in [ToyWorld.spirals, .moons, .checkerboard] {
      #expect(throws: EvaluationError.noModes) { try ModeCounter(of: world.mixture, seed: 0) }
    }
  }

  /// Wilson's interval is of those p for which the share is within z standard errors of p.
  @Test(arguments: [(0, 10), (1, 10), (5, 10), (10, 10), (70, 100), (3, 2_500), (2_472, 2_500)])
  func intervalsEndWhereTheShareIsJustSurprising(count: Int, total: Int) throws {
    let proportion = Proportion(count: count, total: total)
    let share = try #require(proportion.share)
    #expect(share == Double(count) / Double(total))
    #expect(proportion.lower <= share && share <= proportion.upper)
    for end in [proportion.lower, proportion.upper] where end > 1e-12 && end < 1 - 1e-12 {
      let errors = abs(share - end) / (end * (1 - end) / Double(total)).squareRoot()
      #expect(abs(errors - 1.959963984540054) < 1e-6)
    }
    #expect(count > 0 || proportion.lower < 1e-12)
    #expect(count < total || proportion.upper > 1 - 1e-12)
  }

  @Test func intervalsHoldTheTruthNineteenTimesInTwenty() {
    let stream = RandomStream(seed: 6, purpose: .syntheticImages, step: 0)
    let trials = 1_000
    let hits = (0..<trials).count { trial in
      let count = (0..<50).count { stream.uniform(at: 50 * trial + $0) < 0.3 }
      let interval = Proportion(count: count, total: 50)
      return (interval.lower...interval.upper).contains(0.3)
    }
    // Wilson's interval covers 0.3 of 50 with probability 0.957; five standard deviations.
    #expect(abs(hits - 957) < 33)
  }
}
