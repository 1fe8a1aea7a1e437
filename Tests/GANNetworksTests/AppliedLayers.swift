import GANGraph
import GANNetworks
import GANRuntime
import GANTensor
import GANTestSupport

/// Applies layers to numbers, in double precision.
struct AppliedLayers {
  let network: NetworkDescription
  var state: [String: ReferenceTensor]

  /// Layers as they begin, from PyTorch's initialisation.
  init(on shape: Shape, _ layers: Layer...) {
    self.init(NetworkDescription(inputShape: shape, layers: layers))
  }

  /// A network as it begins, likewise.
  init(_ network: NetworkDescription) {
    self.network = network
    let tensors = network.initialTensors(seed: 1, purpose: .discriminatorInitialisation)
    state = Dictionary(
      uniqueKeysWithValues: tensors.map { ("state.\($0.name)", ReferenceTensor($0.tensor)) })
  }

  /// What they make of a batch, by row.
  ///
  /// - Parameters:
  ///   - powerIterations: Done before.
  ///   - uniform: The value that every element of a dropout layer draws; nil applies them in
  ///     inference.
  func callAsFunction(
    _ values: [Double], labels: [Int64] = [], powerIterations: Int = 0, drawing uniform: Double? = 0
  ) throws -> [Double] {
    let builder = GraphBuilder()
    var network = Network(network, prefix: "state", in: builder)
    for _ in 0..<powerIterations { network.iteratePower() }
    let shape = network.description.inputShape
    let batch = Shape([values.count / shape.elementCount] + shape.dimensions)
    let classes = labels.isEmpty ? nil : builder.input("labels", [labels.count], .int32)
    let pass =
      uniform.map { value in
        NetworkPass.training(labels: classes) { _, shape in builder.constant(value, shape) }
      } ?? .inference(labels: classes)
    builder.output(network(builder.input("input", batch), pass), as: "result")
    let outputs = try ReferenceBackend().run(
      builder.finish(),
      inputs: [
        "input": ReferenceTensor(batch, values),
        "labels": ReferenceTensor([labels.count], .int32, labels),
      ], state: state
    ).outputs
    return outputs["result"]?.reals ?? []
  }

  /// Gives a tensor of the state other values.
  mutating func set(_ name: String, to values: [Double]) {
    guard let shape = state["state.\(name)"]?.shape else { return }
    state["state.\(name)"] = ReferenceTensor(shape, values)
  }

  /// A tensor's values.
  func values(of name: String) -> [Double] { state["state.\(name)"]?.reals ?? [] }
}

/// The greatest difference of two lists; infinite where they are not alike.
func distance(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count, !a.isEmpty else { return .infinity }
  let differences = zip(a, b).map { abs($0 - $1) }
  return differences.contains(where: \.isNaN) ? .infinity : differences.max() ?? 0
}

/// The mean and the biased variance.
func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
  let mean = values.reduce(0, +) / Double(values.count)
  return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count))
}
