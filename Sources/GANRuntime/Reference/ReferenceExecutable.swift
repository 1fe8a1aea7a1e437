internal import CKernels
internal import GANGraph
internal import GANTensor

/// A graph and the tensors it reads, run node by node.
final class ReferenceExecutable: Executable {
  /// Bytes of the values that are kept at once, where they are most.
  let arenaBytes: Int
  private let graph: Graph
  private let backend: ReferenceBackend
  private let lifetimes: ReferenceLifetimes
  private let state: HostState
  /// The memory of each leaf; nil for computed nodes.
  private let leaves: [UnsafeRawBufferPointer?]
  /// The destination of each update, in the graph's order.
  private let updated: [UnsafeMutableRawPointer]
  private let inputs: [(name: String, type: TensorType, memory: AlignedMemory)]
  private var outputs: [ReferenceTensor]
  /// The least time each node took, while a profile is taken.
  private var fastest: [Duration] = []

  /// Prepares a graph; see `Device`.
  init(
    _ graph: Graph, state: HostState, data: [String: UnsafeRawBufferPointer], ranks: Ranks?
  ) throws(RuntimeError) {
    lifetimes = ReferenceLifetimes(of: graph)
    arenaBytes = lifetimes.mostBytes
    try SystemMemory.require(arenaBytes, for: "the values within a step")
    var inputs: [(name: String, type: TensorType, memory: AlignedMemory)] = []
    var leaves = [UnsafeRawBufferPointer?](repeating: nil, count: graph.nodes.count)
    for id in graph.ids {
      switch graph[id].op {
      case .input(let name, let type):
        let memory = AlignedMemory(byteCount: type.byteCount)
        inputs.append((name, type, memory))
        leaves[id.index] = UnsafeRawBufferPointer(rebasing: memory.bytes[..<type.byteCount])
      case .data(let name, let type): leaves[id.index] = try Self.bytes(name, type, in: data)
      case .state(let name, let type):
        let place = try state.place(of: name)
        guard place.type == type else {
          throw .mismatch(name: name, expected: "\(type)", got: "\(place.type)")
        }
        leaves[id.index] = UnsafeRawBufferPointer(start: place.pointer, count: type.byteCount)
      default: break
      }
    }
    var updated: [UnsafeMutableRawPointer] = []
    for update in graph.updates { updated.append(try state.place(of: update.name).pointer) }
    (self.inputs, self.leaves, self.updated) = (inputs, leaves, updated)
    (self.graph, self.state) = (graph, state)
    backend = ReferenceBackend(ranks: ranks)
    outputs = graph.outputs.map { ReferenceTensor(zeros: graph[$0.node].type) }
  }

  private static func bytes(
    _ name: String, _ type: TensorType, in data: [String: UnsafeRawBufferPointer]
  ) throws(RuntimeError) -> UnsafeRawBufferPointer {
    guard let bytes = data[name] else { throw .unknown(name: name, among: data.keys.sorted()) }
    guard bytes.count == type.byteCount else {
      throw .mismatch(
        name: name, expected: "\(type), \(type.byteCount) bytes", got: "\(bytes.count) bytes")
    }
    return bytes
  }

  var explanation: String {
    "reference: \(graph.nodes.count) nodes one after another in double precision\n"
      + "values of at most \(arenaBytes) bytes, state of \(state.byteCount) bytes"
  }

  // MARK: The host's side

  func input(_ name: String) throws(RuntimeError) -> InputPlace {
    guard let index = inputs.firstIndex(where: { $0.name == name }) else {
      throw .unknown(name: name, among: inputs.map(\.name).sorted())
    }
    return InputPlace(type: inputs[index].type, index: index)
  }

  func output(_ name: String) throws(RuntimeError) -> OutputPlace {
    guard let index = graph.outputs.firstIndex(where: { $0.name == name }) else {
      throw .unknown(name: name, among: graph.outputs.map(\.name).sorted())
    }
    return OutputPlace(type: graph[graph.outputs[index].node].type, index: index)
  }

  func write(_ bytes: RawSpan, to input: InputPlace) {
    precondition(
      bytes.byteCount <= input.type.byteCount, "\(input.type) holds no \(bytes.byteCount) bytes")
    bytes.withUnsafeBytes { inputs[input.index].memory.bytes.copyMemory(from: $0) }
  }

  func float(_ output: OutputPlace) -> Float { Float(outputs[output.index].reals[0]) }

  func tensor(_ output: OutputPlace) -> HostTensor { outputs[output.index].hostTensor }

  // MARK: Running

  func run() {
    var values = [ReferenceTensor?](repeating: nil, count: graph.nodes.count)
    func value(_ id: NodeID) -> ReferenceTensor {
      guard let value = values[id.index] else { preconditionFailure("\(id) has no value now") }
      return value
    }
    let clock = ContinuousClock()
    for id in graph.ids where !lifetimes.isOnlyGathered[id.index] {
      ck_work_point()
      let start = clock.now
      do {
        values[id.index] = try computed(id, value)
      } catch {
        preconditionFailure("\(error)")
      }
      if !fastest.isEmpty { fastest[id.index] = min(fastest[id.index], clock.now - start) }
      for dead in lifetimes.ending[id.index] { values[dead.index] = nil }
    }
    outputs = graph.outputs.map { value($0.node) }
    for (update, place) in zip(graph.updates, updated) {
      value(update.node).hostTensor.bytes.withUnsafeBytes { place.copyMemory(from: $0) }
    }
  }

  private func computed(
    _ id: NodeID, _ value: (NodeID) -> ReferenceTensor
  ) throws(ReferenceError) -> ReferenceTensor {
    let node = graph[id]
    if let bytes = leaves[id.index] { return ReferenceTensor(node.type, bytes: Array(bytes)) }
    if node.op == .gatherRows, let rows = leaves[node.operands[0].index],
      lifetimes.isOnlyGathered[node.operands[0].index]
    {
      return try gathered(id, rows, indices: value(node.operands[1]))
    }
    return try backend.computed(id, node, node.operands.map(value))
  }

  /// Rows of an array too large to widen all of it.
  private func gathered(
    _ id: NodeID, _ array: UnsafeRawBufferPointer, indices: ReferenceTensor
  ) throws(ReferenceError) -> ReferenceTensor {
    let type = graph[id].type
    let rowBytes = type.byteCount / type.shape[0]
    let rowCount = array.count / rowBytes
    var bytes: [UInt8] = []
    bytes.reserveCapacity(type.byteCount)
    for index in indices.integers {
      guard (0..<Int64(rowCount)).contains(index) else {
        throw .noSuchRow(node: id, index: index, rows: rowCount)
      }
      bytes += array[Int(index) * rowBytes..<(Int(index) + 1) * rowBytes]
    }
    return ReferenceTensor(type, bytes: bytes)
  }

  // MARK: Profile

  func beginProfile() {
    fastest = Array(repeating: .seconds(Int64.max), count: graph.nodes.count)
  }

  var profile: [KernelProfile] {
    zip(graph.ids, fastest).compactMap { id, time in
      graph[id].op.isLeaf ? nil : KernelProfile(id, in: graph, seconds: time.inSeconds)
    }
  }
}

/// The lifetimes of a graph's values when its nodes are computed in order.
struct ReferenceLifetimes {
  /// Nodes whose value is not needed once the node at each position is computed.
  private(set) var ending: [[NodeID]]
  /// True for resident data of which only rows are read.
  private(set) var isOnlyGathered: [Bool]
  /// Bytes of the values that are kept at once, where they are most.
  private(set) var mostBytes = 0

  init(of graph: Graph) {
    let users = graph.users
    ending = Array(repeating: [], count: graph.nodes.count)
    isOnlyGathered = graph.ids.map { id in
      guard case .data = graph[id].op else { return false }
      return users[id.index].allSatisfy { user in
        graph[user].op == .gatherRows && graph[user].operands[1] != id
      }
    }
    let results = Set(graph.results)
    for id in graph.ids where !results.contains(id) {
      ending[(users[id.index].last ?? id).index].append(id)
    }
    // Reals and integers take eight bytes each.
    func bytes(_ id: NodeID) -> Int {
      isOnlyGathered[id.index] ? 0 : 8 * graph[id].type.shape.elementCount
    }
    var kept = 0
    for id in graph.ids {
      kept += bytes(id)
      mostBytes = max(mostBytes, kept)
      for dead in ending[id.index] { kept -= bytes(dead) }
    }
  }
}

extension ReferenceTensor {
  /// Widens packed elements; no value changes.
  fileprivate init(_ type: TensorType, bytes: [UInt8]) {
    self.init(HostTensor(shape: type.shape, elementType: type.elementType, bytes: bytes))
  }

  fileprivate init(zeros type: TensorType) {
    self.init(type, bytes: Array(repeating: 0, count: type.byteCount))
  }
}
