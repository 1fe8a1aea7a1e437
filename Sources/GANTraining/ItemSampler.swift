internal import GANGraph
package import GANNetworks
package import GANRuntime
package import GANTensor

/// Draws images or points from a generator in inference mode.
///
/// Its identity is its program. It belongs to the thread of its device.
package final class ItemSampler {
  private let executable: CPUExecutable
  private let batchSize: Int
  private let latentSize: Int
  private let itemShape: Shape

  /// Prepares a generator whose parameters are in `state`, under names that start with `prefix`.
  package init(
    _ generator: NetworkDescription, batchSize: Int, itemShape: Shape, on device: CPUDevice,
    state: StateStore, prefix: String
  ) throws {
    let builder = GraphBuilder()
    let latentShape = Shape([batchSize] + generator.inputShape.dimensions)
    let network = Network(generator, prefix: prefix, in: builder)
    builder.output(network(builder.input("latents", latentShape)), as: "items")
    executable = try CPUExecutable(
      builder.finish().optimized(), on: device, state: state)
    self.batchSize = batchSize
    latentSize = generator.inputShape.elementCount
    self.itemShape = itemShape
  }

  /// Prepares a generator with parameters of its own.
  ///
  /// - Parameters:
  ///   - generator: The network.
  ///   - parameters: Every parameter by its name.
  ///   - itemShape: `[C, H, W]` of one image, `[D]` of a point.
  ///   - device: Where to compute.
  /// - Throws: `RuntimeError` where a parameter is missing or has another shape.
  package convenience init(
    _ generator: NetworkDescription, parameters: [String: HostTensor], itemShape: Shape,
    on device: CPUDevice
  ) throws {
    let state = try StateStore(
      generator.parameters.map { ("generator.\($0.name)", TensorType($0.shape)) })
    for parameter in generator.parameters {
      guard let tensor = parameters[parameter.name] else {
        throw RuntimeError.unknown(name: parameter.name, among: parameters.keys.sorted())
      }
      try state.write(tensor, to: "generator.\(parameter.name)")
    }
    try self.init(
      generator, batchSize: 100, itemShape: itemShape, on: device, state: state,
      prefix: "generator")
  }

  /// What it makes of latents that follow from the seed alone, `[count] + itemShape`.
  ///
  /// Latent `i` is elements `i · L ..< (i + 1) · L` of the stream (seed, purpose, step 0), so more
  /// items of one seed begin with the same ones.
  package func items(count: Int, seed: UInt64, purpose: RandomPurpose) throws -> HostTensor {
    let stream = RandomStream(seed: seed, purpose: purpose, step: 0)
    let itemSize = itemShape.elementCount
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * itemSize * 4)
    for first in stride(from: 0, to: count, by: batchSize) {
      let latents = try executable.input("latents").bindMemory(to: Float.self)
      for index in latents.indices {
        latents[index] = stream.normal(at: first * latentSize + index)
      }
      executable.run()
      let items = try executable.output("items")
      bytes.append(contentsOf: items.prefix(min(batchSize, count - first) * itemSize * 4))
    }
    return HostTensor(
      shape: Shape([count] + itemShape.dimensions), elementType: .float32, bytes: bytes)
  }
}
