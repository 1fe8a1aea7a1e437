import Foundation
import GANData
import GANGraph
import GANLearning
import GANRuntime
import GANStatistics
import GANTensor
import Testing

/// What `docs/theory.md` says and no other suite checks; everything is exact but for differences.
@Suite("The theory holds where both densities are known")
struct TheoryTests {
  /// Data that a generator of one Gaussian can meet only in part.
  private static let data = try? Mixture(
    name: "data", dimension: 1,
    components: [
      .gaussian(weight: 0.7, mean: SIMD2(-1, 0), deviations: SIMD2(0.8, 1)),
      .gaussian(weight: 0.3, mean: SIMD2(1.5, 0), deviations: SIMD2(0.5, 1)),
    ])

  /// A generator with two parameters.
  private static func generator(_ parameters: [Double]) -> Mixture {
    .gaussian(mean: parameters[0], deviation: parameters[1])
  }

  /// The central difference of a function along one parameter. The step balances the cut-off
  /// Taylor series, 1e-8, against the quadratures' own 1e-8 divided by it.
  private static func slope(
    along index: Int, at parameters: [Double], _ value: ([Double]) throws -> Double
  ) rethrows -> Double {
    let step = 1e-4
    var (above, below) = (parameters, parameters)
    above[index] += step
    below[index] -= step
    return (try value(above) - value(below)) / (2 * step)
  }

  /// What that leaves of a slope of order 1.
  private static let accuracy = 1e-5

  /// Mean over q of a function of the logit of a discriminator that does not move, by the
  /// trapezium rule, which is exact to rounding for smooth functions that vanish at both ends.
  private static func mean(
    over q: Mixture, of function: (Double) -> Double, logit: (SIMD2<Double>) -> Double
  ) -> Double {
    let step = 0.01
    return (-2_000...2_000).reduce(0) { sum, index in
      let point = SIMD2(Double(index) * step, 0)
      return sum + step * exp(q.logDensity(at: point)) * function(logit(point))
    }
  }

  @Test(
    "Against the best discriminator the generator's gradient of V is that of 2 JSD",
    arguments: [[0.3, 1.1], [-2, 0.6], [1, 2]])
  func gradientOfTheValue(parameters: [Double]) throws {
    let p = try #require(Self.data)
    let q = Self.generator(parameters)
    for index in parameters.indices {
      // The discriminator stays where it is best for q, while q moves under it.
      let ofValue = Self.slope(along: index, at: parameters) { moved in
        Self.mean(over: Self.generator(moved), of: { -log(1 + exp($0)) }) { point in
          p.logDensity(at: point) - q.logDensity(at: point)
        }
      }
      let ofDivergence = try Self.slope(along: index, at: parameters) { moved in
        try 2
          * DensityComparison(of: p, and: Self.generator(moved), tolerance: 1e-13)
          .jensenShannon.value
      }
      #expect(abs(ofValue - ofDivergence) < Self.accuracy, "parameter \(index) of \(parameters)")
      #expect(abs(ofValue) > 100 * Self.accuracy, "a slope of 0 would say nothing")
    }
  }

  /// - Source: Arjovsky, Bottou, "Towards Principled Methods for Training Generative Adversarial
  ///   Networks", 2017, arXiv:1701.04862, theorem 2.5.
  @Test(
    "Against the best discriminator -log D descends KL(q || p) - 2 JSD(p, q)",
    arguments: [[0.3, 1.1], [-2, 0.6], [1, 2]])
  func gradientOfTheOtherLoss(parameters: [Double]) throws {
    let p = try #require(Self.data)
    let q = Self.generator(parameters)
    for index in parameters.indices {
      let ofLoss = Self.slope(along: index, at: parameters) { moved in
        Self.mean(over: Self.generator(moved), of: { log(1 + exp(-$0)) }) { point in
          p.logDensity(at: point) - q.logDensity(at: point)
        }
      }
      let ofDivergences = try Self.slope(along: index, at: parameters) { moved in
        let q = Self.generator(moved)
        let kl = try klDivergence(of: q, from: p, tolerance: 1e-13).value
        return try kl - 2
          * DensityComparison(of: p, and: q, tolerance: 1e-13).jensenShannon.value
      }
      #expect(abs(ofLoss - ofDivergences) < Self.accuracy, "parameter \(index) of \(parameters)")
    }
  }

  @Test("p log D + q log(1 - D) is greatest at D = p / (p + q), wherever that is")
  func bestDiscriminator() throws {
    let p = try #require(Self.data)
    let q = Self.generator([0.3, 1.1])
    for place in stride(from: -4.0, through: 4, by: 0.5) {
      let point = SIMD2(place, 0)
      let (pDensity, qDensity) = (exp(p.logDensity(at: point)), exp(q.logDensity(at: point)))
      func integrand(_ d: Double) -> Double { pDensity * log(d) + qDensity * log(1 - d) }
      let best = optimalDiscriminator(of: p, against: q, at: point)
      for d in stride(from: 0.001, to: 1, by: 0.001) {
        #expect(integrand(d) <= integrand(best), "D = \(d) at \(place)")
      }
    }
  }

  /// The value of a function of logits, and its gradient, in double precision.
  private static func evaluate(
    _ logits: [Double], _ loss: (Tensor) -> Tensor
  ) throws -> (value: Double, gradient: [Double]) {
    let builder = GraphBuilder()
    let shape: Shape = [logits.count, 1]
    let input = builder.input("logits", shape)
    let value = loss(input)
    builder.output(value, as: "value")
    builder.output(value.gradients(withRespectTo: [input])[0], as: "gradient")
    let outputs = try ReferenceBackend().run(
      try builder.finish(), inputs: ["logits": ReferenceTensor(shape, logits)]
    ).outputs
    return (
      try #require(outputs["value"]).reals[0], try #require(outputs["gradient"]).reals
    )
  }

  @Test("The discriminator's loss is -V, and no logit makes it overflow")
  func lossIsMinusTheValue() throws {
    let (real, fake) = ([2.0, -0.5, 0.1], [-1.0, 0.3, 4])
    let d = { (t: Double) in 1 / (1 + exp(-t)) }
    let value =
      real.reduce(0) { $0 + log(d($1)) / 3 } + fake.reduce(0) { $0 + log(1 - d($1)) / 3 }
    func loss(_ logits: Tensor) -> Tensor {
      Objective.minimax.discriminatorLoss(
        real: Logits(logits.sliced(axis: 0, start: 0, count: 3)),
        fake: Logits(logits.sliced(axis: 0, start: 3, count: 3)))
    }
    #expect(try abs(Self.evaluate(real + fake, loss).value + value) < 1e-14)
    let extreme = try Self.evaluate([-1e4, 1e4, 0, 1e4, -1e4, 0], loss)
    #expect(abs(extreme.value - (2e4 / 3 + 2 * log(2) / 3)) < 1e-10)
    #expect(extreme.gradient.allSatisfy { $0.isFinite })
  }

  @Test("In the logit, log(1 - D) has slope -D and -log D has slope -(1 - D), also far out")
  func slopesOfBothLosses() throws {
    for logit in [-700.0, -20, -4.6, 0, 3, 20] {
      let d = 1 / (1 + exp(-logit))
      let rest = 1 / (1 + exp(logit))
      for (objective, slope) in [(Objective.minimax, -d), (.nonSaturating, -rest)] {
        let gradient = try Self.evaluate([logit]) { logits in
          objective.generatorLoss(fake: Logits(logits)) { preconditionFailure("real items") }
        }.gradient[0]
        #expect(abs(gradient - slope) <= 1e-12 * abs(slope), "\(objective) at \(logit)")
      }
    }
  }
}
