import GANNetworks
package import GANRuntime
package import GANTensor

extension Engine {
  /// Generates images, or points, with a trained network, in inference mode.
  ///
  /// - Parameters:
  ///   - count: At least 1.
  ///   - labels: Their classes; nil for all in turn, if it looks at any.
  ///   - latents: Their latents; item `i` of a seed is the same whatever the count.
  ///   - device: The device to compute on.
  ///   - threads: Threads to compute with.
  /// - Returns: Images `[count, C, H, W]` in `[-1, 1]`, or points `[count, D]`.
  /// - Throws: `RuntimeError.tooLarge` if there is no memory for them and twice as much to write
  ///   them.
  ///   `CancellationError` at once if the caller is cancelled, before or after its turn comes.
  package nonisolated func samples(
    of saved: SavedNetwork, count: Int, labels: ItemSampler.Labels? = nil,
    latents: ItemSampler.Latents, on device: DeviceKind = .fastest, threads: Int
  ) async throws -> HostTensor {
    try await serve { engine in
      try await engine.drawSamples(
        of: saved, count: count, labels: labels, latents: latents, on: device,
        threads: threads)
    }
  }

  /// Draws latents that follow from a seed.
  package nonisolated func samples(
    of saved: SavedNetwork, count: Int, labels: ItemSampler.Labels? = nil, seed: UInt64,
    on device: DeviceKind = .fastest, threads: Int
  ) async throws -> HostTensor {
    try await samples(
      of: saved, count: count, labels: labels, latents: .drawn(seed: seed, .sampleLatents),
      on: device, threads: threads)
  }

  private func drawSamples(
    of saved: SavedNetwork, count: Int, labels: ItemSampler.Labels?,
    latents: ItemSampler.Latents, on device: DeviceKind, threads: Int
  ) async throws -> HostTensor {
    let itemBytes = saved.options.itemShape.elementCount * ElementType.float32.byteCount
    let (bytes, overflows) = count.multipliedReportingOverflow(by: 3 * itemBytes)
    try SystemMemory.require(overflows ? .max : bytes, for: "\(count) samples and their file")
    let tensors = Dictionary(
      uniqueKeysWithValues: saved.tensors.map { ($0.name, $0.tensor) })
    let sampler = try ItemSampler(
      saved.network, tensors: tensors, itemShape: saved.options.itemShape,
      on: device.makeDevice(threadCount: threads))
    return try await sampler.items(
      count: count, labels: labels ?? saved.network.classCount.map { .turns($0) },
      latents: latents
    ) {
      await passTurn()
      try Task.checkCancellation()
    }
  }
}
