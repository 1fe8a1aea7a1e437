internal import GANTensor

extension Graph {
  /// The graph with operations that change nothing, or can be had for less, replaced.
  ///
  /// Identities hold to the bit for every finite value; none drops a NaN that a value would carry,
  /// so `0 · x` stays.
  package func simplified() -> Graph {
    var rewriter = GraphRewriter()
    for id in ids {
      let node = self[id]
      let operands = node.operands.map(rewriter.place(of:))
      let place =
        simpler(node.op, operands, type: node.type, in: &rewriter)
        ?? rewriter.append(node.op, operands)
      rewriter.map(id, to: place)
    }
    return rewriter.finish(self)
  }
}

/// A cheaper node with the value of `op` of `x`, if a rule knows one.
private func simpler(
  _ op: Op, _ x: [NodeID], type: TensorType, in rewriter: inout GraphRewriter
) -> NodeID? {
  func node(_ id: NodeID) -> Node { rewriter.nodes[id.index] }
  func isConstant(_ id: NodeID, _ value: Double) -> Bool { constantValue(node(id)) == value }
  switch op {
  case .binary(.multiply) where isConstant(x[0], 1): return x[1]
  case .binary(.multiply) where isConstant(x[1], 1):
    return x[0]
  case .binary(.divide) where isConstant(x[1], 1): return x[0]
  case .binary(.multiply) where isConstant(x[0], -1):
    return rewriter.append(.unary(.negate), [x[1]])
  case .binary(.subtract) where isConstant(x[1], 0): return x[0]
  case .binary(.divide):
    // The reciprocal of a power of two is exact, and so is the product with it.
    guard let divisor = constantValue(node(x[1])), divisor.significand == 1,
      abs(divisor.exponent) < 100
    else { return nil }
    return rewriter.append(
      .binary(.multiply), [x[0], rewriter.append(.constant(1 / divisor, type), [])])
  case .unary(.negate) where node(x[0]).op == .unary(.negate): return node(x[0]).operands[0]
  case .binary(.add) where node(x[1]).op == .unary(.negate):
    return rewriter.append(.binary(.subtract), [x[0], node(x[1]).operands[0]])
  case .binary(.add): return joined(x, type: type, in: &rewriter)
  case .convert(let elementType) where node(x[0]).type.elementType == elementType: return x[0]
  case .reshape:
    guard case .reshape = node(x[0]).op else { return type == node(x[0]).type ? x[0] : nil }
    return rewriter.append(op, node(x[0]).operands)
  case .permute(let order):
    if order == Array(order.indices) { return x[0] }
    guard case .permute(let inner) = node(x[0]).op else { return nil }
    return rewriter.append(.permute(order.map { inner[$0] }), node(x[0]).operands)
  case .matmul(let transposingLHS, let transposingRHS):
    let lhs = untransposed(x[0], in: rewriter)
    let rhs = untransposed(x[1], in: rewriter)
    guard lhs != nil || rhs != nil else { return nil }
    return rewriter.append(
      .matmul(
        transposingLHS: transposingLHS != (lhs != nil),
        transposingRHS: transposingRHS != (rhs != nil)),
      [lhs ?? x[0], rhs ?? x[1]])
  case .broadcast(let shape, let axes):
    guard case .broadcast(_, let inner) = node(x[0]).op else { return nil }
    return rewriter.append(.broadcast(to: shape, axes: inner.map { axes[$0] }), node(x[0]).operands)
  default: return nil
  }
}

/// The matrix whose transpose `id` is.
private func untransposed(_ id: NodeID, in rewriter: GraphRewriter) -> NodeID? {
  let node = rewriter.nodes[id.index]
  return node.op == .permute([1, 0]) ? node.operands[0] : nil
}

/// The sum of two tensors padded with zeros where the other has values, as a concatenation: what
/// the gradients of two slices of one batch add up to.
private func joined(
  _ x: [NodeID], type: TensorType, in rewriter: inout GraphRewriter
) -> NodeID? {
  let (first, second) = (rewriter.nodes[x[0].index], rewriter.nodes[x[1].index])
  guard case .pad(let axis, let before, let after) = first.op,
    case .pad(axis, let otherBefore, let otherAfter) = second.op,
    before + otherBefore + after + otherAfter == type.shape[axis]
  else { return nil }
  let (a, b) = (first.operands[0], second.operands[0])
  if before == 0, otherAfter == 0 { return rewriter.append(.concatenate(axis: axis), [a, b]) }
  if after == 0, otherBefore == 0 { return rewriter.append(.concatenate(axis: axis), [b, a]) }
  return nil
}
