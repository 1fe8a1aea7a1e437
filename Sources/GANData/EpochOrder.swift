import GANTensor

/// The order of the data in one epoch.
///
/// A pure function of its arguments: nothing is saved to resume in the middle of an epoch.
package struct EpochOrder: Hashable, Sendable {
  /// Every index below the data's count, once.
  package let indices: [Int32]

  /// Shuffles for one epoch.
  ///
  /// - Parameters:
  ///   - count: Items in the data; at least 1.
  ///   - seed: The run's.
  ///   - epoch: From 0.
  package init(count: Int, seed: UInt64, epoch: UInt64) {
    precondition(count > 0, "got \(count) items")
    let stream = RandomStream(seed: seed, purpose: .epochOrder, step: epoch)
    indices = stream.permutation(count: count)
  }
}
