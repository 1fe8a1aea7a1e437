internal import GANTensor

/// The partition of a graph's nodes into units, each of which becomes one kernel.
///
/// Fusion is a partition and not a rewriting, because a region has several results (an optimiser
/// writes a parameter and two moments) while a node has one.
package struct Fusion: Sendable {
  /// The unit each node belongs to.
  package private(set) var unitOfNode: [Int]
  /// The nodes of each unit, in order; a unit merged into another is empty.
  package private(set) var members: [[NodeID]]
  let graph: Graph
  private let users: [[NodeID]]
  /// Nodes that leave the graph or are read by something that no region can hold.
  private var needsMemory: [Bool]

  /// More nodes than this make a region's registers spill out of the first-level cache.
  private static let largestRegion = 48

  /// Fuses epilogues into products, then elementwise neighbours of one shape into regions.
  package init(_ graph: Graph) {
    self.graph = graph
    users = graph.users
    unitOfNode = Array(graph.nodes.indices)
    members = graph.ids.map { [$0] }
    needsMemory = Array(repeating: false, count: graph.nodes.count)
    for result in graph.results { needsMemory[result.index] = true }
    for id in graph.ids where !isFusable(id) && !(graph[id].op.isBroadcast && isVirtual(id)) {
      for operand in graph[id].operands { needsMemory[operand.index] = true }
    }
    for id in graph.ids { fuseEpilogue(intoProduct: id) }
    for id in graph.ids where isFusable(id) { fuseNeighbours(of: id) }
  }

  /// Whether a node needs no kernel: leaves, views of other nodes' memory, and repeated values that
  /// only elementwise readers see, which read the source instead.
  package func isVirtual(_ id: NodeID) -> Bool {
    let node = graph[id]
    switch node.op {
    case .input, .data, .state, .reshape: return true
    case .constant: return !needsMemory[id.index]
    case .broadcast:
      return users[id.index].allSatisfy { user in
        isFusable(user) || isBias(id, of: user)
      } && !graph.results.contains(id)
    case .slice: return graph.isContiguousSlice(id)
    case .random, .unary, .binary, .compare, .select, .convert, .matmul, .sum, .permute,
      .concatenate, .pad, .gatherRows, .scatterAddRows:
      return false
    }
  }

  /// Whether a node can be a member of a region.
  package func isFusable(_ id: NodeID) -> Bool {
    let node = graph[id]
    guard node.op.isElementwise else { return false }
    switch node.op {
    case .convert(.float32):
      return [.uint8, .boolean].contains(graph[node.operands[0]].type.elementType)
    case .unary, .binary, .select: return node.type.elementType == .float32
    case .compare: return graph[node.operands[0]].type.elementType == .float32
    default: return false
    }
  }

  /// The parts of a unit that a product computes.
  package func product(inUnit unit: Int) -> Product? {
    guard let first = members[unit].first, case .matmul = graph[first].op,
      let result = members[unit].last
    else { return nil }
    var product = Product(matmul: first, bias: nil, activation: nil, result: result)
    for id in members[unit].dropFirst() {
      switch graph[id].op {
      case .binary(.add):
        product.bias = graph[id].operands.lazy.compactMap(biasVector(behind:)).first
      case .unary(let function): product.activation = function
      default: preconditionFailure("\(graph[id].op) is no epilogue")
      }
    }
    return product
  }

  // MARK: Epilogues

  private mutating func fuseEpilogue(intoProduct matmul: NodeID) {
    guard case .matmul = graph[matmul].op else { return }
    var last = matmul
    if let sum = onlyUser(of: last), graph[sum].op == .binary(.add),
      graph[sum].operands.contains(where: { isBias($0, of: sum) })
    {
      merge(unitOfNode[sum.index], into: unitOfNode[matmul.index])
      last = sum
    }
    if let activation = onlyUser(of: last), case .unary(let function) = graph[activation].op,
      function.isEpilogue
    {
      merge(unitOfNode[activation.index], into: unitOfNode[matmul.index])
    }
  }

  private func onlyUser(of id: NodeID) -> NodeID? {
    graph.results.contains(id) || users[id.index].count != 1 ? nil : users[id.index][0]
  }

  /// Whether `id` is a row vector that `sum` adds to each row of a product.
  private func isBias(_ id: NodeID, of sum: NodeID) -> Bool {
    guard graph[sum].op == .binary(.add), biasVector(behind: id) != nil,
      let other = graph[sum].operands.first(where: { $0 != id }), case .matmul = graph[other].op
    else { return false }
    return onlyUser(of: other) == sum
  }

  private func biasVector(behind id: NodeID) -> NodeID? {
    guard case .broadcast(let shape, [1]) = graph[id].op, shape.rank == 2 else { return nil }
    let vector = graph[id].operands[0]
    // A constant has no memory for a product to read.
    if case .constant = graph[vector].op { return nil }
    return vector
  }

  // MARK: Regions

  private mutating func fuseNeighbours(of id: NodeID) {
    guard members[unitOfNode[id.index]].count == 1 else { return }
    for operand in graph[id].operands where isFusable(operand) {
      let (unit, other) = (unitOfNode[id.index], unitOfNode[operand.index])
      guard unit != other, product(inUnit: other) == nil,
        graph[operand].type.shape == graph[id].type.shape,
        members[unit].count + members[other].count <= Self.largestRegion,
        !reaches(unit, from: other)
      else { continue }
      merge(unit, into: other)
    }
  }

  /// Whether `unit` depends on `source` by way of some third unit, which merging would close into a
  /// circle.
  private func reaches(_ unit: Int, from source: Int) -> Bool {
    var pending = dependencies(of: unit).filter { $0 != source && $0 != unit }
    var seen = Set(pending)
    while let next = pending.popLast() {
      for dependency in dependencies(of: next) where seen.insert(dependency).inserted {
        if dependency == source { return true }
        if dependency != unit { pending.append(dependency) }
      }
    }
    return false
  }

  private func dependencies(of unit: Int) -> [Int] {
    var found: Set<Int> = []
    for id in members[unit] {
      for operand in graph[id].operands { found.insert(unitOfNode[operand.index]) }
    }
    found.remove(unit)
    return Array(found)
  }

  private mutating func merge(_ unit: Int, into other: Int) {
    for id in members[unit] { unitOfNode[id.index] = other }
    members[other] = (members[other] + members[unit]).sorted()
    members[unit] = []
  }
}

extension Op {
  fileprivate var isBroadcast: Bool { if case .broadcast = self { true } else { false } }
}

extension UnaryFunction {
  /// Whether a product can apply the function to its result as it writes it.
  var isEpilogue: Bool {
    switch self {
    case .leakyReLU, .tanh, .sigmoid: true
    case .negate, .exp, .expm1, .log, .sqrt, .softplus: false
    }
  }
}

extension Graph {
  /// Whether a slice's elements lie side by side in its operand's memory.
  func isContiguousSlice(_ id: NodeID) -> Bool {
    guard case .slice(let axis, _, _) = self[id].op else { return false }
    return self[id].type.shape.dimensions.prefix(axis).allSatisfy { $0 == 1 }
  }
}
