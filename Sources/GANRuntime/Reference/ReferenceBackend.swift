package import GANGraph
internal import GANTensor

/// Runs graphs as their ops are defined: plain loops over `Double`, one node after another, every
/// value kept. The oracle of the tests, never the fast path.
///
/// `float32` nodes are computed and kept in double precision; nothing is rounded on the way.
package struct ReferenceBackend: Sendable {
  /// The ranks that sums over all of them are taken over; nil where this process is alone.
  let ranks: Ranks?

  /// - Parameter ranks: The ranks that compute the same; nil where this process is alone.
  package init(ranks: Ranks? = nil) { self.ranks = ranks }

  /// Runs a graph once.
  ///
  /// - Parameters:
  ///   - graph: A verified graph.
  ///   - inputs: Inputs and data arrays by name; names the graph does not read are ignored.
  ///   - state: States by name.
  /// - Returns: The outputs, and every given state after the run, updated ones with their new value.
  /// - Throws: `ReferenceError` if a tensor is missing or has another type than the graph's, or an
  ///   index names no row.
  package func run(
    _ graph: Graph, inputs: [String: ReferenceTensor] = [:], state: [String: ReferenceTensor] = [:]
  ) throws(ReferenceError) -> (
    outputs: [String: ReferenceTensor], state: [String: ReferenceTensor]
  ) {
    let values = try values(of: graph, inputs: inputs, state: state)
    var outputs: [String: ReferenceTensor] = [:]
    for output in graph.outputs { outputs[output.name] = values[output.node.index] }
    var newState = state
    for update in graph.updates { newState[update.name] = values[update.node.index] }
    return (outputs, newState)
  }

  /// The value of every node, in order.
  ///
  /// - Throws: As `run` does.
  package func values(
    of graph: Graph, inputs: [String: ReferenceTensor] = [:], state: [String: ReferenceTensor] = [:]
  ) throws(ReferenceError) -> [ReferenceTensor] {
    var values: [ReferenceTensor] = []
    for id in graph.ids {
      let node = graph[id]
      switch node.op {
      case .input(let name, let type), .data(let name, let type):
        values.append(try given(name, type, in: inputs))
      case .state(let name, let type):
        values.append(try given(name, type, in: state))
      case .constant, .random, .unary, .binary, .compare, .select, .convert, .matmul,
        .convolution, .convolutionInputGradient, .convolutionWeightGradient, .sum, .broadcast,
        .reshape, .permute, .concatenate, .slice, .pad, .gatherRows, .scatterAddRows, .allReduce:
        values.append(try computed(id, node, node.operands.map { values[$0.index] }))
      }
    }
    return values
  }

  private func given(
    _ name: String, _ type: TensorType, in tensors: [String: ReferenceTensor]
  ) throws(ReferenceError) -> ReferenceTensor {
    guard let tensor = tensors[name] else { throw .missing(name: name) }
    guard tensor.type == type else {
      throw .wrongType(name: name, expected: type, got: tensor.type)
    }
    return tensor
  }
}
