import GANGraph
import GANTestSupport
import Testing

@Suite("The CPU backend agrees with the reference backend")
struct CPUExecutableTests {
  /// Rounding of a dozen operations and of sums of a few dozen terms.
  private static let bound = 2e-5

  @Test("On random graphs, over two runs", arguments: 0..<8 as Range<UInt64>, [1, 2])
  func agrees(block: UInt64, threadCount: Int) async throws {
    for seed in block * 24..<(block + 1) * 24 {
      // Sizes 1, primes, and beside the vector width of 8 or 16.
      let random = try RandomGraph(
        seed: seed, operationCount: 14,
        extents: seed.isMultiple(of: 4) ? [1, 7, 16, 17, 33] : [1, 2, 3, 5, 8],
        differentiates: seed.isMultiple(of: 2))
      for optimizing in [false, true] {
        let errors = try await CPUEngine.shared.errors(
          of: random.graph, inputs: random.inputs, state: random.state, optimizing: optimizing,
          threadCount: threadCount)
        let wrong = errors.filter { $0.value > Self.bound }
        #expect(wrong == [:], "seed \(seed), optimised \(optimizing), threads \(threadCount)")
      }
    }
  }

  static let functions: [UnaryFunction] = [
    .negate, .exp, .expm1, .log, .sqrt, .tanh, .sigmoid, .softplus, .leakyReLU(slope: 0),
    .leakyReLU(slope: 0.2),
  ]

  @Test("Functions agree where they saturate, break, begin or are no number", arguments: functions)
  func specialValues(function: UnaryFunction) async throws {
    let x: [Float] = [
      0, -0.0, 1e-30, -1e-30, 1e-6, -1e-6, 0.5, -0.5, 1, -1, 9, -9, 20, -20, 86, -86, 100, -100,
      800, -800, 1e30, -1e30, .infinity, -.infinity, .nan,
    ]
    let (got, expected) = try await CPUEngine.shared.values(of: function, at: x)
    for (position, point) in x.enumerated() {
      let (got, expected) = (got[position], expected[position])
      let isAlike =
        got == expected || (got.isNaN && expected.isNaN)
        || abs(got - expected) <= 1e-5 * abs(expected) + 1e-37
      #expect(isAlike, "\(function.name) at \(point): got \(got), expected \(expected)")
    }
  }
}
