package import GANGraph
package import GANTensor

/// A program prepared for the processor: a flat list of kernels over fixed memory.
///
/// Its identity is that memory. It belongs to the thread of its device.
package final class CPUExecutable {
  /// Bytes of working memory of its own, apart from the state; none where it is another's.
  package let arenaBytes: Int
  private let schedule: Schedule
  private let kernels: [any CPUKernel]
  private let arena: AlignedMemory
  private let copies: [Copy]
  private let inputs: [String: (pointer: UnsafeMutableRawPointer, type: TensorType)]
  private let outputs: [String: (pointer: UnsafeMutableRawPointer, type: TensorType)]
  /// Kernels hold addresses in it.
  private let state: StateStore
  /// The least time each kernel took, while a profile is taken.
  private var fastest: [Duration] = []

  private struct Copy {
    let destination: UnsafeMutableRawPointer
    let source: UnsafeRawPointer
    let byteCount: Int
  }

  /// Prepares a graph.
  ///
  /// - Parameters:
  ///   - graph: What to run, as the passes left it.
  ///   - device: Where.
  ///   - state: The memory of its state tensors; must have them all.
  ///   - data: The resident arrays it reads, by name, which must stay where they are as long as the
  ///     executable lives.
  ///   - other: Lends its working memory where that suffices: each run of either makes the inputs
  ///     and outputs of both anything at all.
  ///   - explain: Receives which kernel serves which nodes and why, as text.
  /// - Throws: `RuntimeError` where state or data is missing or has another type, or the memory
  ///   does not suffice.
  package init(
    _ graph: Graph, on device: CPUDevice, state: StateStore,
    data: [String: UnsafeRawBufferPointer] = [:], inMemoryOf other: CPUExecutable? = nil,
    explain: (String) -> Void = { _ in }
  ) throws(RuntimeError) {
    let schedule = Schedule(graph, device.productFusion)
    let kernels = schedule.kernels.map { makeKernel($0, in: schedule, on: device) }
    let scratch = kernels.enumerated().map { position, kernel in
      Lifetime(bytes: kernel.scratchBytes, live: position...position)
    }
    let plan = planArena(schedule.buffers + scratch)
    let lent = other.flatMap { $0.arena.bytes.count >= plan.byteCount ? $0.arena : nil }
    if lent == nil { try SystemMemory.require(plan.byteCount, for: "the values within a step") }
    let arena = lent ?? AlignedMemory(byteCount: plan.byteCount)
    var pointers = [UnsafeMutableRawPointer?](repeating: nil, count: graph.nodes.count)
    for id in graph.ids {
      guard let location = schedule.locations[id.index] else { continue }
      let start: UnsafeMutableRawPointer
      switch location.memory {
      case .arena(let buffer): start = arena.pointer(at: plan.offsets[buffer])
      case .state(let name): start = try state.place(of: name).pointer
      case .data(let name): start = try Self.dataPointer(name, of: data, graph)
      }
      pointers[id.index] = start + location.byteOffset
    }
    func pointer(_ id: NodeID) -> UnsafeMutableRawPointer {
      guard let pointer = pointers[id.index] else {
        preconditionFailure("\(id) has no place in memory")
      }
      return pointer
    }
    for (position, kernel) in kernels.enumerated() {
      let offset = plan.offsets[schedule.buffers.count + position]
      kernel.bind(
        KernelMemory(
          pointer: pointer,
          scratch: arena.pointer(at: kernel.scratchBytes == 0 ? 0 : offset)))
    }
    var inputs: [String: (pointer: UnsafeMutableRawPointer, type: TensorType)] = [:]
    for id in graph.ids {
      if case .input(let name, let type) = graph[id].op { inputs[name] = (pointer(id), type) }
    }
    var outputs: [String: (pointer: UnsafeMutableRawPointer, type: TensorType)] = [:]
    for output in graph.outputs {
      outputs[output.name] = (pointer(output.node), graph[output.node].type)
    }
    var copies: [Copy] = []
    for copy in schedule.copies {
      let (destination, type) = try state.place(of: copy.state)
      copies.append(
        Copy(
          destination: destination, source: UnsafeRawPointer(pointer(copy.source)),
          byteCount: type.byteCount))
    }
    self.schedule = schedule
    self.kernels = kernels
    self.arena = arena
    arenaBytes = lent == nil ? plan.byteCount : 0
    self.inputs = inputs
    self.outputs = outputs
    self.copies = copies
    self.state = state
    explain(explanation(plan: plan))
  }

  /// Computes once: inputs and state in, outputs and state out. Allocates nothing of ours.
  package func run() {
    if fastest.isEmpty { for kernel in kernels { kernel.run() } } else { runTimed() }
    for copy in copies {
      copy.destination.copyMemory(from: copy.source, byteCount: copy.byteCount)
    }
  }

  // MARK: Profile

  /// Takes the time of every kernel in every run from now on.
  package func beginProfile() {
    fastest = Array(repeating: .seconds(Int64.max), count: kernels.count)
  }

  /// What each kernel did, in order; empty where no run was profiled.
  package var profile: [KernelProfile] {
    zip(zip(schedule.kernels, kernels), fastest).map { pair, time in
      KernelProfile(
        pair.0, in: schedule, servedBy: pair.1.implementation, seconds: time.inSeconds)
    }
  }

  private func runTimed() {
    let clock = ContinuousClock()
    for (position, kernel) in kernels.enumerated() {
      let start = clock.now
      kernel.run()
      fastest[position] = min(fastest[position], clock.now - start)
    }
  }

  // MARK: The host's side

  /// The memory of an input, to be written before each run: afterwards it may hold anything.
  ///
  /// - Throws: `RuntimeError.unknown` where there is none by that name.
  package func input(_ name: String) throws(RuntimeError) -> UnsafeMutableRawBufferPointer {
    guard let (pointer, type) = inputs[name] else {
      throw .unknown(name: name, among: inputs.keys.sorted())
    }
    return UnsafeMutableRawBufferPointer(start: pointer, count: type.byteCount)
  }

  /// The memory of an output, valid until the next run.
  ///
  /// - Throws: `RuntimeError.unknown` where there is none by that name.
  package func output(_ name: String) throws(RuntimeError) -> UnsafeRawBufferPointer {
    guard let (pointer, type) = outputs[name] else {
      throw .unknown(name: name, among: outputs.keys.sorted())
    }
    return UnsafeRawBufferPointer(start: pointer, count: type.byteCount)
  }

  /// A copy of an output.
  ///
  /// - Throws: `RuntimeError.unknown` where there is none by that name.
  package func tensor(_ name: String) throws(RuntimeError) -> HostTensor {
    let bytes = Array(try output(name))
    guard let type = outputs[name]?.type else {
      throw .unknown(name: name, among: outputs.keys.sorted())
    }
    return HostTensor(shape: type.shape, elementType: type.elementType, bytes: bytes)
  }

  private static func dataPointer(
    _ name: String, of data: [String: UnsafeRawBufferPointer], _ graph: Graph
  ) throws(RuntimeError) -> UnsafeMutableRawPointer {
    guard let bytes = data[name], let start = bytes.baseAddress else {
      throw .unknown(name: name, among: data.keys.sorted())
    }
    for node in graph.nodes {
      if case .data(name, let type) = node.op, type.byteCount != bytes.count {
        throw .mismatch(
          name: name, expected: "\(type), \(type.byteCount) bytes", got: "\(bytes.count) bytes")
      }
    }
    // Programs only read it; one pointer type serves all memory.
    return UnsafeMutableRawPointer(mutating: start)
  }

  private func explanation(plan: ArenaPlan) -> String {
    var lines = ["schedule", "\(schedule)", "kernels"]
    for (position, kernel) in kernels.enumerated() {
      let work = schedule.describe(schedule.kernels[position])
      lines.append("  \(position): \(work): \(kernel.implementation)")
    }
    lines.append("arena of \(plan.byteCount) bytes, state of \(state.byteCount) bytes")
    for (buffer, lifetime) in schedule.buffers.enumerated() {
      lines.append(
        "  buffer \(buffer): \(lifetime.bytes) bytes at \(plan.offsets[buffer]), "
          + "kernels \(lifetime.live.lowerBound) to \(lifetime.live.upperBound)")
    }
    return lines.joined(separator: "\n")
  }
}

/// The kernel that serves a piece of a schedule.
private func makeKernel(
  _ kernel: Kernel, in schedule: Schedule, on device: CPUDevice
) -> any CPUKernel {
  let graph = schedule.graph
  switch kernel {
  case .product(let product):
    return graph[product.operation].op.isConvolution
      ? makeConvolutionKernel(ConvolutionDescriptor(product, in: graph), on: device)
      : makeProductKernel(ProductDescriptor(product, in: graph), on: device)
  case .region(let region): return RegionKernel(region, in: schedule, on: device)
  case .single(let id):
    switch graph[id].op {
    case .sum(let axes): return SumKernel(id, axes: axes, in: graph, on: device)
    case .random(let distribution, let purpose, _):
      return RandomKernel(id, distribution, purpose, in: graph, on: device)
    case .gatherRows: return GatherKernel(id, in: graph)
    case .scatterAddRows: return ScatterAddKernel(id, in: graph)
    case .permute, .slice, .pad, .broadcast, .concatenate:
      guard let kernel = CopyKernel(id, in: schedule) else {
        preconditionFailure("\(graph[id].op) is no copy")
      }
      return kernel
    case .convert(.int32) where graph[graph[id].operands[0]].type.elementType == .float32:
      return IndexKernel(id, in: graph)
    case .constant, .unary, .binary, .compare, .select, .convert: return PlainKernel(id, in: graph)
    case .input, .data, .state, .reshape, .matmul, .convolution, .convolutionInputGradient,
      .convolutionWeightGradient:
      preconditionFailure("\(graph[id].op) needs no kernel")
    }
  }
}
