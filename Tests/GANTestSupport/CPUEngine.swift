package import GANGraph
package import GANRuntime
import GANTensor

/// The thread that tests of the CPU backend compute on.
package actor CPUEngine {
  package static let shared: CPUEngine = {
    do {
      return CPUEngine(try EngineThread(name: "tests"))
    } catch {
      preconditionFailure("\(error)")
    }
  }()

  private let thread: EngineThread

  private init(_ thread: EngineThread) { self.thread = thread }

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    thread.asUnownedSerialExecutor()
  }

  /// The outputs of a graph that reads no data, optimised, after one run.
  package func outputs(
    of built: Graph, inputs: [String: ReferenceTensor], state: [String: ReferenceTensor] = [:],
    threadCount: Int, precision: Precision = .float32
  ) throws -> [String: ReferenceTensor] {
    let graph = try built.optimized()
    let device = try CPUDevice(threadCount: threadCount, precision: precision)
    let executable = try device.prepare(
      graph, state: try store(of: graph, holding: state))
    try executable.write(inputs, of: graph)
    executable.run()
    var outputs: [String: ReferenceTensor] = [:]
    for name in built.outputs.map(\.name) {
      outputs[name] = ReferenceTensor(try executable.tensor(name))
    }
    return outputs
  }

  /// What a device says of the kernels that serve a graph, optimised.
  package func explanation(of built: Graph) throws -> String {
    let device = try CPUDevice(threadCount: 2)
    let graph = try built.optimized()
    var explanation = ""
    _ = try device.prepare(
      graph, state: try store(of: graph, holding: [:]), data: [:], inMemoryOf: nil
    ) { explanation += $0 }
    return explanation
  }

  /// The largest relative error of each output and state after two runs, by name.
  package func errors(
    of built: Graph, inputs: [String: ReferenceTensor], state: [String: ReferenceTensor] = [:],
    optimizing: Bool, threadCount: Int, precision: Precision = .float32
  ) throws -> [String: Double] {
    let graph = optimizing ? try built.optimized() : built
    let store = try store(of: graph, holding: state)
    var data: [String: UnsafeRawBufferPointer] = [:]
    defer { for (_, bytes) in data { bytes.deallocate() } }
    for case .data(let name, let type) in graph.nodes.map(\.op) where data[name] == nil {
      let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: type.byteCount, alignment: 64)
      bytes.copyBytes(from: inputs[name]?.hostTensor.bytes ?? [])
      data[name] = UnsafeRawBufferPointer(bytes)
    }
    let device = try CPUDevice(threadCount: threadCount, precision: precision)
    let executable = try device.prepare(
      graph, state: store, data: data, inMemoryOf: nil
    ) { _ in }
    var state = state
    var outputs: [String: ReferenceTensor] = [:]
    for _ in 0..<2 {
      try executable.write(inputs, of: graph)
      executable.run()
      (outputs, state) = try ReferenceBackend().run(
        built, inputs: inputs, state: state)
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

  /// The outputs of one run, by name.
  package func outputs(
    of graph: Graph, inputs: [String: ReferenceTensor], threadCount: Int
  ) throws -> [String: [Float]] {
    let executable = try CPUDevice(threadCount: threadCount).prepare(graph, state: HostState([]))
    for (name, values) in inputs { try executable.write(values.hostTensor, to: name) }
    executable.run()
    var outputs: [String: [Float]] = [:]
    for output in graph.outputs { outputs[output.name] = try executable.tensor(output.name).floats }
    return outputs
  }

  /// A function of some values, by the processor and by the reference.
  package func values(
    of function: UnaryFunction, at x: [Float]
  ) throws -> (got: [Double], expected: [Double]) {
    let builder = GraphBuilder()
    let type = TensorType([x.count], .float32)
    builder.output(builder.input("x", type.shape).mapped(by: function), as: "y")
    let graph = try builder.finish()
    let host = HostTensor(shape: type.shape, x)
    let executable = try CPUDevice(threadCount: 1).prepare(graph, state: HostState([]))
    try executable.write(host, to: "x")
    executable.run()
    let expected = try ReferenceBackend().run(graph, inputs: ["x": ReferenceTensor(host)])
    guard let y = expected.outputs["y"] else { throw RuntimeError.unknown(name: "y", among: []) }
    return (
      ReferenceTensor(try executable.tensor("y")).reals, ReferenceTensor(y.hostTensor).reals
    )
  }

  private func store(
    of graph: Graph, holding state: [String: ReferenceTensor]
  ) throws -> HostState {
    let store = try HostState(graph.stateTypes)
    for (name, _) in store.types {
      if let value = state[name] { try store.write(value.hostTensor, to: name) }
    }
    return store
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

extension Executable {
  /// Writes the inputs that a graph reads.
  fileprivate func write(_ inputs: [String: ReferenceTensor], of graph: Graph) throws {
    for case .input(let name, _) in graph.nodes.map(\.op) {
      if let value = inputs[name] { try write(value.hostTensor, to: name) }
    }
  }
}
