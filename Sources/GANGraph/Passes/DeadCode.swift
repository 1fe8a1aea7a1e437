extension Graph {
  /// The graph without nodes that reach no output and no update.
  package func withoutDeadCode() -> Graph {
    var isLive = [Bool](repeating: false, count: nodes.count)
    for result in results { isLive[result.index] = true }
    for id in ids.reversed() where isLive[id.index] {
      for operand in self[id].operands { isLive[operand.index] = true }
    }
    var rewriter = GraphRewriter()
    for id in ids where isLive[id.index] {
      let node = self[id]
      rewriter.map(id, to: rewriter.append(node.op, node.operands.map(rewriter.place(of:))))
    }
    return rewriter.finish(self)
  }
}
