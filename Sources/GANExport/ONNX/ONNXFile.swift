import Foundation
package import GANFormats
import GANGraph
import GANNetworks
import GANTensor
package import GANTraining

/// A trained network as an ONNX file, for any runtime.
///
/// A generator takes `latents`, `float32 [batch, L]`, standard normals, and if it is told classes
/// `labels`, `int64 [batch]`; it gives `images`, `float32 [batch, C, H, W]` in `[-1, 1]`, or `points`,
/// `[batch, D]`. A discriminator takes those, and gives `logits`, `[batch, K]`. The batch has any
/// size, nothing is drawn, and normalisations are part of the weights before them.
///
/// Its bytes follow from the network alone.
package struct ONNXFile {
  /// The contents of the file.
  package let bytes: [UInt8]

  /// Writes a network as a model.
  ///
  /// - Parameters:
  ///   - saved: The network.
  ///   - asBytes: True for images of whole numbers from 0 to 255 in three channels,
  ///     `uint8 [batch, 3, H, W]`, as scoring tools take them and as pictures have them.
  /// - Throws: `ExportError`; `RuntimeError` where there is no memory.
  package init(_ saved: SavedNetwork, asBytes: Bool = false) throws {
    let isGenerator = saved.player == .generator
    if asBytes {
      guard isGenerator, saved.options.makesImages else {
        let what = isGenerator ? "points" : "logits"
        throw ExportError.contradiction(
          "only images have bytes: this \(saved.player.rawValue) makes \(what)")
      }
    }
    let network = saved.network
    let batchSize = Self.batchSize(apartFrom: network)
    let (graph, outputName) = try Self.graph(of: saved, batchSize: batchSize)
    let states = Dictionary(
      uniqueKeysWithValues: saved.tensors.map { ("\(Self.prefix).\($0.name)", $0.tensor) })
    let shared = try SharedValues(of: graph, states: states, batchSize: batchSize)
    var translation = GraphTranslation(
      graph, shared, batchSize: batchSize, constantNames: Self.constantNames(of: network))
    var result = try translation.whole(graph.outputs[0].node)
    var output = ONNXModel.Value(
      name: outputName, type: .float,
      itemShape: Array(graph[graph.outputs[0].node].type.shape.dimensions.dropFirst()))
    if asBytes {
      result = translation.writeBytes(of: result, channels: output.itemShape[0])
      output.type = .uint8
      output.itemShape[0] = 3
    }
    translation.finish(result, as: outputName)

    var model = ONNXModel(producerVersion: Version.current, name: saved.player.rawValue)
    for node in graph.nodes {
      guard case .input(let name, let type) = node.op else { continue }
      model.inputs.append(
        ONNXModel.Value(
          name: name, type: type.elementType.onnxType,
          itemShape: Array(type.shape.dimensions.dropFirst())))
    }
    model.outputs = [output]
    model.initializers = translation.initializers
    model.nodes = translation.nodes
    model.metadata = try Self.metadata(of: saved, asBytes: asBytes)
    bytes = try model.encoded()
  }

  /// Writes the file, whole or not at all.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  package func write(to path: String) throws(FormatError) {
    try AtomicFile.write(bytes, to: path)
  }

  private static let prefix = "network"

  /// An extent that no tensor of the network has, so that in its graph it is the batch's alone.
  private static func batchSize(apartFrom network: NetworkDescription) -> Int {
    let shapes = network.tensorTypes.map(\.type.shape) + [network.inputShape]
    return 1 + shapes.flatMap(\.dimensions).reduce(1, max)
  }

  /// Applies the network in inference mode to inputs in the order of the file's.
  static func graph(
    of saved: SavedNetwork, batchSize: Int
  ) throws -> (Graph, outputName: String) {
    let builder = GraphBuilder()
    let description = saved.network
    let isGenerator = saved.player == .generator
    let (inputShape, itemShape) = (description.inputShape, saved.options.itemShape)
    let items = saved.options.makesImages ? "images" : "points"
    // Packs of items have no shape but the network's.
    let isFlat = isGenerator || itemShape.elementCount != inputShape.elementCount
    let given = builder.input(
      isGenerator ? "latents" : items,
      Shape(
        [batchSize]
          + (isFlat
            ? isGenerator ? [inputShape.elementCount] : inputShape.dimensions
            : itemShape.dimensions)))
    let labels = description.classCount.map { _ in builder.input("labels", [batchSize], .int32) }
    let network = Network(description, prefix: prefix, in: builder)
    let output = network(
      given.reshaped(to: Shape([batchSize] + inputShape.dimensions)), .inference(labels: labels))
    let name = isGenerator ? items : "logits"
    builder.output(
      isGenerator ? output.reshaped(to: Shape([batchSize] + itemShape.dimensions)) : output,
      as: name)
    return (try builder.finish(), name)
  }

  /// Names of parameters and buffers, in PyTorch's manner, those of the weights that layers use.
  private static func constantNames(of network: NetworkDescription) -> [String: String] {
    let buffers = network.buffers.map { ($0.name, $0.name) }
    let parameters = network.parameters.map { ($0.name, $0.plainName) }
    return Dictionary(
      uniqueKeysWithValues: (parameters + buffers).map { ("\(prefix).\($0)", $1) })
  }

  private static func metadata(
    of saved: SavedNetwork, asBytes: Bool
  ) throws -> [String: String] {
    let options = saved.options
    var metadata = [
      "recipe": options.recipe, "dataset": options.dataset, "seed": "\(options.seed)",
      "step": "\(saved.step)", "network": saved.player.rawValue,
      "weights_sha256": SHA256.hexadecimalDigest(of: try saved.encoded()),
    ]
    if saved.player == .generator {
      metadata["latent_distribution"] = "standard normal"
      metadata["latent_size"] = "\(saved.network.inputShape.elementCount)"
      metadata["output_range"] = asBytes ? "[0, 255]" : options.makesImages ? "[-1, 1]" : nil
      metadata["averaged"] = "\(options.average.isOn || saved.averageLength != nil)"
      metadata["average_length"] = saved.averageLength.map { "\($0)" }
    }
    if saved.network.classCount != nil, let names = options.classNames {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .withoutEscapingSlashes
      metadata["class_names"] = String(decoding: try encoder.encode(names), as: UTF8.self)
    }
    return metadata
  }
}

extension GraphTranslation {
  /// Makes bytes in three channels of images in `[-1, 1]`, by the operations that make pictures:
  /// `floor(255 (x + 1) / 2 + 0.5)`, clamped.
  mutating func writeBytes(of images: String, channels: Int) -> String {
    let unit = append("Mul", [append("Add", [images, constant([1], [])]), constant([0.5], [])])
    let clamped = append("Clip", [unit, constant([0], []), constant([1], [])])
    let wide = append("Mul", [clamped, constant([255], [])])
    let rounded = append("Floor", [append("Add", [wide, constant([0.5], [])])])
    let bytes = append(
      "Cast", [rounded],
      [ONNXModel.Attribute("to", .integer(ONNXModel.DataType.uint8.rawValue))])
    guard channels == 1 else { return bytes }
    return append(
      "Concat", [bytes, bytes, bytes], [ONNXModel.Attribute("axis", .integer(1))])
  }
}
