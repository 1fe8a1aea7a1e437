import Foundation
import GANData
import GANStatistics
import GANTensor
import GANTestSupport
import Testing

@Suite("Divergences of densities are exact")
struct DensityTests {
  /// What a value by quadrature may be off by, in nats: the accuracy the documentation states.
  static let accuracy = 1e-6

  static func normals(_ components: (weight: Double, mean: Double, deviation: Double)...) throws
    -> Mixture
  {
    try Mixture(
      name: "normals", dimension: 1,
      components: components.map {
        .gaussian(
          weight: $0.weight, mean: SIMD2($0.mean, 0), deviations: SIMD2($0.deviation, 1))
      })
  }

  static func broad(deviation: Double = 2) throws -> Mixture {
    try Mixture(
      name: "broad", dimension: 2,
      components: [.gaussian(mean: .zero, deviations: SIMD2(repeating: deviation))])
  }

  static func pair(_ name: String) throws -> (p: Mixture, q: Mixture) {
    switch name {
    case "normal, shifted": (.gaussian(), .gaussian(mean: 1))
    case "two, one": try (normals((0.5, -2, 0.5), (0.5, 2, 0.5)), normals((1, 0, 1.5)))
    case "ring 0.3, broad": (.ring(radius: 2, deviation: 0.3), try broad())
    default: (.ring(radius: 2, deviation: 0.02), try broad())
    }
  }

  static let pairs = ["normal, shifted", "two, one", "ring 0.3, broad", "ring 0.02, broad"]

  @Test(arguments: pairs)
  func jensenShannonAndTheOptimalValueAreThoseOfTwoOtherQuadratures(name: String) throws {
    let expected = try #require(try Fixture.read().densities[name]).jensenShannon
    let (p, q) = try Self.pair(name)
    let comparison = try DensityComparison(of: p, and: q)
    #expect(abs(comparison.jensenShannon.value - expected) < Self.accuracy)
    #expect(comparison.jensenShannon.error < Self.accuracy)
    #expect(abs(comparison.optimalValue - (2 * expected - log(4))) < 2 * Self.accuracy)
  }

  @Test(arguments: pairs.dropLast())
  func kullbackLeiblerIsThatOfTwoOtherQuadratures(name: String) throws {
    let expected = try #require(try Fixture.read().densities[name])
    let (p, q) = try Self.pair(name)
    #expect(abs(try klDivergence(of: p, from: q).value - expected.klOfPFromQ) < Self.accuracy)
    #expect(abs(try klDivergence(of: q, from: p).value - expected.klOfQFromP) < Self.accuracy)
  }

  @Test func kullbackLeiblerFromANarrowRingIsExactToSixDigits() throws {
    let expected = try #require(try Fixture.read().densities["ring 0.02, broad"])
    let (p, q) = try Self.pair("ring 0.02, broad")
    #expect(abs(try klDivergence(of: p, from: q).value - expected.klOfPFromQ) < Self.accuracy)
    // The logarithm has creases half-way between modes, and the value is in the thousands.
    let found = try klDivergence(of: q, from: p, tolerance: 1e-5).value
    #expect(abs(found / expected.klOfQFromP - 1) < Self.accuracy)
  }

  @Test func gaussiansHaveTheirClosedForm() throws {
    for seed in 0..<40 as Range<UInt64> {
      var random = SplitMix(seed: seed)
      let dimension = random.oneIn(2) ? 2 : 1
      let means = (random.reals(dimension, in: -2...2), random.reals(dimension, in: -2...2))
      let deviations = (random.reals(dimension, in: 0.3...2), random.reals(dimension, in: 0.3...2))
      func gaussian(_ mean: [Double], _ deviation: [Double]) throws -> Mixture {
        try Mixture(
          name: "gaussian", dimension: dimension,
          components: [
            .gaussian(
              mean: SIMD2(mean[0], mean.last ?? 0),
              deviations: SIMD2(deviation[0], deviation.last ?? 1))
          ])
      }
      let found = try klDivergence(
        of: gaussian(means.0, deviations.0), from: gaussian(means.1, deviations.1))
      let closed = gaussianKLDivergence(means: means, deviations: deviations)
      #expect(abs(found.value - closed) < Self.accuracy * max(1, closed), "seed \(seed)")
    }
  }

  /// The closed form is itself held by its limits and by the law of scales.
  @Test func theClosedFormIsKnownAtPoints() {
    #expect(gaussianKLDivergence(means: ([1], [1]), deviations: ([2], [2])) == 0)
    let shifted = gaussianKLDivergence(means: ([0], [3]), deviations: ([1], [1]))
    #expect(abs(shifted - 4.5) < 1e-15)
    let wider = gaussianKLDivergence(means: ([0, 5], [0, 5]), deviations: ([1, 1], [2, 1]))
    #expect(abs(wider - (log(2) + 0.125 - 0.5)) < 1e-15)
  }

  @Test func everyWorldAgainstItselfAndFarAwayReachesTheEnds() throws {
    for world in [Mixture.gaussian(), .ring(radius: 1, deviation: 0.2), .checkerboard()] {
      let same = try DensityComparison(of: world, and: world)
      #expect(abs(same.jensenShannon.value) < 1e-12)
      #expect(abs(same.optimalValue + log(4)) < Self.accuracy)
      let far = try Mixture(
        name: "far", dimension: world.dimension,
        components: [.uniform(from: SIMD2(99, 99), to: SIMD2(100, 100))])
      let apart = try DensityComparison(of: world, and: far)
      #expect(abs(apart.jensenShannon.value - log(2)) < Self.accuracy, "\(world.name)")
      #expect(abs(apart.optimalValue) < Self.accuracy, "\(world.name)")
    }
  }

  @Test func boxesHaveTheirDivergencesInClosedForm() throws {
    let one = try Mixture(
      name: "one", dimension: 1, components: [.uniform(from: SIMD2(0, 0), to: SIMD2(1, 1))])
    let two = try Mixture(
      name: "two", dimension: 1, components: [.uniform(from: SIMD2(0, 0), to: SIMD2(2, 1))])
    #expect(abs(try klDivergence(of: one, from: two).value - log(2)) < Self.accuracy)
    #expect(try klDivergence(of: two, from: one).value == .infinity)
    // p = 1, q = 1/2 on half of q's mass; the rest of q is alone.
    let expected = (log(4.0 / 3) + 0.5 * log(2.0 / 3) + 0.5 * log(2)) / 2
    let found = try DensityComparison(of: one, and: two).jensenShannon.value
    #expect(abs(found - expected) < Self.accuracy)
  }

  @Test func noDiscriminatorExceedsTheOptimalOne() throws {
    let (p, q) = try Self.pair("two, one")
    let comparison = try DensityComparison(of: p, and: q)
    for seed in 0..<50 as Range<UInt64> {
      var random = SplitMix(seed: seed)
      let (slope, scale) = (
        Double.random(in: -1...1, using: &random), Double.random(in: 0.2...2, using: &random)
      )
      let logits = zip(comparison.points, comparison.optimalLogits).map { point, optimal in
        scale * optimal + slope * point.x
      }
      #expect(comparison.value(ofLogits: logits) < comparison.optimalValue, "seed \(seed)")
    }
    // A coin has the value -log 4 whatever the densities are.
    let coin = comparison.points.map { _ in 0.0 }
    #expect(abs(comparison.value(ofLogits: coin) + log(4)) < Self.accuracy)
  }

  @Test func valuesAgreeWithMeansOverSamples() throws {
    let (p, q) = try Self.pair("two, one")
    let comparison = try DensityComparison(of: p, and: q)
    let logits = comparison.points.map { 1 - $0.x * $0.x }
    let count = 50_000
    func mean(_ mixture: Mixture, _ purpose: RandomPurpose, sign: Double) -> Double {
      let stream = RandomStream(seed: 2, purpose: purpose, step: 0)
      let losses = mixture.samples(count: count, from: stream).map { sample in
        -log1p(exp(-sign * (1 - Double(sample) * Double(sample))))
      }
      return losses.reduce(0, +) / Double(count)
    }
    let sampled =
      mean(p, .evaluationWorld, sign: 1) + mean(q, .evaluationStandIn, sign: -1)
    // Five standard errors: the losses' deviations are below 5.
    let bound = 5 * 5 / Double(count).squareRoot()
    #expect(abs(comparison.value(ofLogits: logits) - sampled) < bound)
  }

  @Test func theOptimalDiscriminatorIsTheShareOfP() throws {
    let (p, q) = try Self.pair("normal, shifted")
    for x in stride(from: -40.0, through: 40, by: 0.25) {
      let point = SIMD2(x, 0)
      let found = optimalDiscriminator(of: p, against: q, at: point)
      // log N(x; 0, 1) - log N(x; 1, 1) = 1/2 - x.
      #expect(abs(found - 1 / (1 + exp(x - 0.5))) < 1e-13, "\(x)")
      let swapped = optimalDiscriminator(of: q, against: p, at: point)
      #expect(abs(found + swapped - 1) < 1e-13, "\(x)")
    }
    let board = Mixture.checkerboard()
    let nowhere = SIMD2(50.0, 50)
    #expect(optimalDiscriminator(of: board, against: board, at: nowhere) == 0.5)
    #expect(optimalDiscriminator(of: board, against: try Self.broad(), at: nowhere) == 0)
  }

  @Test func errorsOfADiscriminatorAreQuantilesOfMass() throws {
    let (p, q) = try Self.pair("normal, shifted")
    let comparison = try DensityComparison(of: p, and: q)
    #expect(comparison.discriminatorError(ofLogits: comparison.optimalLogits, share: 1) == 0)
    // Wrong by a known amount beyond 0.5 alone, where half of the mass is.
    let logits = zip(comparison.points, comparison.optimalLogits).map { point, logit in
      point.x > 0.5 ? -100.0 : logit
    }
    #expect(comparison.discriminatorError(ofLogits: logits, share: 0.49) == 0)
    // There the error is D* itself, which falls: beyond 2 it is at most sigmoid(1/2 - 2).
    let infinity = SIMD2(repeating: Double.infinity)
    let beyond = [p, q].map { $0.probability(from: SIMD2(2, 0), to: infinity) }.reduce(0, +) / 2
    let error = comparison.discriminatorError(ofLogits: logits, share: 0.5 + beyond)
    // As exact as the points are dense: a few hundred from -9 to 10.
    #expect(abs(error - 1 / (1 + exp(1.5))) < 0.03)
    #expect(abs(comparison.discriminatorError(ofLogits: logits, share: 1) - 0.5) < 0.03)
  }

  @Test func densitiesOfDifferentDimensionDoNotCompare() throws {
    let error = EvaluationError.dimensions(1, 2)
    let (line, plane) = (Mixture.gaussian(), try Self.broad())
    #expect(throws: error) { try klDivergence(of: line, from: plane) }
    #expect(throws: error) { try DensityComparison(of: line, and: plane) }
  }
}
