internal import GANTensor

extension Graph: CustomStringConvertible {
  /// One line a node: `%4 = matmul ᵀrhs (%1, %2) : float32[100, 256]`, then outputs and updates.
  package var description: String {
    let body = ids.map { "  \($0) = \(self[$0])" }
    let outputs = self.outputs.map { "  output \($0.name) = \($0.node)" }
    let updates = self.updates.map { "  update \($0.name) = \($0.node)" }
    return (body + outputs + updates).joined(separator: "\n")
  }
}

extension Node: CustomStringConvertible {
  package var description: String {
    let list =
      operands.isEmpty ? "" : " (" + operands.map(\.description).joined(separator: ", ") + ")"
    return "\(op)\(list) : \(type)"
  }
}

extension Op: CustomStringConvertible {
  /// The op with its properties beyond its operands.
  package var description: String {
    switch self {
    case .input(let name, _), .data(let name, _), .state(let name, _): "\(self.name) \(name)"
    case .constant(let value, _): "constant \(value)"
    case .random(let distribution, let purpose, _, let first):
      "random \(distribution) \(purpose)" + (first == 0 ? "" : " from \(first)")
    case .matmul(let transposingLHS, let transposingRHS):
      "matmul" + (transposingLHS ? " lhsᵀ" : "") + (transposingRHS ? " rhsᵀ" : "")
    case .convolution(let convolution): "\(name) \(convolution)"
    case .convolutionInputGradient(let convolution, let height, let width):
      "\(name) \(convolution) of images of \(height) × \(width)"
    case .convolutionWeightGradient(let convolution, let height, let width):
      "\(name) \(convolution) of windows of \(height) × \(width)"
    case .sum(let axes): "sum over \(axes)"
    case .broadcast(_, let axes): "broadcast as axes \(axes)"
    case .permute(let order): "permute \(order)"
    case .concatenate(let axis): "concatenate along \(axis)"
    case .slice(let axis, let start, let count): "slice axis \(axis) from \(start) count \(count)"
    case .pad(let axis, let before, let after): "pad axis \(axis) by \(before) and \(after)"
    case .allReduce(let parts): name + (parts == 1 ? "" : " of \(parts) parts")
    case .unary, .binary, .compare, .select, .convert, .reshape, .gatherRows, .scatterAddRows: name
    }
  }
}

extension Convolution: CustomStringConvertible {
  /// `stride 2 padding 1`, groups if there are several, and the layout where it is not PyTorch's.
  package var description: String {
    "stride \(stride) padding \(padding)" + (groups == 1 ? "" : " groups \(groups)")
      + (layout == .channelsLast ? " channels last" : "")
  }
}
