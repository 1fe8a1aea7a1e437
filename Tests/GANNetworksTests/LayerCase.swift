import GANGraph
import GANNetworks
import GANRuntime
import GANTensor
import GANTestSupport

/// Layers and the batch they are judged on.
struct LayerCase: Sendable {
  /// What its error is reported under, as a rule the kind of the layer.
  let kind: String
  let network: NetworkDescription
  /// Items in a batch.
  let count: Int

  init(_ kind: String, on shape: Shape, count: Int = 3, _ layers: Layer...) {
    self.init(kind, NetworkDescription(inputShape: shape, layers: layers), count: count)
  }

  init(_ kind: String, _ network: NetworkDescription, count: Int = 3) {
    (self.kind, self.network, self.count) = (kind, network, count)
  }

  var name: String {
    "\(network.layers.map(\.description).joined(separator: "; ")), on \(batchShape)"
  }

  private var batchShape: Shape { Shape([count] + network.inputShape.dimensions) }

  // MARK: What is computed

  /// Every output has the name that `layer_parity.py` gives it.
  ///
  /// Two applications in training, each after a power iteration and each on a batch of its own, then
  /// one in inference on the first batch. Of each the result y, the gradients of
  /// `Σ c (y + y² / 2)`, whose second derivative is not 0 even where the layer is linear, and the
  /// gradients of the squared norm of that in the input, as a penalty has it.
  func graph() throws -> Graph {
    let builder = GraphBuilder()
    var network = Network(network, prefix: "state", in: builder)
    for number in 0..<2 {
      let name = "training.\(number)"
      network.iteratePower()
      let input = builder.input("input.\(number)", batchShape)
      let pass = NetworkPass.training(labels: labels(number, in: builder)) { layer, shape in
        builder.input("uniform.\(number).\(layer)", shape)
      }
      // What is judged are the parameters and vectors that this application sees.
      let seen = network
      let result = network.train(on: input, pass)
      record(result, of: seen, on: input, as: name)
      for buffer in network.description.buffers {
        guard let value = network.buffers[buffer.name] else { continue }
        builder.output(value, as: "\(name).buffer.\(buffer.name)")
      }
    }
    let input = builder.input("input.0", batchShape)
    record(
      network(input, .inference(labels: labels(0, in: builder))), of: network, on: input,
      as: "inference")
    return try builder.finish()
  }

  private func labels(_ number: Int, in builder: GraphBuilder) -> Tensor? {
    network.classCount.map { _ in builder.input("labels.\(number)", [count], .int32) }
  }

  private func record(
    _ result: Tensor, of network: Network, on input: Tensor, as name: String
  ) {
    let builder = result.builder
    builder.output(result, as: "\(name).output")
    let weights = builder.input("weights", result.shape)
    let value = (weights * (result + 0.5 * (result * result))).sum()
    let sources = [("input", input)] + network.orderedParameters.map { ($0.name, $0.tensor) }
    func gradients(of value: Tensor, as kind: String) -> [Tensor] {
      // Running statistics are of the first batch, too.
      let gradients = value.gradients(
        withRespectTo: sources.map(\.1), holding: Array(network.buffers.values))
      for ((source, _), gradient) in zip(sources, gradients) {
        builder.output(gradient, as: "\(name).\(kind).\(source)")
      }
      return gradients
    }
    let first = gradients(of: value, as: "gradient")[0]
    _ = gradients(
      of: first.summedSquares(over: Array(0..<first.shape.rank)), as: "second")
  }

  // MARK: What it is computed from

  /// The inputs of a graph, all of them numbers that single precision has.
  func inputs(of graph: Graph, seed: UInt64) -> [String: ReferenceTensor] {
    var random = SplitMix(seed: seed)
    var inputs: [String: ReferenceTensor] = [:]
    for case .input(let name, let type) in graph.nodes.map(\.op) {
      let elements = type.shape.elementCount
      if name.hasPrefix("labels.") {
        let classes = Int64(network.classCount ?? 1)
        inputs[name] = ReferenceTensor(
          type.shape, .int32, (0..<elements).map { _ in .random(in: 0..<classes, using: &random) })
      } else if name.hasPrefix("uniform.") {
        inputs[name] = ReferenceTensor(
          type.shape,
          (0..<elements).map { _ in Double(Int.random(in: 0..<1 << 24, using: &random)) * 0x1p-24 })
      } else {
        inputs[name] = ReferenceTensor(
          type.shape, random.singles(elements, in: name == "weights" ? -1...1 : -2...2))
      }
    }
    return inputs
  }

  /// Parameters and buffers as they may be in the middle of training, under the names of files.
  func state(seed: UInt64) -> [String: ReferenceTensor] {
    var random = SplitMix(seed: seed)
    var state: [String: ReferenceTensor] = [:]
    for (name, type) in network.tensorTypes {
      let count = type.shape.elementCount
      if type.elementType == .int64 {
        state[name] = ReferenceTensor(type.shape, .int64, [3])
      } else if name.hasSuffix("running_var") {
        state[name] = ReferenceTensor(type.shape, random.singles(count, in: 0.5...2))
      } else if name.hasSuffix("._u") || name.hasSuffix("._v") {
        let vector = random.reals(count, in: 0.1...1)
        let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        state[name] = ReferenceTensor(type.shape, vector.map { Double(Float($0 / norm)) })
      } else {
        state[name] = ReferenceTensor(type.shape, random.singles(count, in: -1...1))
      }
    }
    return state
  }
}

extension SplitMix {
  /// Reals in a range that single precision has.
  mutating func singles(_ count: Int, in range: ClosedRange<Double>) -> [Double] {
    reals(count, in: range).map { Double(Float($0)) }
  }
}

extension [String: ReferenceTensor] {
  /// The tensors of a file as states of the graph.
  var asStates: Self {
    Dictionary(uniqueKeysWithValues: map { ("state.\($0.key)", $0.value) })
  }
}
