internal import GANTensor

/// A node's place in its graph; operands always come before the nodes that use them.
package struct NodeID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Position in `Graph.nodes`.
  package let index: Int

  package init(_ index: Int) { self.index = index }

  package static func < (lhs: NodeID, rhs: NodeID) -> Bool { lhs.index < rhs.index }

  package var description: String { "%\(index)" }
}

/// An operation on the results of earlier ones.
package struct Node: Hashable, Sendable {
  /// The operation.
  package let op: Op
  /// The nodes whose results it reads.
  package let operands: [NodeID]
  /// The result's extents and element type.
  package let type: TensorType

  package init(op: Op, operands: [NodeID], type: TensorType) {
    self.op = op
    self.operands = operands
    self.type = type
  }
}

/// A named value of a graph.
package struct NamedNode: Hashable, Sendable {
  /// Its name for the host, or the state's.
  package let name: String
  /// The value.
  package let node: NodeID

  package init(name: String, node: NodeID) {
    self.name = name
    self.node = node
  }
}

/// A pure function as data: nodes in topological order, outputs, the states' next values.
///
/// Immutable. Passes make new graphs; `verified()` checks one.
package struct Graph: Hashable, Sendable {
  /// Every operation, operands first.
  package let nodes: [Node]
  /// Values the host can read after a run.
  package let outputs: [NamedNode]
  /// State after a run: each named state takes the node's value, all at once.
  package let updates: [NamedNode]

  package init(nodes: [Node], outputs: [NamedNode], updates: [NamedNode]) {
    self.nodes = nodes
    self.outputs = outputs
    self.updates = updates
  }

  package subscript(id: NodeID) -> Node { nodes[id.index] }

  /// Every node's place, in order.
  package var ids: [NodeID] { nodes.indices.map(NodeID.init) }

  /// Values that leave the graph: outputs, then updates.
  package var results: [NodeID] { outputs.map(\.node) + updates.map(\.node) }

  /// True for each node whose value leaves the graph.
  var isResult: [Bool] {
    var isResult = [Bool](repeating: false, count: nodes.count)
    for result in results { isResult[result.index] = true }
    return isResult
  }

  /// The nodes that read each node, in order; a node that reads one twice is listed once.
  package var users: [[NodeID]] {
    var users = [[NodeID]](repeating: [], count: nodes.count)
    for id in ids {
      for operand in Set(self[id].operands) { users[operand.index].append(id) }
    }
    return users
  }

  /// Multiply-adds of all products: `rows × inner × columns` of each matrix product; of each
  /// convolution its windows' taps times its filters, taps in the padding included.
  package var multiplyAddCount: Int { ids.reduce(0) { $0 + multiplyAddCount(of: $1) } }

  /// Multiply-adds of one node; 0 where it is no product.
  package func multiplyAddCount(of id: NodeID) -> Int {
    let node = self[id]
    guard case .matmul(let transposingLHS, _) = node.op else {
      return convolutionExtents(id)?.multiplyAddCount ?? 0
    }
    let lhs = self[node.operands[0]].type.shape
    return node.type.shape.elementCount * (transposingLHS ? lhs[0] : lhs[1])
  }

  /// The names of the inputs, which the host writes before each run.
  package var inputNames: Set<String> {
    nodes.reduce(into: []) { names, node in
      if case .input(let name, _) = node.op { names.insert(name) }
    }
  }

  /// State tensors the graph reads or writes, in order of first appearance.
  package var stateTypes: [(name: String, type: TensorType)] {
    var seen: Set<String> = []
    var found: [(name: String, type: TensorType)] = []
    for node in nodes {
      if case .state(let name, let type) = node.op, seen.insert(name).inserted {
        found.append((name, type))
      }
    }
    for update in updates where seen.insert(update.name).inserted {
      found.append((update.name, self[update.node].type))
    }
    return found
  }
}
