package import GANGraph
internal import GANTensor

/// A network in a graph under construction: its description and the tensors of its parameters.
package struct Network {
  package let description: NetworkDescription
  /// The parameters by name; replaced by their next values once an optimiser has stepped.
  package var parameters: [String: Tensor]
  private let states: [String: Tensor]
  private let builder: GraphBuilder

  /// A network whose parameters are states named `<prefix>.<parameter>`.
  package init(_ description: NetworkDescription, prefix: String, in builder: GraphBuilder) {
    self.description = description
    self.builder = builder
    var states: [String: Tensor] = [:]
    for parameter in description.parameters {
      states[parameter.name] = builder.state("\(prefix).\(parameter.name)", parameter.shape)
    }
    self.states = states
    parameters = states
  }

  /// Makes the present parameters the state of the next run.
  package func recordUpdates() {
    for parameter in description.parameters {
      guard let state = states[parameter.name], let value = parameters[parameter.name] else {
        continue
      }
      builder.update(state, to: value)
    }
  }

  /// The parameters in PyTorch's order.
  package var orderedParameters: [(name: String, tensor: Tensor)] {
    description.parameters.compactMap { parameter in
      parameters[parameter.name].map { (parameter.name, $0) }
    }
  }

  /// Applies the network to a batch, `[N] + inputShape → [N] + outputShape`.
  package func callAsFunction(_ input: Tensor) -> Tensor {
    description.layers.enumerated().reduce(input) { input, indexed in
      apply(indexed.element, index: indexed.offset, to: input)
    }
  }

  private func apply(_ layer: Layer, index: Int, to input: Tensor) -> Tensor {
    switch layer {
    case .linear(_, let outputs, _):
      guard let weight = parameters["\(index).weight"] else { return input }
      let product = input.matmul(weight, transposingRHS: true)
      guard let bias = parameters["\(index).bias"] else { return product }
      return product + bias.broadcast(to: [input.shape[0], outputs], axes: [1])
    case .relu: return input.relu()
    case .leakyReLU(let slope): return input.leakyReLU(slope: slope)
    case .tanh: return input.tanh()
    case .softplus: return input.softplus()
    }
  }
}
