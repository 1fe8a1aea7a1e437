internal import GANTensor

/// An order of kernels that respects their reads, and the states that can be overwritten in place.
struct KernelOrder {
  /// Nodes whose value goes straight into a state's memory, and that state's name.
  private(set) var inPlaceUpdates: [NodeID: String] = [:]
  private let graph: Graph
  private let fusion: Fusion
  private let units: [Int]
  /// Units that must run before each unit.
  private var predecessors: [Set<Int>]
  /// The units, each behind those that must run before it.
  private(set) var order: UnitOrder
  /// Units that go as soon as they can.
  private var isUrgent: Set<Int> = []

  init(_ graph: Graph, _ fusion: Fusion) {
    self.graph = graph
    self.fusion = fusion
    units = fusion.members.indices.filter { unit in
      fusion.members[unit].contains { !fusion.isVirtual($0) }
    }
    predecessors = Array(repeating: [], count: fusion.members.count)
    order = fusion.order
    var readersOfState: [String: [(unit: Int, kernel: Kernel)]] = [:]
    for unit in units {
      let kernel = fusion.kernel(ofUnit: unit)
      if case .single(let id) = kernel {
        if graph.isSumOfAll(id) { isUrgent.insert(unit) }
        if case .allReduce = graph[id].op {
          for former in graph[id].operands.dropFirst() {
            predecessors[unit].insert(fusion.unitOfNode[former.index])
          }
        }
      }
      for read in graph.reads(of: kernel).map(graph.base(of:)) {
        if case .state(let name, _) = graph[read].op {
          readersOfState[name, default: []].append((unit, kernel))
        } else if !graph[read].op.isLeaf || !fusion.isVirtual(read) {
          predecessors[unit].insert(fusion.unitOfNode[read.index])
        }
      }
    }
    for update in graph.updates { tryInPlace(update, readers: readersOfState[update.name] ?? []) }
  }

  /// Lets the kernel that computes a state's next value write over the present one, if it reads it
  /// element by element and all other readers can go first.
  private mutating func tryInPlace(
    _ update: NamedNode, readers: [(unit: Int, kernel: Kernel)]
  ) {
    let unit = fusion.unitOfNode[update.node.index]
    guard inPlaceUpdates[update.node] == nil, !fusion.isVirtual(update.node),
      graph[update.node].op.isElementwise,
      readers.allSatisfy({ $0.unit != unit || readsDirectly(update.name, $0.kernel) })
    else { return }
    let others = Set(readers.map(\.unit)).subtracting([unit])
    let later = others.filter { order.isBefore(unit, $0) }.sorted()
    let before = predecessors
    let search = order.search(from: later, for: [unit]) { Array(before[$0]) }
    guard let between = search else { return }
    order.merge([unit], into: unit, behind: between)
    predecessors[unit].formUnion(others)
    inPlaceUpdates[update.node] = update.name
    isUrgent.insert(unit)
  }

  private func readsDirectly(_ state: String, _ kernel: Kernel) -> Bool {
    if case .product(let product) = kernel {
      let operands =
        product.operations.flatMap { graph[$0].operands } + [product.bias].compactMap(\.self)
      return operands.allSatisfy {
        if case .state(state, _) = graph[graph.base(of: $0)].op { false } else { true }
      }
    }
    guard case .region(let region) = kernel else {
      if case .single(let id) = kernel { return graph[id].op.isElementwise }
      return false
    }
    return region.nodes.allSatisfy { id in
      graph[id].operands.allSatisfy { operand in
        guard case .broadcast(let source, _) = graph.access(to: operand, in: region),
          case .state(state, _) = graph[graph.base(of: source)].op
        else { return true }
        return false
      }
    }
  }

  /// The units in order: as built, but those that update a state, or add up all of a tensor, go as
  /// soon as they can: what they read is still in the cache, and its memory is free for others.
  func sorted() -> [Int] {
    var successors = [[Int]](repeating: [], count: predecessors.count)
    for unit in units {
      for predecessor in predecessors[unit] { successors[predecessor].append(unit) }
    }
    var waitingFor = predecessors.map(\.count)
    var ready = (urgent: LeastFirst(), others: LeastFirst())
    func add(_ unit: Int) {
      if isUrgent.contains(unit) { ready.urgent.insert(unit) } else { ready.others.insert(unit) }
    }
    for unit in units where waitingFor[unit] == 0 { add(unit) }
    var order: [Int] = []
    while let next = ready.urgent.popLeast() ?? ready.others.popLeast() {
      order.append(next)
      for successor in successors[next] {
        waitingFor[successor] -= 1
        if waitingFor[successor] == 0 { add(successor) }
      }
    }
    precondition(order.count == units.count, "kernels wait for each other: \(units) but \(order)")
    return order
  }
}

extension Graph {
  /// True if a node is the sum of all elements of its operand.
  fileprivate func isSumOfAll(_ id: NodeID) -> Bool {
    if case .sum = self[id].op { self[id].type.shape.rank == 0 } else { false }
  }
}

/// Numbers of which the least is taken first: a binary heap.
private struct LeastFirst {
  private var heap: [Int] = []

  mutating func insert(_ number: Int) {
    heap.append(number)
    var child = heap.count - 1
    while child > 0, heap[child] < heap[(child - 1) / 2] {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func popLeast() -> Int? {
    guard let least = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return least }
    heap[0] = last
    var parent = 0
    while let child = [2 * parent + 1, 2 * parent + 2].filter({ $0 < heap.count })
      .min(by: { heap[$0] < heap[$1] }), heap[child] < heap[parent]
    {
      heap.swapAt(child, parent)
      parent = child
    }
    return least
  }
}
