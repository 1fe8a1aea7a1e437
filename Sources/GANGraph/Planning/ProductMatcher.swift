internal import GANTensor

/// The search for nodes after a matrix product that its kernel can compute, too.
struct ProductMatcher {
  let graph: Graph
  let users: [[NodeID]]
  /// True for each node whose value leaves the graph.
  let isResult: [Bool]

  /// A product and the nodes it computes beside the matrix product itself.
  struct Match {
    var product: Product
    var absorbed: [NodeID] = []
  }

  /// The product with its kernel's further work, the most first; empty if `id` is no product.
  func matches(_ id: NodeID, _ fusion: ProductFusion) -> [Match] {
    let bare = Match(product: Product(operation: id, result: id))
    let axis = biasAxis(id)
    guard axis != nil, fusion != .none else {
      return axis != nil || graph[id].op.isConvolution ? [bare] : []
    }
    var forwards = bare
    matchBias(&forwards)
    matchActivation(&forwards)
    guard fusion == .optimiser, case .matmul(transposingLHS: true, _) = graph[id].op,
      forwards.absorbed.isEmpty
    else { return [forwards] }
    let sum = summed(bare)
    return [sum.flatMap(stepping), sum, stepping(bare), bare].compactMap(\.self)
  }

  /// The vector that `sum` adds to each row of a product, or to each pixel of a convolution, if `id`
  /// repeats one.
  func biasVector(_ id: NodeID, of sum: NodeID) -> NodeID? {
    guard graph[sum].op == .binary(.add), case .broadcast(_, let axes) = graph[id].op,
      let other = graph[sum].operands.first(where: { $0 != id }), let axis = biasAxis(other),
      axes == [axis], isRead(other, onlyBy: [sum])
    else { return nil }
    let vector = graph[id].operands[0]
    // A constant has no memory for a product to read.
    return constant(vector) == nil ? vector : nil
  }

  // MARK: Forwards

  /// The axis of a result along which its kernel can add a vector, and then apply an activation;
  /// `nil` if it can do neither.
  private func biasAxis(_ id: NodeID) -> Int? {
    switch graph[id].op {
    case .matmul: 1
    case .convolution(let convolution): convolution.layout.channelAxis
    default: nil
    }
  }

  private func matchBias(_ match: inout Match) {
    guard let sum = onlyUser(of: match.product.result) else { return }
    for operand in graph[sum].operands {
      guard let vector = biasVector(operand, of: sum) else { continue }
      match.product.bias = vector
      match.product.result = sum
      match.absorbed.append(sum)
      return
    }
  }

  private func matchActivation(_ match: inout Match) {
    guard let activation = onlyUser(of: match.product.result),
      case .unary(let function) = graph[activation].op, function.isEpilogue
    else { return }
    match.product.finish = .activation(function)
    match.product.result = activation
    match.absorbed.append(activation)
  }

  // MARK: Gradients

  /// The product with its addends, if there are any.
  private func summed(_ match: Match) -> Match? {
    var match = match
    while let sum = onlyUser(of: match.product.result), graph[sum].op == .binary(.add),
      let other = graph[sum].operands.first(where: { $0 != match.product.result }),
      case .matmul(transposingLHS: true, _) = graph[other].op, isRead(other, onlyBy: [sum])
    {
      match.product.addends.append(other)
      match.product.result = sum
      match.absorbed += [other, sum]
    }
    return match.product.addends.isEmpty ? nil : match
  }

  /// The product with the step of Adam that uses it up, if there is one.
  private func stepping(_ match: Match) -> Match? {
    var match = match
    let g = match.product.result
    guard !isResult[g.index] else { return nil }
    let steps = graph.updates.lazy.compactMap { adamStep($0, gradient: g) }
    guard let (step, absorbed) = steps.first else { return nil }
    match.product.finish = .adam(step)
    match.product.result = step.nextParameter
    match.absorbed += absorbed
    // The bias gradient is free: it sums an operand that is read anyway.
    let sums = match.product.operations.lazy.compactMap { matmul in
      users[graph[matmul].operands[0].index].first { graph[$0].op == .sum(axes: [0]) }
    }
    if let sums = sums.first {
      match.product.lhsSums = sums
      match.absorbed.append(sums)
    }
    return match
  }

  /// The step that ends in an update of a parameter, if it is Adam's on this gradient.
  private func adamStep(_ update: NamedNode, gradient g: NodeID) -> (AdamStep, [NodeID])? {
    let nextParameter = update.node
    guard let (parameter, quotient) = operands(nextParameter, .subtract),
      let (direction, denominator) = operands(quotient, .divide),
      let (nextFirst, stepSize) = operands(direction, .multiply),
      let (root, epsilon) = operands(denominator, .add),
      let (squareRoot, inverseRoot) = operands(root, .multiply),
      graph[squareRoot].op == .unary(.sqrt)
    else { return nil }
    let nextSecond = graph[squareRoot].operands[0]
    guard let (keptFirst, addedFirst) = operands(nextFirst, .add),
      let (keptSecond, addedSecond) = operands(nextSecond, .add),
      let (first, firstDecay) = scaled(keptFirst), let (g1, firstWeight) = scaled(addedFirst),
      let (second, secondDecay) = scaled(keptSecond),
      let (square, secondWeight) = scaled(addedSecond),
      g1 == g, let (g2, g3) = operands(square, .multiply), g2 == g, g3 == g,
      let epsilon = constant(epsilon), let stepSize = scalar(stepSize),
      let inverseRoot = scalar(inverseRoot)
    else { return nil }
    let inner = [
      quotient, direction, denominator, root, squareRoot, keptFirst, addedFirst, keptSecond,
      addedSecond, square,
    ]
    guard isRead(g, onlyBy: [addedFirst, square]),
      inner.allSatisfy({ users[$0.index].count == 1 && !isResult[$0.index] }),
      users[nextFirst.index] == [direction], users[nextSecond.index] == [squareRoot],
      isUpdate(nextParameter, ofState: parameter), isUpdate(nextFirst, ofState: first),
      isUpdate(nextSecond, ofState: second), users[first.index] == [keptFirst],
      users[second.index] == [keptSecond]
    else { return nil }
    let step = AdamStep(
      parameter: parameter, firstMoment: first, secondMoment: second,
      nextParameter: nextParameter, nextFirstMoment: nextFirst, nextSecondMoment: nextSecond,
      stepSize: stepSize, inverseRoot: inverseRoot, firstDecay: firstDecay,
      firstWeight: firstWeight, secondDecay: secondDecay, secondWeight: secondWeight,
      epsilon: epsilon)
    return (step, (inner + [nextFirst, nextSecond, nextParameter]).sorted())
  }

  /// True if a node is the next value of one state and of nothing else that leaves the graph.
  private func isUpdate(_ id: NodeID, ofState state: NodeID) -> Bool {
    guard case .state(let name, _) = graph[state].op else { return false }
    return graph.updates.filter { $0.node == id }.map(\.name) == [name]
      && !graph.outputs.contains { $0.node == id }
  }

  // MARK: Shapes of expressions

  private func operands(_ id: NodeID, _ function: BinaryFunction) -> (NodeID, NodeID)? {
    graph[id].op == .binary(function) ? (graph[id].operands[0], graph[id].operands[1]) : nil
  }

  /// The value and the factor of a product by one number.
  private func scaled(_ id: NodeID) -> (NodeID, AdamStep.Factor)? {
    guard let (value, factor) = operands(id, .multiply) else { return nil }
    if let constant = constant(factor) { return (value, .constant(constant)) }
    return scalar(factor).map { (value, .scalar($0)) }
  }

  /// The scalar that a node repeats, if it lies in memory.
  private func scalar(_ id: NodeID) -> NodeID? {
    guard case .broadcast = graph[id].op else { return nil }
    let source = graph[id].operands[0]
    return graph[source].type == TensorType(.scalar, .float32) && isInMemory(source) ? source : nil
  }

  private func constant(_ id: NodeID) -> Double? { constantValue(graph[id]) }

  /// True if a node's own elements lie in memory one after another.
  private func isInMemory(_ id: NodeID) -> Bool {
    switch graph[id].op {
    case .constant, .broadcast: false
    default: true
    }
  }

  private func onlyUser(of id: NodeID) -> NodeID? {
    isResult[id.index] || users[id.index].count != 1 ? nil : users[id.index][0]
  }

  private func isRead(_ id: NodeID, onlyBy readers: Set<NodeID>) -> Bool {
    Set(users[id.index]) == readers && !isResult[id.index]
  }
}
