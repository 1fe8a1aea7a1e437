/// A rewriting of a graph into another that computes the same values.
package struct Pass: Sendable {
  /// Its effect on a graph, as the explanation prints it.
  package let name: String
  let rewrite: @Sendable (Graph) -> Graph

  /// The passes in the order they run.
  ///
  /// Layouts go first, since identities remove the permutations they need; identities go before
  /// folding, which cleans up behind them; nodes that neither reaches are dead.
  ///
  /// - Parameter profile: Decides the layout of images.
  package static func all(for profile: PlanningProfile) -> [Pass] {
    let layouts =
      switch profile.imageArrangement {
      case .asWritten: [Pass]()
      case .channelsLast: [Pass(name: "with channels last") { $0.withChannelsLast() }]
      }
    return [Pass(name: "without dead code") { $0.withoutDeadCode() }] + layouts + rewritings
  }

  private static let rewritings: [Pass] = [
    Pass(name: "simplified") { $0.simplified() },
    Pass(name: "with constants folded") { $0.withConstantsFolded() },
    Pass(name: "with common subexpressions shared") { $0.withSharedSubexpressions() },
    Pass(name: "simplified again") { $0.simplified() },
    Pass(name: "without dead code") { $0.withoutDeadCode() },
  ]
}

extension Graph {
  /// The graph after every pass, each verified after itself.
  ///
  /// - Parameters:
  ///   - profile: Of the device that will run it.
  ///   - explain: Receives the graph as text, before the first pass and after each.
  /// - Throws: The rule a pass broke, which is a defect of the pass.
  package func optimized(
    for profile: PlanningProfile, explain: ((String) -> Void)? = nil
  ) throws(GraphError) -> Graph {
    try rewritten(by: Pass.all(for: profile), explain: explain)
  }

  /// The graph after some passes, each verified after itself.
  ///
  /// - Throws: The rule a pass broke.
  package func rewritten(
    by passes: [Pass], explain: ((String) -> Void)? = nil
  ) throws(GraphError) -> Graph {
    var graph = self
    explain?("graph as built\n\(graph)")
    for pass in passes {
      graph = try pass.rewrite(graph).verified()
      explain?("graph \(pass.name)\n\(graph)")
    }
    return graph
  }
}

/// A graph being rewritten node by node, in order; the caller decides the new form of each.
///
/// Every old node has a new one before its users are visited, so a rewriting sees new operands only.
struct GraphRewriter {
  private(set) var nodes: [Node] = []
  private var places: [NodeID: NodeID] = [:]

  /// The new place of an old node.
  func place(of old: NodeID) -> NodeID {
    guard let new = places[old] else {
      preconditionFailure("\(old) is used before it is rewritten")
    }
    return new
  }

  /// Says that an old node's value is now that of `new`.
  mutating func map(_ old: NodeID, to new: NodeID) { places[old] = new }

  /// Adds a node, whose operands are new ones, and returns its place.
  mutating func append(_ op: Op, _ operands: [NodeID]) -> NodeID {
    guard case .success(let type) = op.resultType(operands.map { nodes[$0.index].type }) else {
      preconditionFailure("a pass built an ill-typed \(op.name) of \(operands)")
    }
    nodes.append(Node(op: op, operands: operands, type: type))
    return NodeID(nodes.count - 1)
  }

  /// The rewritten graph with the results of `graph`.
  func finish(_ graph: Graph) -> Graph {
    func moved(_ named: NamedNode) -> NamedNode {
      NamedNode(name: named.name, node: place(of: named.node))
    }
    return Graph(
      nodes: nodes, outputs: graph.outputs.map(moved), updates: graph.updates.map(moved))
  }
}
