internal import GANTensor

extension Graph {
  /// The graph with operations that change nothing, or can be had for less, replaced.
  ///
  /// Identities hold to the bit for every finite value; none drops a NaN, so `0 · x` stays. A
  /// result is never replaced by a state that is updated: its memory holds the next value before
  /// the result is read.
  package func simplified() -> Graph {
    var rewriter = GraphRewriter()
    let leaving = Set(results.map(base(of:)))
    let changing = Set(updates.map(\.name))
    for id in ids {
      let node = self[id]
      let operands = node.operands.map(rewriter.place(of:))
      let simplest = rewriter.appendSimplest(node.op, operands)
      let isKept =
        leaving.contains(id) && rewriter.showsState(simplest, among: changing)
        && !node.op.isLeaf
      rewriter.map(id, to: isKept ? rewriter.append(node.op, operands) : simplest)
    }
    return rewriter.finish(self)
  }
}

extension GraphRewriter {
  /// Adds a node, or its simplest form under the rules, and returns its place.
  fileprivate mutating func appendSimplest(_ op: Op, _ operands: [NodeID]) -> NodeID {
    switch simpler(op, operands, in: self) {
    case .node(let id): id
    case .operation(let op, let operands): appendSimplest(op, operands)
    case nil: append(op, operands)
    }
  }

  /// True if a node is one of `states` or a view of one.
  fileprivate func showsState(_ id: NodeID, among states: Set<String>) -> Bool {
    let node = nodes[id.index]
    return switch node.op {
    case .state(let name, _): states.contains(name)
    case .reshape, .slice: showsState(node.operands[0], among: states)
    default: false
    }
  }
}

/// The replacement of an operation.
private enum Simplification {
  /// A value that is there.
  case node(NodeID)
  /// Another operation.
  case operation(Op, [NodeID])
}

/// A cheaper equivalent of `op` of `x`, if a rule has one.
private func simpler(_ op: Op, _ x: [NodeID], in rewriter: GraphRewriter) -> Simplification? {
  func node(_ id: NodeID) -> Node { rewriter.nodes[id.index] }
  func isConstant(_ id: NodeID, _ value: Double) -> Bool {
    constantValue(node(id))?.bitPattern == value.bitPattern
  }
  switch op {
  case .binary(.multiply) where isConstant(x[0], 1): return .node(x[1])
  case .binary(.multiply) where isConstant(x[1], 1), .binary(.divide) where isConstant(x[1], 1):
    return .node(x[0])
  case .binary(.multiply) where isConstant(x[0], -1) && node(x[1]).type.elementType == .float32:
    return .operation(.unary(.negate), [x[1]])
  case .binary(.subtract) where isConstant(x[1], 0): return .node(x[0])
  case .unary(.negate) where node(x[0]).op == .unary(.negate):
    return .node(node(x[0]).operands[0])
  case .binary(.add) where node(x[1]).op == .unary(.negate):
    return .operation(.binary(.subtract), [x[0], node(x[1]).operands[0]])
  case .binary(.add): return joined(x, in: rewriter)
  case .convert(let elementType) where node(x[0]).type.elementType == elementType:
    return .node(x[0])
  case .reshape(let shape) where node(x[0]).type.shape == shape: return .node(x[0])
  case .reshape:
    guard case .reshape = node(x[0]).op else { return nil }
    return .operation(op, node(x[0]).operands)
  case .permute(let order) where order == Array(order.indices): return .node(x[0])
  case .permute(let order):
    if case .permute(let inner) = node(x[0]).op {
      return .operation(.permute(order.map { inner[$0] }), node(x[0]).operands)
    }
    return keepsElementOrder(order, of: node(x[0]).type.shape)
      ? .operation(.reshape(Shape(order.map { node(x[0]).type.shape[$0] })), x) : nil
  case .matmul(let transposingLHS, let transposingRHS):
    let lhs = untransposed(x[0], in: rewriter)
    let rhs = untransposed(x[1], in: rewriter)
    guard lhs != nil || rhs != nil else { return nil }
    return .operation(
      .matmul(
        transposingLHS: transposingLHS != (lhs != nil),
        transposingRHS: transposingRHS != (rhs != nil)),
      [lhs ?? x[0], rhs ?? x[1]])
  case .broadcast(let shape, let axes):
    guard case .broadcast(_, let inner) = node(x[0]).op else { return nil }
    return .operation(
      .broadcast(to: shape, axes: inner.map { axes[$0] }), node(x[0]).operands)
  default: return nil
  }
}

/// True if a permutation moves axes of extent 1 only. A matrix is left to the product that reads
/// it, which transposes it itself.
private func keepsElementOrder(_ order: [Int], of shape: Shape) -> Bool {
  let moved = order.filter { shape[$0] != 1 }
  return shape.rank > 2 && moved == moved.sorted()
}

/// The matrix whose transpose `id` is.
private func untransposed(_ id: NodeID, in rewriter: GraphRewriter) -> NodeID? {
  let node = rewriter.nodes[id.index]
  return node.op == .permute([1, 0]) ? node.operands[0] : nil
}

/// The sum of two tensors padded with zeros where the other has values, as a concatenation: the
/// gradients of two slices of one batch are such a sum.
private func joined(_ x: [NodeID], in rewriter: GraphRewriter) -> Simplification? {
  let (first, second) = (rewriter.nodes[x[0].index], rewriter.nodes[x[1].index])
  guard case .pad(let axis, let before, let after) = first.op,
    case .pad(axis, let otherBefore, let otherAfter) = second.op,
    before + otherBefore + after + otherAfter == first.type.shape[axis]
  else { return nil }
  let (a, b) = (first.operands[0], second.operands[0])
  if before == 0, otherAfter == 0 { return .operation(.concatenate(axis: axis), [a, b]) }
  if after == 0, otherBefore == 0 { return .operation(.concatenate(axis: axis), [b, a]) }
  return nil
}
