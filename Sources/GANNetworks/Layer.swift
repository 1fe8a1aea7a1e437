package import GANTensor

/// One layer of a network, with every hyperparameter; what a checkpoint carries of it.
package enum Layer: Hashable, Sendable {
  /// `y = x Wᵀ + b`: `[N, inputs] → [N, outputs]`, W stored `[outputs, inputs]` as PyTorch does.
  case linear(inputs: Int, outputs: Int, bias: Bool = true)
  /// `max(x, 0)`; any shape.
  case relu
  /// `x` where positive, `slope · x` elsewhere; any shape.
  case leakyReLU(slope: Double)
  /// The hyperbolic tangent, to (-1, 1); any shape.
  case tanh
  /// `log(1 + e^x)`, a smooth ReLU; any shape.
  case softplus
}

extension Layer {
  /// The layer's parameters, in PyTorch's order, with their names inside the layer.
  package var parameters: [(name: String, shape: Shape)] {
    switch self {
    case .linear(let inputs, let outputs, let bias):
      [(name: "weight", shape: [outputs, inputs])]
        + (bias ? [(name: "bias", shape: [outputs])] : [])
    case .relu, .leakyReLU, .tanh, .softplus: []
    }
  }

  /// The number of inputs each output sums over, which bounds initial weights; `nil` without any.
  package var fanIn: Int? {
    switch self {
    case .linear(let inputs, _, _): inputs
    case .relu, .leakyReLU, .tanh, .softplus: nil
    }
  }

  /// Multiply-adds for one item of the batch.
  package var multiplyAddsPerItem: Int {
    switch self {
    case .linear(let inputs, let outputs, _): inputs * outputs
    case .relu, .leakyReLU, .tanh, .softplus: 0
    }
  }

  /// Whether each item of a batch is computed from that item alone, so that batches can be joined.
  package var isRowwise: Bool {
    switch self {
    case .linear, .relu, .leakyReLU, .tanh, .softplus: true
    }
  }

  /// The shape of one item after the layer, or `nil` where the layer does not take such items.
  package func outputShape(for input: Shape) -> Shape? {
    switch self {
    case .linear(let inputs, let outputs, _): input == [inputs] ? [outputs] : nil
    case .relu, .leakyReLU, .tanh, .softplus: input
    }
  }
}

extension Layer: Codable {
  private enum Kind: String, Codable { case linear, relu, leakyReLU, tanh, softplus }

  private enum CodingKeys: String, CodingKey { case kind, inputs, outputs, bias, slope }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    switch try values.decode(Kind.self, forKey: .kind) {
    case .linear:
      self = .linear(
        inputs: try values.decodeExtent(forKey: .inputs),
        outputs: try values.decodeExtent(forKey: .outputs),
        bias: try values.decode(Bool.self, forKey: .bias))
    case .relu: self = .relu
    case .leakyReLU: self = .leakyReLU(slope: try values.decode(Double.self, forKey: .slope))
    case .tanh: self = .tanh
    case .softplus: self = .softplus
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .linear(let inputs, let outputs, let bias):
      try values.encode(Kind.linear, forKey: .kind)
      try values.encode(inputs, forKey: .inputs)
      try values.encode(outputs, forKey: .outputs)
      try values.encode(bias, forKey: .bias)
    case .relu: try values.encode(Kind.relu, forKey: .kind)
    case .leakyReLU(let slope):
      try values.encode(Kind.leakyReLU, forKey: .kind)
      try values.encode(slope, forKey: .slope)
    case .tanh: try values.encode(Kind.tanh, forKey: .kind)
    case .softplus: try values.encode(Kind.softplus, forKey: .kind)
    }
  }
}

extension KeyedDecodingContainer {
  /// Reads an extent of a layer: at least 1, and so small that a product of two is a number.
  fileprivate func decodeExtent(forKey key: Key) throws -> Int {
    let extent = try decode(Int.self, forKey: key)
    guard (1...Int(Int32.max)).contains(extent) else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "\(extent) is no extent")
    }
    return extent
  }
}
