package import GANTensor

/// Collects nodes; its identity is the graph being built, which every `Tensor` made here refers to.
///
/// Building never throws: the first rule broken is kept with its caller's line, and `finish` throws
/// it.
package final class GraphBuilder {
  private(set) var nodes: [Node] = []
  private var outputs: [NamedNode] = []
  private var updates: [NamedNode] = []
  private var leaves: [Op: NodeID] = [:]
  private var outputNames: Set<String> = []
  private var updatedNames: Set<String> = []
  private var firstError: GraphError?

  package init() {}

  /// A tensor the host writes before each run.
  package func input(
    _ name: String, _ shape: Shape, _ elementType: ElementType = .float32,
    file: String = #fileID, line: Int = #line
  ) -> Tensor {
    append(.input(name, TensorType(shape, elementType)), [], file: file, line: line)
  }

  /// A resident array, bound once and only read.
  package func data(
    _ name: String, _ shape: Shape, _ elementType: ElementType,
    file: String = #fileID, line: Int = #line
  ) -> Tensor {
    append(.data(name, TensorType(shape, elementType)), [], file: file, line: line)
  }

  /// A tensor that lives from run to run.
  package func state(
    _ name: String, _ shape: Shape, _ elementType: ElementType = .float32,
    file: String = #fileID, line: Int = #line
  ) -> Tensor {
    append(.state(name, TensorType(shape, elementType)), [], file: file, line: line)
  }

  /// One value everywhere.
  package func constant(
    _ value: Double, _ shape: Shape = .scalar, _ elementType: ElementType = .float32,
    file: String = #fileID, line: Int = #line
  ) -> Tensor {
    append(.constant(value, TensorType(shape, elementType)), [], file: file, line: line)
  }

  /// Numbers that are a pure function of (seed, purpose, step, index).
  ///
  /// - Parameter first: The index of the first one.
  package func random(
    _ distribution: RandomDistribution, _ purpose: RandomPurpose, _ shape: Shape, first: Int = 0,
    seed: Tensor, step: Tensor, file: String = #fileID, line: Int = #line
  ) -> Tensor {
    append(
      .random(distribution, purpose, shape, first: first), [seed, step], file: file, line: line)
  }

  /// Makes a value readable by the host under a name.
  package func output(
    _ value: Tensor, as name: String, file: String = #fileID, line: Int = #line
  ) {
    if !outputNames.insert(name).inserted {
      fail("output", "names must differ, got \(name) twice", file, line)
    }
    outputs.append(NamedNode(name: name, node: value.id))
  }

  /// Gives a state tensor its value after the run.
  package func update(
    _ state: Tensor, to value: Tensor, file: String = #fileID, line: Int = #line
  ) {
    guard case .state(let name, let type) = nodes[state.id.index].op else {
      fail("update", "needs a state, got \(nodes[state.id.index].op.name)", file, line)
      return
    }
    if type != value.type {
      fail("update", "\(name) is \(type), got \(value.type)", file, line)
    }
    if !updatedNames.insert(name).inserted {
      fail("update", "a state changes once a run, got \(name) twice", file, line)
    }
    updates.append(NamedNode(name: name, node: value.id))
  }

  /// The graph, verified.
  ///
  /// - Throws: The first rule broken since the builder was made.
  package func finish() throws(GraphError) -> Graph {
    if let firstError { throw firstError }
    return try Graph(nodes: nodes, outputs: outputs, updates: updates).verified()
  }

  /// Stands for a tensor that should be there and is not: `finish` throws.
  package func missing(_ name: String, file: String = #fileID, line: Int = #line) -> Tensor {
    fail("missing", "there must be \(name)", file, line)
    return constant(0)
  }

  func append(
    _ op: Op, _ operands: [Tensor], file: String, line: Int
  ) -> Tensor {
    if op.isLeaf, let known = leaves[op] { return Tensor(builder: self, id: known) }
    let type: TensorType
    switch op.resultType(operands.map(\.type)) {
    case .success(let inferred): type = inferred
    case .failure(let rule):
      fail(op.name, rule.text, file, line)
      // Poisoned: any tensor will do, since `finish` throws.
      if let first = operands.first { return first }
      type = TensorType(.scalar, .float32)
    }
    nodes.append(Node(op: op, operands: operands.map(\.id), type: type))
    let id = NodeID(nodes.count - 1)
    if op.isLeaf { leaves[op] = id }
    return Tensor(builder: self, id: id)
  }

  /// Keeps the first broken rule, of an op or of a composition of ops; `finish` throws it.
  package func fail(_ op: String, _ reason: String, _ file: String, _ line: Int) {
    firstError =
      firstError ?? GraphError(op: op, reason: reason, file: file, line: line)
  }
}

/// A value in a graph under construction.
package struct Tensor {
  /// The graph it is part of.
  package let builder: GraphBuilder
  /// Its node's place in the graph that `finish` returns.
  package let id: NodeID

  /// The extents and element type.
  package var type: TensorType { builder.nodes[id.index].type }

  /// The extents.
  package var shape: Shape { type.shape }
}
