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
    let reached = builder.nodesReached(
      from: sources.map(\.id), upTo: id, holding: Set(constants.map(\.id)))
    var cotangents: [NodeID: Tensor] = [id: builder.constant(1)]
    let nodes = builder.nodes
    for index in stride(from: id.index, through: 0, by: -1) where reached[index] {
      guard let cotangent = cotangents[NodeID(index)] else { continue }
      let node = nodes[index]
      let operandCotangents = pullback(
        of: node.op, operands: node.operands.map { Tensor(builder: builder, id: $0) },
        result: Tensor(builder: builder, id: NodeID(index)), cotangent: cotangent)
      for (operand, contribution) in zip(node.operands, operandCotangents) {
        guard let contribution, reached[operand.index] else { continue }
        cotangents[operand] = cotangents[operand].map { $0 + contribution } ?? contribution
      }
    }
    return sources.map { cotangents[$0.id] ?? $0.constant(0) }
  }
}

extension GraphBuilder {
  /// Which nodes, up to the last, depend on one of `sources` (each depends on itself).
  fileprivate func nodesReached(
    from sources: [NodeID], upTo last: NodeID, holding constants: Set<NodeID>
  ) -> [Bool] {
    var reached = [Bool](repeating: false, count: last.index + 1)
    for source in sources where source.index <= last.index { reached[source.index] = true }
    for index in reached.indices where !reached[index] && !constants.contains(NodeID(index)) {
      reached[index] = nodes[index].operands.contains { reached[$0.index] }
    }
    return reached
  }
}
