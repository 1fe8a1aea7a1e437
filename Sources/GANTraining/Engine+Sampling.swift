import GANNetworks
import GANRuntime
package import GANTensor

extension Engine {
  /// Generates images with a trained generator, in inference mode.
  ///
  /// - Parameters:
  ///   - count: Images, at least 1.
  ///   - seed: Decides the latents: image `i` of a seed is the same whatever the count.
  ///   - threads: Threads to compute with.
  /// - Returns: `[count, C, H, W]`, in `[-1, 1]`.
  /// - Throws: `RuntimeError.tooLarge` where there is no memory for the images and twice as much to
  ///   write them.
  package func samples(
    of generator: SavedNetwork, count: Int, seed: UInt64, threads: Int
  ) throws -> HostTensor {
    let imageBytes = generator.options.imageShape.elementCount * ElementType.float32.byteCount
    try SystemMemory.require(3 * count * imageBytes, for: "\(count) images and their file")
    let parameters = Dictionary(
      uniqueKeysWithValues: generator.parameters.map { ($0.name, $0.tensor) })
    let sampler = try ImageSampler(
      generator.network, parameters: parameters, imageShape: generator.options.imageShape,
      on: CPUDevice(threadCount: threads))
    return try sampler.images(count: count, seed: seed, purpose: .sampleLatents)
  }
}
