package import GANData
package import GANStatistics
import GANTensor
package import GANTraining

extension StackReader {
  /// Counts the modes of a generator's images, made and read a batch at a time, as `gan evaluate` does.
  ///
  /// - Parameters:
  ///   - sampler: The generator, which looks at no classes.
  ///   - count: Images, at least 1.
  ///   - seed: Decides the latents, as that of `gan sample` does.
  ///   - pause: Called after each batch; what it throws ends the count.
  package func countedModes(
    of sampler: ItemSampler, count: Int, seed: UInt64, pause: () async throws -> Void
  ) async throws -> CountedModes {
    var classes: [UInt8] = []
    try await sampler.forEachBatch(
      count: count, labels: nil, latents: .drawn(seed: seed, .sampleLatents)
    ) { batch, _ in
      classes += read(quantized(batch))
      try await pause()
    }
    return try countedModes(classes)
  }

  /// Counts the modes of chosen images.
  ///
  /// - Parameter pause: As above.
  package func countedModes(
    of images: ImageDataset, _ indices: [Int], pause: () async throws -> Void
  ) async throws -> CountedModes {
    var classes: [UInt8] = []
    let batchSize = 100
    for first in stride(from: 0, to: indices.count, by: batchSize) {
      let batch = indices[first..<min(first + batchSize, indices.count)]
      classes += read(batch.flatMap { Array(images.pixels(ofImage: $0)) })
      try await pause()
    }
    return try countedModes(classes)
  }

  /// The classes of the parts of whole images, one after another.
  private func read(_ bytes: [UInt8]) -> [UInt8] {
    classes(of: bytes[...], count: bytes.count / itemSize)
  }

  /// Counts the tuples of classes, `[count, depth]`.
  private func countedModes(_ classes: [UInt8]) throws -> CountedModes {
    let parts = (0..<depth).map { part in
      stride(from: part, to: classes.count, by: depth).map { Int(classes[$0]) }
    }
    return try CountedModes(ofStacked: parts, classCount: classCount)
  }
}
