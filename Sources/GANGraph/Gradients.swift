internal import GANTensor

extension Tensor {
  /// The gradients of this scalar with respect to `sources`, as new nodes of the same graph.
  ///
  /// Differentiable again, to any order. Everything not reached from `sources` is held constant; a
  /// source this value does not depend on gets zeros.
  ///
  /// - Parameters:
  ///   - sources: `float32` tensors of the same graph, made before this one.
  ///   - constants: Tensors held constant although they depend on a source, as the discriminator's
  ///     new parameters depend on the generator whose images it has just learnt from.
  /// - Returns: One tensor per source, of its shape.
  package func gradients(
    withRespectTo sources: [Tensor], holding constants: [Tensor] = [], file: String = #fileID,
    line: Int = #line
  ) -> [Tensor] {
    guard shape == .scalar, type.elementType == .float32 else {
      builder.fail("gradients", "needs a float32 scalar, got \(type)", file, line)
      return sources
    }
    let reached = ReachedNodes(
      of: builder, from: sources.map(\.id), upTo: id, holding: Set(constants.map(\.id)))
    var cotangents: [NodeID: Tensor] = [id: builder.constant(1)]
    for index in reached.stretch.reversed() where reached.contains(NodeID(index)) {
      guard let cotangent = cotangents[NodeID(index)] else { continue }
      let node = builder.nodes[index]
      let operandCotangents = pullback(
        of: node.op, operands: node.operands.map { Tensor(builder: builder, id: $0) },
        result: Tensor(builder: builder, id: NodeID(index)), cotangent: cotangent)
      for (operand, contribution) in zip(node.operands, operandCotangents) {
        guard let contribution, reached.contains(operand) else { continue }
        cotangents[operand] = cotangents[operand].map { $0 + contribution } ?? contribution
      }
    }
    return sources.map { cotangents[$0.id] ?? $0.constant(0) }
  }
}

/// The nodes that depend on a source (each on itself), in the stretch of a graph from the first
/// source on: the gradients of one update of many take as long as that update is.
private struct ReachedNodes {
  let stretch: Range<Int>
  private var isReached: [Bool]

  init(
    of builder: GraphBuilder, from sources: [NodeID], upTo last: NodeID,
    holding constants: Set<NodeID>
  ) {
    let end = last.index + 1
    stretch = sources.reduce(end) { min($0, $1.index) }..<end
    isReached = Array(repeating: false, count: stretch.count)
    for source in sources where stretch.contains(source.index) {
      isReached[source.index - stretch.lowerBound] = true
    }
    for index in stretch where !contains(NodeID(index)) && !constants.contains(NodeID(index)) {
      isReached[index - stretch.lowerBound] = builder.nodes[index].operands.contains(
        where: contains)
    }
  }

  func contains(_ id: NodeID) -> Bool {
    stretch.contains(id.index) && isReached[id.index - stretch.lowerBound]
  }
}
