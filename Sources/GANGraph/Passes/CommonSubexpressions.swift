extension Graph {
  /// The graph with every computation done once: nodes with the same op and operands are one.
  ///
  /// Random leaves are no exception: the same seed, purpose and step are the same numbers.
  package func withSharedSubexpressions() -> Graph {
    struct Computation: Hashable {
      let op: Op
      let operands: [NodeID]
    }
    var known: [Computation: NodeID] = [:]
    var rewriter = GraphRewriter()
    for id in ids {
      let computation = Computation(
        op: self[id].op, operands: self[id].operands.map(rewriter.place(of:)))
      let place =
        known[computation] ?? rewriter.append(computation.op, computation.operands)
      known[computation] = place
      rewriter.map(id, to: place)
    }
    return rewriter.finish(self)
  }
}
