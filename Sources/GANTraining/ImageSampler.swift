internal import GANGraph
package import GANNetworks
package import GANRuntime
package import GANTensor

/// Draws images from a generator in inference mode.
///
/// Its identity is its program. It belongs to the thread of its device.
package final class ImageSampler {
  private let executable: CPUExecutable
  private let batchSize: Int
  private let latentSize: Int
  private let imageShape: Shape

  /// Prepares a generator whose parameters are in `state`, under names that start with `prefix`.
  package init(
    _ generator: NetworkDescription, batchSize: Int, imageShape: Shape, on device: CPUDevice,
    state: StateStore, prefix: String
  ) throws {
    let builder = GraphBuilder()
    let latentShape = Shape([batchSize] + generator.inputShape.dimensions)
    let network = Network(generator, prefix: prefix, in: builder)
    builder.output(network(builder.input("latents", latentShape)), as: "images")
    executable = try CPUExecutable(
      builder.finish().optimized(), on: device, state: state)
    self.batchSize = batchSize
    latentSize = generator.inputShape.elementCount
    self.imageShape = imageShape
  }

  /// Prepares a generator with parameters of its own.
  ///
  /// - Parameters:
  ///   - generator: The network.
  ///   - parameters: Every parameter by its name.
  ///   - imageShape: `[C, H, W]` of one image.
  ///   - device: Where to compute.
  /// - Throws: `RuntimeError` where a parameter is missing or has another shape.
  package convenience init(
    _ generator: NetworkDescription, parameters: [String: HostTensor], imageShape: Shape,
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
      generator, batchSize: 100, imageShape: imageShape, on: device, state: state,
      prefix: "generator")
  }

  /// Images of latents that follow from the seed alone, `[count, C, H, W]` in [-1, 1].
  ///
  /// Latent `i` is elements `i · L ..< (i + 1) · L` of the stream (seed, purpose, step 0), so more
  /// images of one seed begin with the same ones.
  package func images(count: Int, seed: UInt64, purpose: RandomPurpose) throws -> HostTensor {
    let stream = RandomStream(seed: seed, purpose: purpose, step: 0)
    let imageSize = imageShape.elementCount
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * imageSize * 4)
    for first in stride(from: 0, to: count, by: batchSize) {
      let latents = try executable.input("latents").bindMemory(to: Float.self)
      for index in latents.indices {
        latents[index] = stream.normal(at: first * latentSize + index)
      }
      executable.run()
      let images = try executable.output("images")
      bytes.append(contentsOf: images.prefix(min(batchSize, count - first) * imageSize * 4))
    }
    return HostTensor(
      shape: Shape([count] + imageShape.dimensions), elementType: .float32, bytes: bytes)
  }
}
