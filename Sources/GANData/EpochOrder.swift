import GANTensor

/// The order of the data in one epoch, cut into batches.
///
/// A pure function of its arguments: nothing is saved to resume in the middle of an epoch.
package struct EpochOrder: Hashable, Sendable {
  /// Every index below the data's count, once.
  package let indices: [Int32]

  /// Items in every batch but the last.
  package let batchSize: Int

  /// Shuffles for one epoch.
  ///
  /// - Parameters:
  ///   - count: Items in the data; at least 1.
  ///   - batchSize: Items in a batch; at least 1, and may exceed `count`.
  ///   - seed: The run's.
  ///   - epoch: From 0.
  package init(count: Int, batchSize: Int, seed: UInt64, epoch: UInt64) {
    precondition(count > 0 && batchSize > 0, "got \(count) items in batches of \(batchSize)")
    let stream = RandomStream(seed: seed, purpose: .epochOrder, step: epoch)
    indices = stream.permutation(count: count)
    self.batchSize = batchSize
  }

  /// Batches in the epoch; the last holds what remains.
  package var batchCount: Int { (indices.count + batchSize - 1) / batchSize }

  /// The indices of batch `number`, from 0.
  package func batch(_ number: Int) -> ArraySlice<Int32> {
    precondition((0..<batchCount).contains(number), "batch \(number) of \(batchCount)")
    return indices.dropFirst(number * batchSize).prefix(batchSize)
  }
}
