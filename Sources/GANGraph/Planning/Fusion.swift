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
  /// True for each node whose value leaves the graph.
  private let isResult: [Bool]
  private let matcher: ProductMatcher
  /// The product of each unit that is one, by unit.
  private var products: [Int: Product] = [:]
  /// Nodes that leave the graph or have a reader that no region can hold.
  private var needsMemory: [Bool]

  private let profile: PlanningProfile

  /// Fuses into products as much as the device's can do, then elementwise neighbours of one shape
  /// into regions.
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

  /// True if a node needs no kernel: leaves, views of other nodes' memory, and repeated values with
  /// elementwise readers only, which read the source instead.
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
      .gatherRows, .scatterAddRows, .allReduce:
      return false
    }
  }

  /// True if a node can be a member of a region.
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

  /// The product of a unit that is one; `nil` for others.
  package func product(inUnit unit: Int) -> Product? { products[unit] }

  /// True if a member's value is needed beyond its unit.
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

  /// The dependencies of units beyond the first of them in order; `nil` if another unit both
  /// depends on one and is read by one, since merging would then close a circle.
  private mutating func unitsBetween(_ units: [Int]) -> [Int]? {
    let outside = units.flatMap { dependencies(of: $0) }.filter { !units.contains($0) }
    return search(from: outside, for: units)
  }

  /// True if Adam can write over a parameter: no reader of it waits for a result of the product.
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

  /// The dependencies of a unit beyond another that it reads; `nil` if it also depends on that by
  /// way of a third, since merging would then close a circle.
  private mutating func unitsBetween(_ unit: Int, and other: Int) -> [Int]? {
    search(from: dependencies(of: unit).filter { $0 != other }, for: [other])
  }

  /// Lets the region that computes the operand of a sum add it up. Nothing else comes between the
  /// two, so no circle closes.
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
  /// True if a product can apply the function to its result as it writes it.
  ///
  var isEpilogue: Bool {
    if case .leakyReLU(let slope) = self { Float(slope) != 0 } else { false }
  }
}

extension Graph {
  /// True if a slice's elements lie side by side in its operand's memory.
  func isContiguousSlice(_ id: NodeID) -> Bool {
    guard case .slice(let axis, _, _) = self[id].op else { return false }
    return self[id].type.shape.dimensions.prefix(axis).allSatisfy { $0 == 1 }
  }
}
