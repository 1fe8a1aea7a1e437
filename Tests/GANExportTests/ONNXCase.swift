import Foundation
import GANFormats
import GANNetworks
import GANRuntime
import GANTensor
import GANTestSupport
import GANTraining

@testable import GANExport

/// A network as if in the middle of training, to be written and computed elsewhere.
struct ONNXCase: Sendable {
  let name: String
  let saved: SavedNetwork
  var isOfBytes = false

  static let count = 64

  /// A generator of some layers.
  init(_ name: String, on shape: Shape, _ layers: Layer...) throws {
    let network = NetworkDescription(inputShape: shape, layers: layers)
    var options = TrainingOptions()
    options.itemShape = try network.outputShape()
    options.classCount = network.classCount
    self.init(name, .generator, network, options)
  }

  /// A network of a recipe.
  init(_ recipe: Recipe, _ player: Role, asBytes: Bool = false) {
    var options = recipe.options
    options.dataset = "noise"
    self.init(
      "\(recipe.name), \(player)\(asBytes ? ", bytes" : "")", player, options.network(of: player),
      options)
    isOfBytes = asBytes
  }

  private init(
    _ name: String, _ player: Role, _ network: NetworkDescription, _ options: TrainingOptions
  ) {
    self.name = name
    let drawn = network.initialTensors(
      options.initialization, seed: 7, purpose: .generatorInitialisation)
    var random = SplitMix(seed: 3)
    // What begins as 0 or 1 everywhere would hide that it is forgotten.
    let tensors = drawn.map { name, tensor -> (name: String, tensor: HostTensor) in
      guard tensor.elementType == .float32, Set(tensor.floats.prefix(2)).count < 2 else {
        return (name, tensor)
      }
      let (shape, count) = (tensor.shape, tensor.shape.elementCount)
      // About what it begins as; weights so that a result is half as large as what it is made of. Larger numbers
      // would leave a clipped image black and white, where errors are hidden and roundings a thousandfold.
      let (middle, reach) =
        name.hasSuffix("running_var")
        ? (1.15, 0.85)
        : shape.rank > 1
          ? (0, (3 / Double(count / shape[0])).squareRoot() / 2) : (Double(tensor.floats[0]), 0.3)
      let range = middle - reach...middle + reach
      return (
        name,
        HostTensor(shape: shape, random.reals(count, in: range).map { Float($0) })
      )
    }
    saved = SavedNetwork(
      player: player, network: network, tensors: tensors, options: options, step: 1)
  }

  /// What the judge is told of a case.
  struct Entry: Encodable {
    let name: String
    let file: String
    let inputs: [String: String]
    let output: String
    let isOfBytes: Bool
  }

  /// Writes the file, inputs and what we compute of them.
  func write(to folder: String, as stem: String) async throws -> Entry {
    try ONNXFile(saved, asBytes: isOfBytes).write(to: "\(folder)/\(stem).onnx")
    var inputs: [String: String] = [:]
    func keep(_ tensor: HostTensor, as name: String) throws {
      inputs[name] = "\(stem)-\(name).npy"
      try Npy.write(tensor, to: "\(folder)/\(stem)-\(name).npy")
    }
    if let classes = saved.network.classCount {
      let labels = (0..<Self.count).map { Float($0 % classes) }
      try keep(HostTensor(shape: [Self.count], labels), as: "labels")
    }
    let output: HostTensor
    if saved.player == .generator {
      let size = saved.network.inputShape.elementCount
      let stream = RandomStream(seed: 5, purpose: .sampleLatents, step: 0)
      let latents = (0..<Self.count * size).map { stream.normal(at: $0) }
      try keep(HostTensor(shape: [Self.count, size], latents), as: "latents")
      output = try await Engine().samples(of: saved, count: Self.count, seed: 5, threads: 1)
    } else {
      let name = saved.options.makesImages ? "images" : "points"
      let items = discriminatorItems
      try keep(items, as: name)
      output = try await logits(of: items, named: name)
    }
    try Npy.write(output, to: "\(folder)/\(stem)-output.npy")
    return Entry(
      name: name, file: "\(stem).onnx", inputs: inputs, output: "\(stem)-output.npy",
      isOfBytes: isOfBytes)
  }

  private var discriminatorItems: HostTensor {
    let isWhole =
      saved.options.itemShape.elementCount == saved.network.inputShape.elementCount
    let itemShape = isWhole ? saved.options.itemShape : saved.network.inputShape
    let shape = Shape([Self.count] + itemShape.dimensions)
    var random = SplitMix(seed: 11)
    return HostTensor(
      shape: shape, random.reals(shape.elementCount, in: -1...1).map { Float($0) })
  }

  private func logits(of items: HostTensor, named name: String) async throws -> HostTensor {
    let (graph, outputName) = try ONNXFile.graph(of: saved, batchSize: Self.count)
    var inputs = [name: ReferenceTensor(items)]
    if let classes = saved.network.classCount {
      inputs["labels"] = ReferenceTensor(
        [Self.count], .int32, (0..<Self.count).map { Int64($0 % classes) })
    }
    let state = saved.tensors.map { ("network.\($0.name)", ReferenceTensor($0.tensor)) }
    let outputs = try await CPUEngine.shared.outputs(
      of: graph, inputs: inputs, state: Dictionary(uniqueKeysWithValues: state), threadCount: 1)
    return outputs[outputName]?.hostTensor ?? items
  }
}
