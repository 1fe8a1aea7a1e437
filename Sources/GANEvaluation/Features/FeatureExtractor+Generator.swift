import GANData
import GANRuntime
import GANTensor
import GANTraining

extension FeatureExtractor {
  /// The features of a generator's images, made a batch at a time.
  ///
  /// - Parameters:
  ///   - sampler: The generator.
  ///   - count: Images.
  ///   - classCount: Classes that it is told, in turn; nil for one that is told none.
  ///   - seed: Decides the latents, as that of `gan sample` does.
  ///   - pause: Called after each batch, with the count of images done.
  func features(
    of sampler: ItemSampler, count: Int, classCount: Int?, seed: UInt64,
    pause: (_ done: Int) async throws -> Void
  ) async throws -> FeatureTable {
    var table = emptyTable
    table.reserve(count)
    var waiting: [UInt8] = []
    let imageBytes = network.imageShape.elementCount
    try await sampler.forEachBatch(
      count: count, labels: classCount.map { .turns($0) },
      latents: .drawn(seed: seed, .sampleLatents)
    ) { batch, first in
      waiting += quantized(batch)
      while waiting.count >= batchSize * imageBytes {
        append(waiting.prefix(batchSize * imageBytes), to: &table)
        waiting.removeFirst(batchSize * imageBytes)
      }
      try await pause(min(count, first + batch.count / (4 * imageBytes)))
    }
    append(waiting[...], to: &table)
    return table
  }
}
