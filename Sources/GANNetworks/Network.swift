package import GANGraph
internal import GANTensor

/// A network in a graph under construction: its description and the tensors it consists of.
package struct Network {
  package let description: NetworkDescription
  /// The parameters by name; replaced by their next values once an optimiser has stepped.
  package private(set) var parameters: [String: Tensor]
  /// The buffers by name; replaced by what training applications make of them.
  package private(set) var buffers: [String: Tensor]
  /// The parameters as layers use them, by plain name: the spectrally normalised ones divided.
  private var weights: [String: Tensor] = [:]
  private let states: [String: Tensor]
  private let builder: GraphBuilder

  /// A network whose parameters and buffers are states named `<prefix>.<name>`.
  package init(_ description: NetworkDescription, prefix: String, in builder: GraphBuilder) {
    self.description = description
    self.builder = builder
    parameters = [:]
    for parameter in description.parameters {
      parameters[parameter.name] = builder.state("\(prefix).\(parameter.name)", parameter.shape)
    }
    buffers = [:]
    for buffer in description.buffers {
      buffers[buffer.name] = builder.state(
        "\(prefix).\(buffer.name)", buffer.type.shape, buffer.type.elementType)
    }
    states = parameters.merging(buffers) { $1 }
    weights = currentWeights
  }

  /// Makes the present parameters and buffers the state of the next run.
  package func recordUpdates() {
    for (name, value) in orderedTensors {
      guard let state = states[name], value.id != state.id else { continue }
      builder.update(state, to: value)
    }
  }

  /// The parameters, then the buffers.
  package var orderedTensors: [(name: String, tensor: Tensor)] {
    orderedParameters
      + description.buffers.compactMap { buffer in
        buffers[buffer.name].map { (buffer.name, $0) }
      }
  }

  /// The parameters in PyTorch's order.
  package var orderedParameters: [(name: String, tensor: Tensor)] {
    description.parameters.compactMap { parameter in
      parameters[parameter.name].map { (parameter.name, $0) }
    }
  }

  /// Replaces all parameters by their next values.
  package mutating func adopt(_ next: [String: Tensor]) {
    parameters = next
    weights = currentWeights
  }

  // MARK: Application

  /// Applies the network to a batch, `[N] + inputShape → [N] + outputShape`; its buffers stay.
  package func callAsFunction(_ input: Tensor, _ pass: NetworkPass = .inference()) -> Tensor {
    applied(to: input, pass).output
  }

  /// Applies the network to a batch, `[N] + inputShape → [N] + outputShape`, and tells of each of its
  /// ReLUs, in order, which part of its units, or channels, is 0 for all items: `[]`, from 0 to 1.
  package func withDeadUnits(
    of input: Tensor, _ pass: NetworkPass
  ) -> (output: Tensor, deadUnits: [Tensor]) {
    let (output, application) = applied(to: input, pass)
    return (output, application.rectified.map(\.shareOfDeadUnits))
  }

  /// Applies the network to a batch in training, `[N] + inputShape → [N] + outputShape`; running
  /// statistics learn of it.
  package mutating func train(on input: Tensor, _ pass: NetworkPass) -> Tensor {
    let (output, application) = applied(to: input, pass)
    buffers = application.buffers
    return output
  }

  private func applied(
    to input: Tensor, _ pass: NetworkPass
  ) -> (output: Tensor, application: NetworkApplication) {
    let application = NetworkApplication(pass, weights: weights, buffers: buffers, in: builder)
    let output = description.layers.apply(
      to: input, in: LayerScope(application: application, prefix: ""))
    return (output, application)
  }

  // MARK: Spectral normalisation

  /// Does one power iteration for each spectrally normalised weight:
  /// `u ← Wv / max(‖Wv‖, 1e-12)`, then v likewise from `W'u`, as PyTorch does.
  package mutating func iteratePower() {
    for parameter in description.parameters {
      guard let matrix = matrix(of: parameter), let v = vectors(of: parameter)?.v else { continue }
      let names = parameter.spectralVectorNames
      let u = (matrix.matmul(v)).normalised
      buffers[names[0]] = u.reshaped(to: [u.shape[0]])
      let next = matrix.matmul(u, transposingLHS: true).normalised
      buffers[names[1]] = next.reshaped(to: [next.shape[0]])
    }
    weights = currentWeights
  }

  /// The vectors of power iterations, which gradients hold constant.
  package var spectralVectors: [Tensor] {
    description.parameters.flatMap(\.spectralVectorNames).compactMap { buffers[$0] }
  }

  private var currentWeights: [String: Tensor] {
    var weights: [String: Tensor] = [:]
    for parameter in description.parameters {
      guard let value = parameters[parameter.name] else { continue }
      weights[parameter.plainName] =
        spectralNorm(of: parameter).map {
          value / $0.broadcast(to: value.shape)
        } ?? value
    }
    return weights
  }

  /// `u'Wv`, `[]`.
  private func spectralNorm(of parameter: NetworkDescription.Parameter) -> Tensor? {
    guard let matrix = matrix(of: parameter), let (u, v) = vectors(of: parameter) else {
      return nil
    }
    return u.matmul(matrix.matmul(v), transposingLHS: true).reshaped(to: .scalar)
  }

  /// The weight as a matrix whose rows are the outputs.
  private func matrix(of parameter: NetworkDescription.Parameter) -> Tensor? {
    guard let axis = parameter.spectralAxis, let weight = parameters[parameter.name] else {
      return nil
    }
    let others = weight.shape.dimensions.indices.filter { $0 != axis }
    let rows = weight.shape[axis]
    return weight.permuted([axis] + others)
      .reshaped(to: [rows, weight.shape.elementCount / rows])
  }

  /// Both vectors as columns.
  private func vectors(
    of parameter: NetworkDescription.Parameter
  ) -> (u: Tensor, v: Tensor)? {
    let columns = parameter.spectralVectorNames.compactMap { buffers[$0] }.map {
      $0.reshaped(to: [$0.shape[0], 1])
    }
    return columns.count == 2 ? (columns[0], columns[1]) : nil
  }
}

extension Tensor {
  /// The part of the second axis's places at which everything is 0; of numbers that are not negative.
  fileprivate var shareOfDeadUnits: Tensor {
    let sums = summed(over: shape.dimensions.indices.filter { $0 != 1 })
    return 1 - sums.compared(.greater, to: sums.constant(0)).converted(to: .float32).mean()
  }

  /// Divided by its Euclidean norm, or by 1e-12 where that is greater.
  fileprivate var normalised: Tensor {
    let norm = summedSquares(over: Array(0..<shape.rank)).squareRoot()
    return self / norm.maximum(norm.constant(1e-12)).broadcast(to: shape)
  }
}
