package import GANGraph
package import GANRuntime
import GANTensor

/// A device that is nothing but a schedule: each kernel reads its values where the plan says they lie,
/// computes them as the reference backend defines them, and writes its results where they belong.
///
/// It shares no kernel with the processor, takes any profile, and starts with memory full of NaN, so
/// that a plan that is wrong in any profile gives other numbers.
package final class InterpretingDevice: Device {
  package let name = "interpreting"
  package let threadCount = 1
  package let profile: PlanningProfile

  /// Tiles of 24 elements, regions of 3 nodes, sums of multiples of 4 channels, no fused product.
  package static let otherProfile = PlanningProfile(
    imageArrangement: .channelsLast, tileElements: 24, largestRegion: 3, channelSumWidth: 4,
    productFusion: .none)

  package init(profile: PlanningProfile = InterpretingDevice.otherProfile) {
    self.profile = profile
  }

  package func prepare(
    _ graph: Graph, state: any StateStore, data: [String: UnsafeRawBufferPointer],
    inMemoryOf other: (any Executable)?, explain: ((String) -> Void)?
  ) throws(RuntimeError) -> any Executable {
    InterpretedProgram(Schedule(graph, profile), state: state, data: data)
  }

  package func peakFLOPS(seconds: Double) -> Double { 1 }
}

/// A schedule with its memory.
private final class InterpretedProgram: Executable {
  private let schedule: Schedule
  private let offsets: [Int]
  private var arena: [UInt8]
  private let state: any StateStore
  private let data: [String: UnsafeRawBufferPointer]
  private let kernels: [InterpretedKernel]
  private let inputs: [(name: String, node: NodeID)]

  init(_ schedule: Schedule, state: any StateStore, data: [String: UnsafeRawBufferPointer]) {
    let plan = planArena(schedule.buffers)
    offsets = plan.offsets
    arena = [UInt8](repeating: 0xFF, count: plan.byteCount)
    kernels = schedule.kernels.map { InterpretedKernel($0, in: schedule.graph) }
    inputs = schedule.graph.ids.compactMap { id in
      if case .input(let name, _) = schedule.graph[id].op { (name, id) } else { nil }
    }
    (self.schedule, self.state, self.data) = (schedule, state, data)
  }

  var arenaBytes: Int { arena.count }

  func input(_ name: String) throws(RuntimeError) -> InputPlace {
    guard let input = inputs.first(where: { $0.name == name }) else {
      throw .unknown(name: name, among: inputs.map(\.name))
    }
    return InputPlace(type: type(input.node), index: input.node.index)
  }

  func output(_ name: String) throws(RuntimeError) -> OutputPlace {
    let outputs = schedule.graph.outputs
    guard let output = outputs.first(where: { $0.name == name }) else {
      throw .unknown(name: name, among: outputs.map(\.name))
    }
    return OutputPlace(type: type(output.node), index: output.node.index)
  }

  func write(_ bytes: RawSpan, to input: InputPlace) {
    let start = place(of: NodeID(input.index))
    for index in 0..<bytes.byteCount {
      arena[start + index] = bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
    }
  }

  func float(_ output: OutputPlace) -> Float { tensor(output).floats[0] }

  func tensor(_ output: OutputPlace) -> HostTensor { value(of: NodeID(output.index)) }

  func run() {
    for kernel in kernels {
      for (id, value) in kernel.results(of: self.value) { store(value, at: id) }
    }
    for copy in schedule.copies { write(value(of: copy.source).bytes, at: 0, toState: copy.state) }
  }

  func beginProfile() {}

  var profile: [KernelProfile] { [] }

  // MARK: Memory

  private func type(_ id: NodeID) -> TensorType { schedule.graph[id].type }

  private func location(of id: NodeID) -> Location {
    guard let location = schedule.locations[id.index] else {
      preconditionFailure("\(id) has no place in memory")
    }
    return location
  }

  /// Where a node in the arena begins.
  private func place(of id: NodeID) -> Int {
    guard case .arena(let buffer) = location(of: id).memory else {
      preconditionFailure("\(id) is not in the arena")
    }
    return offsets[buffer] + location(of: id).byteOffset
  }

  private func value(of id: NodeID) -> HostTensor {
    let (location, type) = (location(of: id), type(id))
    let range = location.byteOffset..<location.byteOffset + type.byteCount
    let bytes: [UInt8] =
      switch location.memory {
      case .arena: Array(arena[place(of: id)..<place(of: id) + type.byteCount])
      case .state(let name): Array(stateTensor(name).bytes[range])
      case .data(let name): data[name].map { Array($0[range]) } ?? []
      }
    return HostTensor(shape: type.shape, elementType: type.elementType, bytes: bytes)
  }

  private func store(_ value: HostTensor, at id: NodeID) {
    let location = location(of: id)
    switch location.memory {
    case .arena:
      let start = place(of: id)
      arena.replaceSubrange(start..<start + value.bytes.count, with: value.bytes)
    case .state(let name): write(value.bytes, at: location.byteOffset, toState: name)
    case .data(let name): preconditionFailure("\(id) is written over the data \(name)")
    }
  }

  private func stateTensor(_ name: String) -> HostTensor {
    do {
      return try state.tensor(name)
    } catch {
      preconditionFailure("\(error)")
    }
  }

  private func write(_ bytes: [UInt8], at start: Int, toState name: String) {
    let old = stateTensor(name)
    var new = old.bytes
    new.replaceSubrange(start..<start + bytes.count, with: bytes)
    do {
      try state.write(
        HostTensor(shape: old.shape, elementType: old.elementType, bytes: new), to: name)
    } catch {
      preconditionFailure("\(error)")
    }
  }
}

/// One kernel of a schedule as a graph of its own, from what it reads to what it writes.
private struct InterpretedKernel {
  private let graph: Graph
  /// The nodes it reads, by their input's name.
  private let reads: [String: NodeID]
  /// The nodes it writes, by their output's name.
  private let writes: [String: NodeID]

  init(_ kernel: Kernel, in whole: Graph) {
    let reads = Set(whole.reads(of: kernel))
    var nodes: [Node] = []
    var places: [NodeID: NodeID] = [:]
    func add(_ id: NodeID, isResult: Bool = false) -> NodeID {
      if let known = places[id] { return known }
      let node = whole[id]
      let isRead = reads.contains(id) && !isResult
      let operands = isRead ? [] : node.operands.map { add($0) }
      let op = isRead ? Op.input("\(id)", node.type) : node.op
      nodes.append(Node(op: op, operands: operands, type: node.type))
      places[id] = NodeID(nodes.count - 1)
      return NodeID(nodes.count - 1)
    }
    let results = whole.writes(of: kernel)
    let outputs = results.map { NamedNode(name: "\($0)", node: add($0, isResult: true)) }
    graph = Graph(nodes: nodes, outputs: outputs, updates: [])
    self.reads = Dictionary(uniqueKeysWithValues: reads.map { ("\($0)", $0) })
    writes = Dictionary(uniqueKeysWithValues: results.map { ("\($0)", $0) })
  }

  /// What it writes, all read before anything is.
  func results(of value: (NodeID) -> HostTensor) -> [(NodeID, HostTensor)] {
    do {
      let inputs = reads.mapValues { ReferenceTensor(value($0)) }
      let outputs = try ReferenceBackend().run(graph, inputs: inputs).outputs
      return outputs.compactMap { name, tensor in writes[name].map { ($0, tensor.hostTensor) } }
    } catch {
      preconditionFailure("\(error)")
    }
  }
}
