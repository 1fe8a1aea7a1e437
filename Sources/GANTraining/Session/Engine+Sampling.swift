import GANNetworks
import GANRuntime
package import GANTensor

extension Engine {
  /// Generates images, or points, with a trained generator, in inference mode.
  ///
  /// - Parameters:
  ///   - count: At least 1.
  ///   - labels: Which classes they are of; nil for all in turn, where the generator looks at any.
  ///   - seed: Decides the latents: item `i` of a seed is the same whatever the count.
  ///   - threads: Threads to compute with.
  /// - Returns: Images `[count, C, H, W]` in `[-1, 1]`, or points `[count, D]`.
  /// - Throws: `RuntimeError.tooLarge` where there is no memory for them and twice as much to write
  ///   them.
  package func samples(
    of generator: SavedNetwork, count: Int, labels: ItemSampler.Labels? = nil, seed: UInt64,
    threads: Int
  ) throws -> HostTensor {
    let itemBytes = generator.options.itemShape.elementCount * ElementType.float32.byteCount
    let (bytes, overflows) = count.multipliedReportingOverflow(by: 3 * itemBytes)
    try SystemMemory.require(overflows ? .max : bytes, for: "\(count) samples and their file")
    let tensors = Dictionary(
      uniqueKeysWithValues: generator.tensors.map { ($0.name, $0.tensor) })
    let sampler = try ItemSampler(
      generator.network, tensors: tensors, itemShape: generator.options.itemShape,
      on: DeviceKind.fastest.makeDevice(threadCount: threads))
    return try sampler.items(
      count: count, labels: labels ?? generator.network.classCount.map { .turns($0) }, seed: seed,
      purpose: .sampleLatents)
  }
}
