internal import CKernels
internal import GANGraph
internal import GANTensor

/// A program prepared for the processor: a flat list of kernels over fixed memory.
final class CPUExecutable: Executable {
  let arenaBytes: Int
  private let schedule: Schedule
  private let chosen: [ChosenKernel]
  private let kernels: [BoundKernel]
  private let arena: AlignedMemory
  private let copies: [Copy]
  private let inputs: [Value]
  private let outputs: [Value]
  private let device: CPUDevice
  /// Kernels hold addresses in it.
  private let state: HostState
  /// The least time each kernel took, while a profile is taken.
  private var fastest: [Duration] = []

  private struct Copy {
    let destination: UnsafeMutableRawPointer
    let source: UnsafeRawPointer
    let byteCount: Int
  }

  /// A value that the host writes or reads.
  private struct Value {
    let name: String
    let bytes: UnsafeMutableRawBufferPointer
    let type: TensorType
  }

  /// Prepares a graph; see `Device`.
  init(
    _ graph: Graph, on device: CPUDevice, state: HostState,
    data: [String: UnsafeRawBufferPointer], inMemoryOf other: CPUExecutable?,
    explain: ((String) -> Void)?
  ) throws(RuntimeError) {
    let schedule = Schedule(graph, device.profile)
    device.takeTeam()
    let chosen = schedule.kernels.map { kernel in
      ck_work_point()
      return chooseKernel(for: kernel, in: schedule, on: device)
    }
    let scratch = chosen.enumerated().map { position, chosen in
      Lifetime(bytes: chosen.kernel.scratchBytes, live: position...position)
    }
    let preparations = Preparation.all(for: chosen.map(\.kernel.preparedOperands))
    let plan = planArena(schedule.buffers + scratch + preparations.map(\.lifetime))
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
    func value(_ name: String, _ id: NodeID) -> Value {
      let type = graph[id].type
      return Value(
        name: name,
        bytes: UnsafeMutableRawBufferPointer(start: pointer(id), count: type.byteCount),
        type: type)
    }
    var copies: [Copy] = []
    for copy in schedule.copies {
      let (destination, type) = try state.place(of: copy.state)
      copies.append(
        Copy(
          destination: destination, source: UnsafeRawPointer(pointer(copy.source)),
          byteCount: type.byteCount))
    }
    self.device = device
    self.schedule = schedule
    self.chosen = chosen
    var prepared: [PreparedOperand: UnsafeMutablePointer<Float>] = [:]
    for (preparation, offset) in zip(preparations, plan.offsets.suffix(preparations.count)) {
      prepared[preparation.operand] =
        arena.pointer(at: offset).assumingMemoryBound(to: Float.self)
    }
    func place(_ operand: PreparedOperand) -> UnsafeMutablePointer<Float> {
      guard let place = prepared[operand] else {
        preconditionFailure("\(operand) is not prepared")
      }
      return place
    }
    kernels = chosen.enumerated().map { position, chosen in
      let offset = plan.offsets[schedule.buffers.count + position]
      let memory = KernelMemory(
        pointer: pointer, scratch: arena.pointer(at: chosen.kernel.scratchBytes == 0 ? 0 : offset),
        prepared: place)
      return preparations.reversed().reduce(chosen.kernel.bind(memory)) { kernel, preparation in
        guard preparation.isMade(before: position) else { return kernel }
        let operand = preparation.operand
        return operand.bind(
          memory.floats(operand.source), prepared: place(operand), on: device
        ).followed(by: kernel)
      }
    }
    self.arena = arena
    arenaBytes = lent == nil ? plan.byteCount : 0
    inputs = graph.ids.compactMap { id in
      if case .input(let name, _) = graph[id].op { value(name, id) } else { nil }
    }
    outputs = graph.outputs.map { value($0.name, $0.node) }
    self.copies = copies
    self.state = state
    explain?(explanation(plan: plan))
  }

  func run() {
    device.takeTeam()
    if fastest.isEmpty {
      for kernel in kernels {
        ck_work_point()
        kernel.run()
      }
    } else {
      runTimed()
    }
    for copy in copies {
      copy.destination.copyMemory(from: copy.source, byteCount: copy.byteCount)
    }
  }

  // MARK: Profile

  func beginProfile() {
    fastest = Array(repeating: .seconds(Int64.max), count: kernels.count)
  }

  var profile: [KernelProfile] {
    zip(zip(schedule.kernels, chosen), fastest).map { pair, time in
      KernelProfile(
        pair.0, in: schedule, servedBy: pair.1.kernel.implementation, seconds: time.inSeconds)
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

  func input(_ name: String) throws(RuntimeError) -> InputPlace {
    let index = try Self.index(of: name, in: inputs)
    return InputPlace(type: inputs[index].type, index: index)
  }

  func output(_ name: String) throws(RuntimeError) -> OutputPlace {
    let index = try Self.index(of: name, in: outputs)
    return OutputPlace(type: outputs[index].type, index: index)
  }

  private static func index(of name: String, in values: [Value]) throws(RuntimeError) -> Int {
    guard let index = values.firstIndex(where: { $0.name == name }) else {
      throw .unknown(name: name, among: values.map(\.name).sorted())
    }
    return index
  }

  func write(_ bytes: RawSpan, to input: InputPlace) {
    let memory = inputs[input.index].bytes
    bytes.withUnsafeBytes { bytes in
      precondition(
        bytes.count <= memory.count, "\(input.type) holds no \(bytes.count) bytes")
      memory.copyMemory(from: bytes)
    }
  }

  func float(_ output: OutputPlace) -> Float {
    precondition(output.type.elementType == .float32, "\(output.type) holds no float32")
    return outputs[output.index].bytes.loadUnaligned(as: Float.self)
  }

  func tensor(_ output: OutputPlace) -> HostTensor {
    HostTensor(
      shape: output.type.shape, elementType: output.type.elementType,
      bytes: Array(outputs[output.index].bytes))
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
    for (position, chosen) in chosen.enumerated() {
      let work = schedule.describe(schedule.kernels[position])
      lines.append("  \(position): \(work): \(chosen.explanation)")
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
private func chooseKernel(
  for kernel: Kernel, in schedule: Schedule, on device: CPUDevice
) -> ChosenKernel {
  let graph = schedule.graph
  switch kernel {
  case .product(let product):
    return graph[product.operation].op.isConvolution
      ? ChosenKernel(
        for: ConvolutionDescriptor(product, in: graph), among: convolutionKernels, on: device)
      : ChosenKernel(for: ProductDescriptor(product, in: graph), among: productKernels, on: device)
  case .region(let region): return ChosenKernel(RegionKernel(region, in: schedule, on: device))
  case .single(let id): return ChosenKernel(onlyKernel(for: id, in: schedule, on: device))
  }
}

/// The only kernel for a node.
private func onlyKernel(
  for id: NodeID, in schedule: Schedule, on device: CPUDevice
) -> any PreparedKernel {
  let graph = schedule.graph
  switch graph[id].op {
  case .sum(let axes): return SumKernel(id, axes: axes, in: graph, on: device)
  case .random(let distribution, let purpose, _, let first):
    return RandomKernel(id, distribution, purpose, first: first, in: graph, on: device)
  case .gatherRows: return GatherKernel(id, in: graph)
  case .scatterAddRows: return ScatterAddKernel(id, in: graph)
  case .allReduce(let parts): return AllReduceKernel(id, parts: parts, in: graph, on: device)
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
