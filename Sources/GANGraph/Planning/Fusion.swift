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
  private let matcher: ProductMatcher
  /// What each unit that is a product does, by unit.
  private var products: [Int: Product] = [:]
  /// Nodes that leave the graph or are read by something that no region can hold.
  private var needsMemory: [Bool]

  private let profile: PlanningProfile

  /// Fuses into products what the device's can do, then elementwise neighbours of one shape into
  /// regions.
  package init(_ graph: Graph, _ profile: PlanningProfile) {
    self.graph = graph
    self.profile = profile
    users = graph.users
    matcher = ProductMatcher(graph: graph, users: users)
    unitOfNode = Array(graph.nodes.indices)
    members = graph.ids.map { [$0] }
    needsMemory = Array(repeating: false, count: graph.nodes.count)
    for result in graph.results { needsMemory[result.index] = true }
    for id in graph.ids where !isFusable(id) && !(graph[id].op.isBroadcast && isVirtual(id)) {
      for operand in graph[id].operands { needsMemory[operand.index] = true }
    }
    for id in graph.ids { fuse(intoProduct: id) }
    for id in graph.ids where isFusable(id) { fuseNeighbours(of: id) }
    for id in graph.ids where graph.isChannelSum(id, profile) { fuse(sum: id) }
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
        isFusable(user) || matcher.biasVector(id, of: user) != nil
      } && !graph.results.contains(id)
    case .slice: return graph.isContiguousSlice(id)
    case .random, .unary, .binary, .compare, .select, .convert, .matmul, .convolution,
      .convolutionInputGradient, .convolutionWeightGradient, .sum, .permute, .concatenate, .pad,
      .gatherRows, .scatterAddRows:
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

  /// What a unit does if it is a product.
  package func product(inUnit unit: Int) -> Product? { products[unit] }

  // MARK: Products

  private mutating func fuse(intoProduct id: NodeID) {
    guard members[unitOfNode[id.index]].count == 1,
      let match = matcher.matches(id, profile.productFusion).first(where: isAllowed)
    else { return }
    let unit = unitOfNode[id.index]
    for absorbed in match.absorbed { merge(unitOfNode[absorbed.index], into: unit) }
    products[unit] = match.product
  }

  private func isAllowed(_ match: ProductMatcher.Match) -> Bool {
    match.absorbed.allSatisfy { members[unitOfNode[$0.index]].count == 1 }
      && !dependsOnItself([match.product.operation] + match.absorbed) && canOverwrite(match)
  }

  /// Whether some node outside a set both depends on it and is read by it.
  private func dependsOnItself(_ nodes: [NodeID]) -> Bool {
    let units = Set(nodes.map { unitOfNode[$0.index] })
    let outside = units.flatMap { dependencies(of: $0) }.filter { !units.contains($0) }
    return reachesAny(of: units, from: outside)
  }

  /// Whether Adam can write over a parameter: nobody who reads it waits for what it computes.
  private func canOverwrite(_ match: ProductMatcher.Match) -> Bool {
    guard case .adam(let step) = match.product.finish else { return true }
    let units = Set(([match.product.operation] + match.absorbed).map { unitOfNode[$0.index] })
    let readers = users[step.parameter.index]
    guard readers.allSatisfy({ graph.base(of: $0) == $0 }) else { return false }
    let others = readers.map { unitOfNode[$0.index] }.filter { !units.contains($0) }
    return !reachesAny(of: units, from: others)
  }

  /// Whether one of `starts`, or something it depends on, is in `units`.
  private func reachesAny(of units: Set<Int>, from starts: [Int]) -> Bool {
    var pending = starts
    var seen = Set(starts)
    while let unit = pending.popLast() {
      if units.contains(unit) { return true }
      for dependency in dependencies(of: unit) where seen.insert(dependency).inserted {
        pending.append(dependency)
      }
    }
    return false
  }

  // MARK: Regions

  private mutating func fuseNeighbours(of id: NodeID) {
    guard members[unitOfNode[id.index]].count == 1 else { return }
    for operand in graph[id].operands where isFusable(operand) {
      let (unit, other) = (unitOfNode[id.index], unitOfNode[operand.index])
      guard unit != other, product(inUnit: other) == nil,
        graph[operand].type.shape == graph[id].type.shape,
        members[unit].count + members[other].count <= profile.largestRegion,
        !reaches(unit, from: other)
      else { continue }
      merge(unit, into: other)
    }
  }

  /// Lets the region that computes what is summed add it up. Nothing else comes between the two, so
  /// that no circle closes.
  private mutating func fuse(sum id: NodeID) {
    let operand = graph[id].operands[0]
    let unit = unitOfNode[operand.index]
    guard isFusable(operand), product(inUnit: unit) == nil else { return }
    merge(unitOfNode[id.index], into: unit)
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
  ///
  /// oneDNN could apply more, but makes a number of what is none, such as 0 by a rectifier without a
  /// slope: a run that diverges would not be seen to.
  var isEpilogue: Bool {
    if case .leakyReLU(let slope) = self { Float(slope) != 0 } else { false }
  }
}

extension Graph {
  /// Whether a slice's elements lie side by side in its operand's memory.
  func isContiguousSlice(_ id: NodeID) -> Bool {
    guard case .slice(let axis, _, _) = self[id].op else { return false }
    return self[id].type.shape.dimensions.prefix(axis).allSatisfy { $0 == 1 }
  }
}
