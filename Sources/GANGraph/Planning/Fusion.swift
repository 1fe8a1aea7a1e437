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
  /// The units, each behind those it depends on.
  private(set) var order: UnitOrder
  private let users: [[NodeID]]
  /// Whether a node leaves the graph.
  private let isResult: [Bool]
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
    isResult = graph.isResult
    matcher = ProductMatcher(graph: graph, users: users, isResult: isResult)
    order = UnitOrder(count: graph.nodes.count)
    unitOfNode = Array(graph.nodes.indices)
    members = graph.ids.map { [$0] }
    needsMemory = isResult
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
      } && !isResult[id.index]
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

  /// Whether a member's value is needed beyond its unit.
  func isRead(outside unit: Int, _ id: NodeID) -> Bool {
    isResult[id.index] || users[id.index].contains { unitOfNode[$0.index] != unit }
  }

  // MARK: Products

  private mutating func fuse(intoProduct id: NodeID) {
    let unit = unitOfNode[id.index]
    guard members[unit].count == 1 else { return }
    for match in matcher.matches(id, profile.productFusion) {
      let units = ([id] + match.absorbed).map { unitOfNode[$0.index] }
      guard units.allSatisfy({ members[$0].count == 1 }), let between = unitsBetween(units),
        canOverwrite(match, units)
      else { continue }
      order.merge(units, into: unit, behind: between)
      for other in units where other != unit { move(other, into: unit) }
      products[unit] = match.product
      return
    }
  }

  /// What units depend on, beyond the first of them in order; `nil` where some other unit both depends
  /// on one and is read by one, which merging them would close into a circle.
  private mutating func unitsBetween(_ units: [Int]) -> [Int]? {
    let outside = units.flatMap { dependencies(of: $0) }.filter { !units.contains($0) }
    return search(from: outside, for: units)
  }

  /// Whether Adam can write over a parameter: nobody who reads it waits for what it computes.
  private mutating func canOverwrite(_ match: ProductMatcher.Match, _ units: [Int]) -> Bool {
    guard case .adam(let step) = match.product.finish else { return true }
    let readers = users[step.parameter.index]
    guard readers.allSatisfy({ graph.base(of: $0) == $0 }) else { return false }
    let others = readers.map { unitOfNode[$0.index] }.filter { !units.contains($0) }
    return search(from: others, for: units) != nil
  }

  // MARK: Regions

  private mutating func fuseNeighbours(of id: NodeID) {
    guard members[unitOfNode[id.index]].count == 1 else { return }
    for operand in graph[id].operands where isFusable(operand) {
      let (unit, other) = (unitOfNode[id.index], unitOfNode[operand.index])
      guard unit != other, product(inUnit: other) == nil,
        graph[operand].type.shape == graph[id].type.shape,
        members[unit].count + members[other].count <= profile.largestRegion,
        let between = unitsBetween(unit, and: other)
      else { continue }
      order.merge([unit, other], into: other, behind: between)
      move(unit, into: other)
    }
  }

  /// What a unit depends on, beyond another that it reads; `nil` where it depends on that by way of a
  /// third, too, which merging them would close into a circle.
  private mutating func unitsBetween(_ unit: Int, and other: Int) -> [Int]? {
    search(from: dependencies(of: unit).filter { $0 != other }, for: [other])
  }

  /// Lets the region that computes what is summed add it up. Nothing else comes between the two, so
  /// that no circle closes.
  private mutating func fuse(sum id: NodeID) {
    let operand = graph[id].operands[0]
    let unit = unitOfNode[operand.index]
    guard isFusable(operand), product(inUnit: unit) == nil else { return }
    let sum = unitOfNode[id.index]
    order.merge([unit, sum], into: unit, behind: [])
    move(sum, into: unit)
  }

  // MARK: Units

  private mutating func search(from starts: [Int], for goals: [Int]) -> [Int]? {
    order.search(from: starts, for: goals) { [graph, members, unitOfNode] unit in
      Self.dependencies(of: unit, graph, members, unitOfNode)
    }
  }

  private func dependencies(of unit: Int) -> [Int] {
    Self.dependencies(of: unit, graph, members, unitOfNode)
  }

  /// The units that a unit reads, each as often as it does.
  private static func dependencies(
    of unit: Int, _ graph: Graph, _ members: [[NodeID]], _ unitOfNode: [Int]
  ) -> [Int] {
    members[unit].flatMap { id in
      graph[id].operands.map { unitOfNode[$0.index] }.filter { $0 != unit }
    }
  }

  private mutating func move(_ unit: Int, into other: Int) {
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
