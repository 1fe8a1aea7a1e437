import GANGraph
import GANRuntime
import GANTensor
import GANTestSupport
import Testing

/// The thread that tests of the CPU backend compute on; only it enters OpenMP.
private actor Engine {
  static let shared = Engine()

  private let thread = EngineThread(name: "tests")

  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  /// The largest relative error of each output and state after two runs, by name.
  func errors(of random: RandomGraph, optimizing: Bool, threadCount: Int) throws -> [String: Double]
  {
    let graph = optimizing ? try random.graph.optimized() : random.graph
    let store = try StateStore(graph.stateTypes)
    for (name, _) in store.types {
      if let value = random.state[name] { try store.write(value.hostTensor, to: name) }
    }
    var data: [String: UnsafeRawBufferPointer] = [:]
    defer { for (_, bytes) in data { bytes.deallocate() } }
    for case .data(let name, let type) in graph.nodes.map(\.op) where data[name] == nil {
      let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: type.byteCount, alignment: 64)
      bytes.copyBytes(from: random.inputs[name]?.hostTensor.bytes ?? [])
      data[name] = UnsafeRawBufferPointer(bytes)
    }
    let executable = try CPUExecutable(
      graph, on: CPUDevice(threadCount: threadCount), state: store, data: data)
    var state = random.state
    var outputs: [String: ReferenceTensor] = [:]
    for _ in 0..<2 {
      for case .input(let name, _) in graph.nodes.map(\.op) {
        let bytes = random.inputs[name]?.hostTensor.bytes ?? []
        try executable.input(name).copyBytes(from: bytes)
      }
      executable.run()
      (outputs, state) = try ReferenceBackend().run(
        random.graph, inputs: random.inputs, state: state)
    }
    var errors: [String: Double] = [:]
    for (name, expected) in outputs {
      errors["output \(name)"] = error(ReferenceTensor(try executable.tensor(name)), expected)
    }
    for (name, _) in store.types {
      guard let expected = state[name] else { continue }
      errors["state \(name)"] = error(ReferenceTensor(try store.tensor(name)), expected)
    }
    return errors
  }

  /// A function of some values, by the processor and by the reference.
  func values(
    of function: UnaryFunction, at x: [Float]
  ) throws -> (got: [Double], expected: [Double]) {
    let builder = GraphBuilder()
    let type = TensorType([x.count])
    builder.output(builder.input("x", type.shape).mapped(by: function), as: "y")
    let graph = try builder.finish()
    let host = HostTensor(shape: type.shape, x)
    let executable = try CPUExecutable(
      graph, on: CPUDevice(threadCount: 1), state: StateStore([]))
    try executable.input("x").copyBytes(from: host.bytes)
    executable.run()
    let expected = try ReferenceBackend().run(graph, inputs: ["x": ReferenceTensor(host)])
    return (
      ReferenceTensor(try executable.tensor("y")).reals,
      ReferenceTensor(try #require(expected.outputs["y"]).hostTensor).reals
    )
  }

  private func error(_ got: ReferenceTensor, _ expected: ReferenceTensor) -> Double {
    guard got.type == expected.type else { return .infinity }
    switch expected.storage {
    case .integer: return got == expected ? 0 : .infinity
    case .real(let values):
      let size = values.map(abs).max() ?? 0
      let worst = zip(got.reals, values).map { abs($0 - $1) }
      return worst.contains { $0.isNaN } ? .infinity : (worst.max() ?? 0) / max(size, 1)
    }
  }
}

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
        let errors = try await Engine.shared.errors(
          of: random, optimizing: optimizing, threadCount: threadCount)
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
    let (got, expected) = try await Engine.shared.values(of: function, at: x)
    for (position, point) in x.enumerated() {
      let (got, expected) = (got[position], expected[position])
      let isAlike =
        got == expected || (got.isNaN && expected.isNaN)
        || abs(got - expected) <= 1e-5 * abs(expected) + 1e-37
      #expect(isAlike, "\(function.name) at \(point): got \(got), expected \(expected)")
    }
  }
}
