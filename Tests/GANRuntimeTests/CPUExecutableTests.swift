import GANGraph
import GANRuntime
import GANTensor
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

  @Test("What is no number stays none through a product and its activation", arguments: functions)
  func divergence(function: UnaryFunction) async throws {
    let builder = GraphBuilder()
    let bias = builder.input("bias", [16])
    let image = builder.input("image", [1, 8, 4, 4])
    let filters = builder.input("filters", [16, 8, 3, 3])
    let rows = builder.input("rows", [5, 8])
    let columns = builder.input("columns", [8, 16])
    for (name, product, axis) in [
      ("convolution", image.convolved(with: filters, padding: 1), 1),
      ("matmul", rows.matmul(columns), 1),
    ] {
      let sum = product + bias.broadcast(to: product.shape, axes: [axis])
      builder.output(sum.mapped(by: function), as: name)
    }
    let graph = try builder.finish()
    var inputs: [String: ReferenceTensor] = [:]
    for case .input(let name, let type) in graph.nodes.map(\.op) {
      let value = name == "bias" || name == "filters" || name == "columns" ? 0.5 : Double.nan
      inputs[name] = ReferenceTensor(
        type.shape, [Double](repeating: value, count: type.shape.elementCount))
    }
    let outputs: [String: [Float]] = try await CPUEngine.shared.outputs(
      of: graph, inputs: inputs, threadCount: 1)
    for (name, output) in outputs { #expect(output.allSatisfy { $0.isNaN }, "\(name)") }
  }
}
