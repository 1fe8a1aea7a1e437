internal import GANTensor

/// A graph as a list of kernels in the order they run, and the place of each value.
package struct Schedule: Sendable {
  /// The graph.
  package let graph: Graph
  /// The kernels, in the order they run.
  package let kernels: [Kernel]
  /// The place of each node's value; `nil` for nodes that are never in memory.
  package let locations: [Location?]
  /// The arena's buffers, which locations refer to.
  package let buffers: [Lifetime]
  /// States whose value lies elsewhere at the end and is copied to them after the last kernel.
  package let copies: [StateCopy]
  /// Units looked at in search of circles: the cost of scheduling beyond a few passes.
  package let visitCount: Int

  /// A value on its way into a state after the last kernel.
  package struct StateCopy: Hashable, Sendable {
    package let state: String
    package let source: NodeID
  }

  /// Schedules a graph: fuses it, orders the kernels, gives every value a place.
  ///
  /// - Parameter profile: The abilities of the device's kernels.
  package init(_ graph: Graph, _ profile: PlanningProfile) {
    let fusion = Fusion(graph, profile)
    let ordering = KernelOrder(graph, fusion)
    let order = ordering.sorted()
    let storage = StorageAssignment(graph, fusion, order, inPlace: ordering.inPlaceUpdates)
    self.graph = graph
    kernels = order.map { fusion.kernel(ofUnit: $0) }
    locations = storage.locations
    visitCount = ordering.order.visitCount
    buffers = storage.buffers
    copies = graph.updates.filter { ordering.inPlaceUpdates[$0.node] != $0.name }
      .map { StateCopy(state: $0.name, source: $0.node) }
  }

  /// The nodes whose memory a kernel reads; each once, in order of first use.
  package func reads(of kernel: Kernel) -> [NodeID] { graph.reads(of: kernel) }
}

extension Fusion {
  func kernel(ofUnit unit: Int) -> Kernel {
    if let product = product(inUnit: unit) { return .product(product) }
    let nodes = members[unit]
    guard isFusable(nodes[0]) else { return .single(nodes[0]) }
    let elementwise = nodes.filter(isFusable)
    return .region(
      Region(
        shape: graph[nodes[0]].type.shape, nodes: elementwise,
        outputs: elementwise.filter { isRead(outside: unit, $0) },
        sums: nodes.filter { !isFusable($0) }))
  }
}

extension Graph {
  /// The nodes whose memory a kernel reads; each once, in order of first use.
  package func reads(of kernel: Kernel) -> [NodeID] {
    var found: [NodeID] = []
    func add(_ id: NodeID) { if !found.contains(id) { found.append(id) } }
    switch kernel {
    case .product(let product):
      let reads =
        product.operations.flatMap { self[$0].operands } + [product.bias].compactMap(\.self)
      for id in reads + product.finishReads { add(id) }
    case .region(let region):
      for id in region.nodes {
        for operand in self[id].operands {
          switch access(to: operand, in: region) {
          case .member, .immediate: break
          case .direct(let node), .broadcast(let node, _): add(node)
          }
        }
      }
    case .single(let id):
      // An exchange comes after another, and reads nothing of it.
      if case .allReduce = self[id].op {
        add(self[id].operands[0])
      } else {
        self[id].operands.forEach(add)
      }
    }
    return found
  }

  /// The nodes whose memory a kernel writes.
  package func writes(of kernel: Kernel) -> [NodeID] {
    switch kernel {
    case .product(let product): product.writes
    case .region(let region): region.outputs + region.sums
    case .single(let id): [id]
    }
  }

  /// The node whose memory a view shows: itself unless it is a reshape or a contiguous slice.
  func base(of id: NodeID) -> NodeID {
    switch self[id].op {
    case .reshape: base(of: self[id].operands[0])
    case .slice where isContiguousSlice(id): base(of: self[id].operands[0])
    default: id
    }
  }
}
