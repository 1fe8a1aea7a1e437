import Foundation
import GANData
import GANTensor
import Testing

@Suite("Mixtures are what they say they are")
struct MixtureTests {
  /// Unequal weights, one of them 0, unequal axes, Gaussians and a box.
  static func unequal(dimension: Int) throws -> Mixture {
    try Mixture(
      name: "unequal", dimension: dimension,
      components: [
        .gaussian(weight: 3, mean: SIMD2(0.5, -1), deviations: SIMD2(0.25, 0.5)),
        .gaussian(weight: 0, mean: SIMD2(9, 9), deviations: SIMD2(1, 1)),
        .uniform(weight: 1, from: SIMD2(1.5, 2), to: SIMD2(2.5, 4)),
        .gaussian(weight: 2, mean: SIMD2(-1, 1), deviations: SIMD2(1, 0.125)),
      ])
  }

  static func all() throws -> [Mixture] {
    try ToyWorld.allCases.map(\.mixture) + [unequal(dimension: 1), unequal(dimension: 2)]
  }

  @Test func logarithmsOfDensitiesAreThoseOfTheWeightedSum() throws {
    for dimension in [1, 2] {
      let mixture = try Self.unequal(dimension: dimension)
      for step in 0..<2_000 {
        let point = SIMD2(Double(step % 50) / 8 - 3, dimension == 1 ? 0 : Double(step / 50) / 6 - 3)
        let density = mixture.components.reduce(0.0) { sum, component in
          (0..<dimension).reduce(component.weight) { product, axis in
            let (scale, offset) = (component.extents[axis], point[axis] - component.centre[axis])
            switch component.kind {
            case .uniform: return abs(offset) <= scale ? product / (2 * scale) : 0
            case .gaussian:
              let height = exp(-offset * offset / (2 * scale * scale))
              return product * height / (scale * (2 * Double.pi).squareRoot())
            }
          } + sum
        }
        // A few roundings each; the sum itself never underflows here.
        #expect(abs(mixture.logDensity(at: point) - log(density)) < 1e-12, "\(point)")
      }
    }
  }

  @Test func farAwayTheLogarithmIsStillTheNearestGaussians() throws {
    let far = Mixture.gaussian(mean: 1, deviation: 0.01).logDensity(at: SIMD2(11, 0))
    #expect(abs(far - (-500_000 - log(0.01) - log(2 * Double.pi) / 2)) < 1e-9)
    #expect(Mixture.checkerboard().logDensity(at: SIMD2(1, -1)) == -.infinity)
  }

  @Test func samplesFillEveryBoxInProportionToItsMass() throws {
    let count = 40_000
    for mixture in try Self.all() {
      let stream = RandomStream(seed: 5, purpose: .worldData, step: 1)
      let samples = mixture.samples(count: count, from: stream)
      #expect(samples.count == count * mixture.dimension)
      let (lower, upper) = mixture.bounds(deviations: 3)
      let sides = (upper - lower) / 8
      var tallies = [Int](repeating: 0, count: 64)
      for index in 0..<count {
        let x = Int(
          ((Double(samples[index * mixture.dimension]) - lower.x) / sides.x).rounded(.down))
        let y =
          mixture.dimension == 1
          ? 0 : Int(((Double(samples[2 * index + 1]) - lower.y) / sides.y).rounded(.down))
        if (0..<8).contains(x), (0..<8).contains(y) { tallies[8 * x + y] += 1 }
      }
      for (cell, tally) in tallies.enumerated() where mixture.dimension == 2 || cell % 8 == 0 {
        let corner = lower + sides * SIMD2(Double(cell / 8), Double(cell % 8))
        let mass = mixture.probability(from: corner, to: corner + sides)
        // Five standard deviations of a binomial count, and one for masses near 0.
        let bound = 5 * (mass * (1 - mass) * Double(count)).squareRoot() + 1
        #expect(abs(Double(tally) - mass * Double(count)) < bound, "\(mixture.name), cell \(cell)")
      }
    }
  }

  @Test func massesOfBoxesAddUp() throws {
    for mixture in try Self.all() {
      let infinite = SIMD2(repeating: Double.infinity)
      #expect(abs(mixture.probability(from: -infinite, to: infinite) - 1) < 1e-14)
      let (lower, upper) = mixture.bounds(deviations: 1)
      let middle = SIMD2((lower.x + upper.x) / 2, upper.y)
      let parts = [(lower, middle), (SIMD2(middle.x, lower.y), upper)]
        .map { mixture.probability(from: $0.0, to: $0.1) }
      let whole = mixture.probability(from: lower, to: upper)
      #expect(abs(whole - parts[0] - parts[1]) < 1e-14, "\(mixture.name)")
    }
  }

  /// In a tail `Q(x) = exp(-x^2 / 2) / (x sqrt(2 pi)) (1 - 1/x^2 + 3/x^4 - ...)`, whose first
  /// omitted term at 20 is below 1e-4 of it.
  @Test func massesOfTailsKeepTheirDigits() {
    let expected = exp(-200.0) / (20 * (2 * Double.pi).squareRoot()) * (1 - 1 / 400.0)
    for (from, to) in [(20, Double.infinity), (-Double.infinity, -20)] {
      let mass = Mixture.gaussian().probability(from: SIMD2(from, 0), to: SIMD2(to, 0))
      #expect(abs(mass / expected - 1) < 1e-4)
    }
  }

  @Test func aSampleIsTheSameInEveryBatch() throws {
    let stream = RandomStream(seed: 8, purpose: .worldBatch, step: 2)
    for mixture in try Self.all() {
      let all = mixture.samples(count: 30, from: stream)
      let later = mixture.samples(count: 20, startingAt: 10, from: stream)
      #expect(all.suffix(later.count) == later[...], "\(mixture.name)")
      let other = RandomStream(seed: 8, purpose: .worldBatch, step: 3)
      #expect(mixture.samples(count: 30, from: other) != all)
    }
  }

  @Test func componentsOfWeightZeroPlayNoPart() throws {
    let mixture = try Self.unequal(dimension: 2)
    // 3, 0, 1 and 2 of 6.
    let weights: [Double] = [0.5, 0, 1 / 6, 1 / 3]
    #expect(mixture.components.map(\.weight) == weights)
    #expect(mixture.modes.map(\.weight) == [weights[0], weights[3]])
    #expect(mixture.bounds(deviations: 0).upper == SIMD2(2.5, 4))
    #expect(mixture.cuts[0].contains(1.5) && mixture.cuts[0].contains(2.5))
  }

  @Test(
    arguments: [
      ([], "m: a mixture needs at least one component"),
      (
        [.gaussian(weight: -1, mean: .zero, deviations: .one)],
        "m: components[0].weight must not be negative, got -1.0"
      ),
      (
        [.gaussian(weight: 0, mean: .zero, deviations: .one)],
        "m: weights must sum to a positive number, got 0.0"
      ),
      (
        [
          .gaussian(mean: .zero, deviations: .one), .gaussian(mean: .zero, deviations: SIMD2(1, 0)),
        ],
        "m: components[1]: deviations and sides must be from 1e-9 to 1e9, and no centre further "
          + "from 0 than 1e9 of them"
      ),
      (
        [.gaussian(mean: SIMD2(.nan, 0), deviations: .one)],
        "m: components[0]: every number must be finite"
      ),
      (
        [
          .gaussian(weight: 1e308, mean: .zero, deviations: .one),
          .gaussian(weight: 1e308, mean: .zero, deviations: .one),
        ], "m: weights must sum to a positive number, got inf"
      ),
    ] as [([Mixture.Component], String)])
  func whatIsNoMixtureIsRefused(components: [Mixture.Component], message: String) {
    let error = #expect(throws: MixtureError.self) {
      try Mixture(name: "m", dimension: 2, components: components)
    }
    #expect(error?.description == message)
  }
}
