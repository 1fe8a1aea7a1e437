internal import GANTensor

extension Graph {
  /// The graph with arithmetic on constants done beforehand, rounded to single precision after each
  /// operation as the backends would.
  package func withConstantsFolded() -> Graph {
    var rewriter = GraphRewriter()
    for id in ids {
      let node = self[id]
      let operands = node.operands.map(rewriter.place(of:))
      let constants = operands.compactMap { constantValue(rewriter.nodes[$0.index]) }
      if constants.count == operands.count, !operands.isEmpty,
        let value = folded(node.op, constants), node.type.elementType == .float32
      {
        rewriter.map(id, to: rewriter.append(.constant(value, node.type), []))
      } else {
        rewriter.map(id, to: rewriter.append(node.op, operands))
      }
    }
    return rewriter.finish(self)
  }
}

/// The value of a constant node.
func constantValue(_ node: Node) -> Double? {
  if case .constant(let value, _) = node.op { value } else { nil }
}

/// The value of an op whose operands are constants, if its result is one value everywhere, too, and
/// every backend would round it alike.
private func folded(_ op: Op, _ x: [Double]) -> Double? {
  let values = x.map { Float($0) }
  let result: Float? =
    switch op {
    case .unary(.negate): -values[0]
    case .unary(.sqrt): values[0].squareRoot()
    case .unary(.leakyReLU(let slope)): values[0] > 0 ? values[0] : Float(slope) * values[0]
    case .binary(.add): values[0] + values[1]
    case .binary(.subtract): values[0] - values[1]
    case .binary(.multiply): values[0] * values[1]
    case .binary(.divide): values[0] / values[1]
    case .binary(.maximum): values[0] >= values[1] || values[0].isNaN ? values[0] : values[1]
    case .broadcast, .reshape, .permute, .slice: values[0]
    case .input, .data, .state, .constant, .random, .unary, .compare, .select, .convert, .matmul,
      .convolution, .convolutionInputGradient, .convolutionWeightGradient, .sum, .concatenate,
      .pad, .gatherRows, .scatterAddRows, .allReduce:
      nil
    }
  return result.map(Double.init)
}
