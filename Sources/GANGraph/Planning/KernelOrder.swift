internal import GANTensor

/// Puts kernels in an order that respects what they read, and finds the states that can be
/// overwritten where they lie.
struct KernelOrder {
  /// Nodes whose value goes straight into a state's memory, and which.
  private(set) var inPlaceUpdates: [NodeID: String] = [:]
  private let graph: Graph
  private let fusion: Fusion
  private let units: [Int]
  /// Units that must run before each unit.
  private var predecessors: [Int: Set<Int>] = [:]
  private var isUpdate: Set<Int> = []

  init(_ graph: Graph, _ fusion: Fusion) {
    self.graph = graph
    self.fusion = fusion
    units = fusion.members.indices.filter { unit in
      fusion.members[unit].contains { !fusion.isVirtual($0) }
    }
    var readersOfState: [String: [(unit: Int, kernel: Kernel)]] = [:]
    for unit in units {
      let kernel = fusion.kernel(ofUnit: unit)
      for read in graph.reads(of: kernel).map(graph.base(of:)) {
        if case .state(let name, _) = graph[read].op {
          readersOfState[name, default: []].append((unit, kernel))
        } else if !graph[read].op.isLeaf || !fusion.isVirtual(read) {
          predecessors[unit, default: []].insert(fusion.unitOfNode[read.index])
        }
      }
    }
    for update in graph.updates { tryInPlace(update, readers: readersOfState[update.name] ?? []) }
  }

  /// Lets the kernel that computes a state's next value write over the present one, if it reads it
  /// element by element and everybody else who reads it can go first.
  private mutating func tryInPlace(
    _ update: NamedNode, readers: [(unit: Int, kernel: Kernel)]
  ) {
    let unit = fusion.unitOfNode[update.node.index]
    guard inPlaceUpdates[update.node] == nil, !fusion.isVirtual(update.node),
      graph[update.node].op.isElementwise,
      readers.allSatisfy({ $0.unit != unit || readsDirectly(update.name, $0.kernel) })
    else { return }
    let others = Set(readers.map(\.unit)).subtracting([unit])
    guard !others.contains(where: { precedes(unit, $0) }) else { return }
    predecessors[unit, default: []].formUnion(others)
    inPlaceUpdates[update.node] = update.name
    isUpdate.insert(unit)
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

  /// Whether `first` must run before `second`.
  private func precedes(_ first: Int, _ second: Int) -> Bool {
    var pending = [second]
    var seen: Set<Int> = [second]
    while let unit = pending.popLast() {
      for predecessor in predecessors[unit] ?? [] where seen.insert(predecessor).inserted {
        if predecessor == first { return true }
        pending.append(predecessor)
      }
    }
    return false
  }

  /// The units in order: as built, but what updates a state goes as soon as it can, while the
  /// gradient it reads is still in the cache.
  mutating func sorted() -> [Int] {
    var order: [Int] = []
    var done: Set<Int> = []
    var waiting = units
    while !waiting.isEmpty {
      let ready = waiting.filter { done.isSuperset(of: predecessors[$0] ?? []) }
      guard let next = ready.first(where: isUpdate.contains) ?? ready.first else {
        preconditionFailure("kernels wait for each other: \(waiting)")
      }
      order.append(next)
      done.insert(next)
      waiting.removeAll { $0 == next }
    }
    return order
  }
}
