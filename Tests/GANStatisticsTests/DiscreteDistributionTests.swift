import Foundation
import GANStatistics
import GANTestSupport
import Testing

@Suite("Divergences of discrete distributions keep their laws")
struct DiscreteDistributionTests {
  /// Sums of up to 40 terms, each a few roundings off, none above 40.
  static let rounding = 1e-12

  /// Two distributions over the same outcomes; sometimes with outcomes that never happen.
  static func pair(
    _ random: inout SplitMix
  ) throws -> (p: DiscreteDistribution, q: DiscreteDistribution) {
    let count = Int.random(in: 1...40, using: &random)
    let hasGaps = random.oneIn(3)
    func distribution() throws -> DiscreteDistribution {
      var weights = random.reals(count, in: 0.001...1).map { pow($0, 3) }
      if hasGaps { weights = weights.map { random.oneIn(4) ? 0 : $0 } }
      if weights.allSatisfy({ $0 == 0 }) { weights[0] = 1 }
      let sum = weights.reduce(0, +)
      return try DiscreteDistribution(probabilities: weights.map { $0 / sum })
    }
    return (try distribution(), try distribution())
  }

  @Test func everyLawHoldsForThousandsOfDistributions() throws {
    var asymmetricCount = 0
    for seed in 0..<4_000 as Range<UInt64> {
      var random = SplitMix(seed: seed)
      let (p, q) = try Self.pair(&random)
      let kl = try p.klDivergence(from: q)
      let reverse = try q.klDivergence(from: p)
      let cross = try p.crossEntropy(with: q)
      let jsd = try p.jensenShannonDivergence(from: q)
      // KL = H(P, Q) - H(P), both infinite exactly where Q misses P's support.
      let missesSupport = zip(p.probabilities, q.probabilities).contains { $0 > 0 && $1 == 0 }
      #expect((kl == .infinity) == missesSupport && (cross == .infinity) == missesSupport)
      if !missesSupport {
        #expect(abs(kl - (cross - p.entropy())) < Self.rounding, "seed \(seed)")
      }
      #expect(kl > -Self.rounding, "seed \(seed)")
      if abs(kl - reverse) > 1e-3 { asymmetricCount += 1 }
      // JSD is symmetric, within its bounds, and what the mixture says.
      #expect(abs(jsd - (try q.jensenShannonDivergence(from: p))) < Self.rounding, "seed \(seed)")
      #expect(jsd > -Self.rounding && jsd < log(2) + Self.rounding, "seed \(seed)")
      let middle = try DiscreteDistribution(
        probabilities: zip(p.probabilities, q.probabilities).map { ($0 + $1) / 2 })
      let halves = try (p.klDivergence(from: middle) + q.klDivergence(from: middle)) / 2
      #expect(abs(jsd - halves) < Self.rounding, "seed \(seed)")
      let entropies = middle.entropy() - (p.entropy() + q.entropy()) / 2
      #expect(abs(jsd - entropies) < Self.rounding, "seed \(seed)")
      #expect(
        p.entropy() > -Self.rounding
          && p.entropy() < log(Double(p.probabilities.count)) + Self.rounding, "seed \(seed)")
    }
    // KL is not symmetric: not for one pair, for most.
    #expect(asymmetricCount > 2_000)
  }

  @Test func bothEndsOfTheJensenShannonDivergenceAreReached() throws {
    for seed in 0..<1_000 as Range<UInt64> {
      var random = SplitMix(seed: seed)
      let (p, q) = try Self.pair(&random)
      #expect(try p.jensenShannonDivergence(from: p) == 0)
      #expect(try p.klDivergence(from: p) == 0)
      let gap = [Double](repeating: 0, count: p.probabilities.count)
      let first = try DiscreteDistribution(probabilities: p.probabilities + gap)
      let second = try DiscreteDistribution(probabilities: gap + q.probabilities)
      let apart = try first.jensenShannonDivergence(from: second)
      #expect(abs(apart - log(2)) < Self.rounding, "seed \(seed)")
      #expect(try first.klDivergence(from: second) == .infinity)
    }
  }

  @Test func theUniformHasTheLargestEntropyAndACertainOutcomeNone() throws {
    for count in 1...64 {
      let uniform = try DiscreteDistribution.uniform(count: count)
      #expect(abs(uniform.entropy(in: .bits) - log2(Double(count))) < Self.rounding)
      let certain = try DiscreteDistribution(counts: (0..<count).map { $0 == 0 ? 9 : 0 })
      #expect(certain.entropy() == 0)
    }
  }

  @Test func bitsAreNatsOverLogTwo() throws {
    var random = SplitMix(seed: 1)
    let (p, q) = try Self.pair(&random)
    for (nats, bits) in [
      (p.entropy(), p.entropy(in: .bits)),
      try (p.jensenShannonDivergence(from: q), p.jensenShannonDivergence(from: q, in: .bits)),
      try (p.crossEntropy(with: p), p.crossEntropy(with: p, in: .bits)),
    ] {
      #expect(abs(nats / log(2) - bits) < Self.rounding)
    }
    // The ends say which is which: half a mass each apart is one bit.
    let (one, other) = try (
      DiscreteDistribution(counts: [1, 0]), DiscreteDistribution(counts: [0, 1])
    )
    #expect(try one.jensenShannonDivergence(from: other, in: .bits) == 1)
  }

  @Test func termsAreThoseOfTheSums() throws {
    let p = try DiscreteDistribution(probabilities: [0.5, 0.5, 0])
    let q = try DiscreteDistribution(probabilities: [0.25, 0.5, 0.25])
    #expect(try p.klTerms(from: q, in: .bits) == [0.5, 0, 0])
    #expect(try q.klTerms(from: p, in: .bits) == [-0.25, 0, .infinity])
    let terms = try p.jensenShannonTerms(from: q)
    #expect(terms[1] == 0 && abs(terms[2] - 0.125 * log(2)) < Self.rounding)
    #expect(terms.reduce(0, +) == (try p.jensenShannonDivergence(from: q)))
  }

  @Test(arguments: [
    (Double.leastNonzeroMagnitude, 1_000), (1e-300, 1e300), (0, 0), (0, 1e300),
    (.leastNonzeroMagnitude, .leastNonzeroMagnitude),
  ])
  func termsOfDensitiesFarApartAreWhatTheirLogarithmsSay(small: Double, large: Double) {
    func expected(_ p: Double, _ q: Double) -> Double {
      p > 0 ? p * (log(p) - log(q)) : 0
    }
    for (p, q) in [(small, large), (large, small)] {
      let term = expected(p, q)
      #expect(
        term.isFinite ? abs(klTerm(p, q) - term) <= 1e-14 * abs(term) : klTerm(p, q) == term,
        "\(p) \(q)")
      // Of two so different, all is the larger's but rounding; of two that are alike, nothing.
      let jsd = p == q ? 0 : large * log(2) / 2
      #expect(abs(jensenShannonTerm(p, q) - jsd) <= 1e-14 * jsd, "\(p) \(q)")
    }
  }

  @Test func sciPyAgrees() throws {
    let expected = try Fixture.read().discrete
    let p = try DiscreteDistribution(probabilities: [0.1, 0.2, 0.3, 0.4])
    let uniform = try DiscreteDistribution.uniform(count: 4)
    let jsd = try p.jensenShannonDivergence(from: uniform, in: .bits)
    let kl = try p.klDivergence(from: uniform, in: .bits)
    #expect(abs(jsd - expected.jensenShannonBits) < Self.rounding)
    #expect(abs(kl - expected.klBits) < Self.rounding)
  }

  @Test(
    arguments: [
      ([], .noOutcomes, "a distribution needs at least one outcome"),
      (
        [0.5, -0.5, 1], .negative(outcome: 1, value: -0.5),
        "probabilities must not be negative, got -0.5 for outcome 1"
      ),
      ([0.5, 0.25], .unnormalised(sum: 0.75), "probabilities must sum to 1, got 0.75"),
      ([0, 0], .unnormalised(sum: 0), "probabilities must sum to 1, got 0.0"),
      (
        [0, .infinity], .notFinite(outcome: 1, value: .infinity),
        "probabilities must be finite, got inf for outcome 1"
      ),
    ] as [([Double], EvaluationError, String)])
  func whatIsNoDistributionIsRefused(
    probabilities: [Double], error: EvaluationError, message: String
  ) {
    #expect(throws: error) { try DiscreteDistribution(probabilities: probabilities) }
    #expect(error.description == message)
  }

  @Test func notANumberIsRefused() {
    let error = #expect(throws: EvaluationError.self) {
      try DiscreteDistribution(probabilities: [.nan, 1])
    }
    #expect(error?.description == "probabilities must be finite, got nan for outcome 0")
  }

  @Test func roundedProbabilitiesAreTakenAndTallies() throws {
    let rounded = try DiscreteDistribution(probabilities: [0.3333333, 0.3333333, 0.3333333])
    #expect(rounded.probabilities.allSatisfy { abs($0 - 1 / 3) < Self.rounding })
    #expect(throws: EvaluationError.unnormalised(sum: 0)) {
      try DiscreteDistribution(counts: [0, 0])
    }
    #expect(throws: EvaluationError.negative(outcome: 0, value: -1)) {
      try DiscreteDistribution(counts: [-1, 2])
    }
  }

  @Test func differentOutcomesDoNotCompare() throws {
    let (two, three) = try (
      DiscreteDistribution.uniform(count: 2), DiscreteDistribution.uniform(count: 3)
    )
    let error = EvaluationError.outcomeCounts(2, 3)
    #expect(throws: error) { try two.klDivergence(from: three) }
    #expect(throws: error) { try two.crossEntropy(with: three) }
    #expect(throws: error) { try two.jensenShannonDivergence(from: three) }
    #expect(
      error.description == "distributions must be over the same outcomes, got 2 and 3")
  }
}
