import GANGraph
import GANRuntime
import GANTensor

/// The values of a graph that every item of a batch shares: those that follow from its states alone.
///
/// What is computed of states, such as the deviation of a batch normalisation or a weight divided by
/// its spectral norm, is computed once, by the reference device: the same everywhere.
struct SharedValues {
  private let graph: Graph
  private let states: [String: HostTensor]
  private let isShared: [Bool]
  private let computed: [NodeID: HostTensor]

  /// Computes what a graph reads of its states.
  ///
  /// - Parameters:
  ///   - graph: As built.
  ///   - states: Every state by its name.
  ///   - batchSize: The extent of batches in the graph, which no state has.
  /// - Throws: `RuntimeError` where a state is missing or there is no memory.
  init(of graph: Graph, states: [String: HostTensor], batchSize: Int) throws {
    self.graph = graph
    self.states = states
    isShared = graph.nodes.reduce(into: [Bool]()) { isShared, node in
      isShared.append(Self.isShared(node, among: isShared))
    }
    var wanted: Set<NodeID> = []
    for id in graph.ids where !isShared[id.index] {
      for operand in graph[id].operands where isShared[operand.index] {
        let root = Self.root(of: operand, in: graph)
        let shape = graph[root].type.shape
        guard !graph[root].op.isLeaf, shape.dimensions.first != batchSize else { continue }
        wanted.insert(root)
      }
    }
    computed = try Self.compute(wanted.sorted(), of: graph, states: states)
  }

  private static func isShared(_ node: Node, among isShared: [Bool]) -> Bool {
    switch node.op {
    case .input, .data, .random, .allReduce: false
    case .state, .constant, .unary, .binary, .compare, .select, .convert, .matmul, .convolution,
      .convolutionInputGradient, .convolutionWeightGradient, .sum, .broadcast, .reshape, .permute,
      .concatenate, .slice, .pad, .gatherRows, .scatterAddRows:
      node.operands.allSatisfy { isShared[$0.index] }
    }
  }

  /// What is repeated, where a value is a repetition.
  private static func root(of id: NodeID, in graph: Graph) -> NodeID {
    if case .broadcast = graph[id].op { graph[id].operands[0] } else { id }
  }

  private static func compute(
    _ wanted: [NodeID], of graph: Graph, states: [String: HostTensor]
  ) throws -> [NodeID: HostTensor] {
    guard !wanted.isEmpty else { return [:] }
    let outputs = wanted.map { NamedNode(name: "\($0)", node: $0) }
    let device = ReferenceDevice()
    let program = try Graph(nodes: graph.nodes, outputs: outputs, updates: [])
      .optimized(for: device.profile)
    let store = try device.makeState(program.stateTypes)
    for (name, _) in program.stateTypes {
      guard let tensor = states[name] else {
        throw RuntimeError.unknown(name: name, among: states.keys.sorted())
      }
      try store.write(tensor, to: name)
    }
    let executable = try device.prepare(program, state: store)
    executable.run()
    return Dictionary(
      uniqueKeysWithValues: try outputs.map { ($0.node, try executable.tensor($0.name)) })
  }

  /// True if every item of a batch has this value.
  func contains(_ id: NodeID) -> Bool { isShared[id.index] }

  /// A value, as far as it differs from place to place.
  struct Spread {
    /// Its elements, in the extents below.
    let tensor: HostTensor
    /// As many extents as the value has axes, 1 along those it repeats along.
    let shape: [Int]
    /// The state it is, or is computed of first; nil for constants.
    let state: String?
  }

  /// A shared value; nil if it is computed for each item and only happens to be the same.
  func spread(_ id: NodeID) -> Spread? {
    let rank = graph[id].type.shape.rank
    let root = Self.root(of: id, in: graph)
    if case .constant(let value, let type) = graph[root].op {
      return Spread(
        tensor: Self.tensor(of: value, type.elementType),
        shape: [Int](repeating: 1, count: rank), state: nil)
    }
    guard let tensor = tensor(root) else { return nil }
    var shape = tensor.shape.dimensions
    if case .broadcast(_, let axes) = graph[id].op {
      shape = [Int](repeating: 1, count: rank)
      for (axis, extent) in zip(axes, tensor.shape.dimensions) { shape[axis] = extent }
    }
    return Spread(tensor: tensor, shape: shape, state: firstState(of: root))
  }

  private func tensor(_ root: NodeID) -> HostTensor? {
    if case .state(let name, _) = graph[root].op { states[name] } else { computed[root] }
  }

  private func firstState(of id: NodeID) -> String? {
    if case .state(let name, _) = graph[id].op { return name }
    return graph[id].operands.lazy.compactMap(firstState).first
  }

  private static func tensor(of value: Double, _ type: ElementType) -> HostTensor {
    switch type {
    case .float32: HostTensor(shape: [1], [Float(value)])
    case .int32: HostTensor(shape: [1], [Int32(value)])
    case .int64: HostTensor(shape: [1], [Int64(value)])
    case .uint8, .boolean:
      HostTensor(shape: [1], elementType: type, bytes: [UInt8(value)])
    }
  }
}
