internal import GANTensor

extension Tensor {
  /// The sum of a cotangent over `axes`; `nil` if it is 0 for all values.
  ///
  /// Factors that are constant along the axes are taken out of the sum; a value minus its mean sums
  /// to 0. So the gradient through a batch's mean is the shift's, scaled: it needs no pass over
  /// memory of its own. Unless that leaves a single tensor to sum, the cotangent itself is summed.
  func cotangentSum(over axes: [Int]) -> Tensor? {
    let kept = (0..<shape.rank).filter { !axes.contains($0) }
    guard !kept.isEmpty, !axes.isEmpty else { return summed(over: axes) }
    var sum = FactoredSum(axes: axes, kept: kept)
    guard sum.add(self), sum.isWorthwhile else { return summed(over: axes) }
    return sum.value
  }
}

/// A sum over some axes as the sum of one tensor times a factor that is constant along them.
private struct FactoredSum {
  let axes: [Int]
  let kept: [Int]
  /// The tensor to sum, once one is found.
  private var source: Tensor?
  /// The factor of its sum, of the shape that is kept; `nil` if none was taken out.
  private var factor: Tensor?
  /// The repeated vectors' share of the sum.
  private var rest: Tensor?
  /// True if a factor was taken out or a term fell away.
  private(set) var isWorthwhile = false

  /// Terms looked through, one in another: cotangents are sums of few.
  private static let deepest = 6

  init(axes: [Int], kept: [Int]) {
    self.axes = axes
    self.kept = kept
  }

  var value: Tensor? {
    guard let source else { return rest }
    let sum = source.summed(over: axes)
    let product = factor.map { $0 * sum } ?? sum
    return rest.map { product + $0 } ?? product
  }

  /// Adds a term times a factor; false where a second tensor would have to be summed.
  mutating func add(_ term: Tensor, times factor: Tensor? = nil, depth: Int = 0) -> Bool {
    guard depth < Self.deepest else { return addSource(term, factor) }
    let node = term.builder.nodes[term.id.index]
    let x = node.operands.map { Tensor(builder: term.builder, id: $0) }
    switch node.op {
    case .unary(.negate):
      return add(x[0], times: -(factor ?? one(like: term)), depth: depth + 1)
    case .binary(.add):
      return add(x[0], times: factor, depth: depth + 1)
        && add(x[1], times: factor, depth: depth + 1)
    case .binary(.subtract) where isCentred(x[0], x[1]):
      isWorthwhile = true
      return true
    case .binary(.multiply):
      for (other, repeated) in [(x[0], x[1]), (x[1], x[0])] {
        guard let vector = vector(repeated) else { continue }
        isWorthwhile = true
        return add(other, times: factor.map { $0 * vector } ?? vector, depth: depth + 1)
      }
    case .binary(.divide):
      guard let vector = vector(x[1]) else { break }
      isWorthwhile = true
      return add(x[0], times: (factor ?? one(like: term)) / vector, depth: depth + 1)
    case .broadcast:
      guard let vector = vector(term) else { break }
      isWorthwhile = true
      let count = Double(axes.reduce(1) { $0 * term.shape[$1] })
      let sum = (factor.map { $0 * vector } ?? vector) * count
      rest = rest.map { $0 + sum } ?? sum
      return true
    default: break
    }
    return addSource(term, factor)
  }

  private mutating func addSource(_ term: Tensor, _ factor: Tensor?) -> Bool {
    guard let source else {
      (source, self.factor) = (term, factor)
      return true
    }
    guard source.id == term.id else { return false }
    self.factor = (self.factor ?? one(like: term)) + (factor ?? one(like: term))
    return true
  }

  private func one(like term: Tensor) -> Tensor {
    term.builder.constant(1, Shape(kept.map { term.shape[$0] }))
  }

  /// The vector that a tensor repeats along the axes.
  private func vector(_ tensor: Tensor) -> Tensor? {
    let node = tensor.builder.nodes[tensor.id.index]
    guard case .broadcast(_, kept) = node.op else { return nil }
    return Tensor(builder: tensor.builder, id: node.operands[0])
  }

  /// True if `mean` is the mean of `tensor` over the axes, repeated.
  private func isCentred(_ tensor: Tensor, _ mean: Tensor) -> Bool {
    guard let vector = vector(mean) else { return false }
    let nodes = tensor.builder.nodes
    let product = nodes[vector.id.index]
    guard product.op == .binary(.multiply) else { return false }
    let (sum, share) = (nodes[product.operands[0].index], nodes[product.operands[1].index])
    guard sum.op == .sum(axes: axes), sum.operands[0] == tensor.id,
      case .constant(let value, _) = share.op
    else { return false }
    return value == 1 / Double(axes.reduce(1) { $0 * tensor.shape[$1] })
  }
}
