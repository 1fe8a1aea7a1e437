/// The division of an epoch's data into batches, and of the batches among steps.
///
/// A step takes a batch for each of its discriminator updates; the last step of an epoch takes the
/// rest. A batch is whole packs: the last drops items that fill none, and does not exist if nothing
/// is left.
package struct EpochPlan: Hashable, Sendable {
  /// Items in the data.
  package let itemCount: Int
  /// Items in every batch but the last.
  package let batchSize: Int
  /// Items the discriminator judges together.
  package let packing: Int
  /// Batches in every step but the last.
  package let discriminatorSteps: Int

  package init(itemCount: Int, batchSize: Int, packing: Int, discriminatorSteps: Int) {
    precondition(
      itemCount >= packing && batchSize.isMultiple(of: packing) && packing > 0,
      "\(itemCount) items in batches of \(batchSize) hold no whole packs of \(packing)")
    self.itemCount = itemCount
    self.batchSize = batchSize
    self.packing = packing
    self.discriminatorSteps = discriminatorSteps
  }

  /// Batches in an epoch.
  package var batchCount: Int { (usedItemCount + batchSize - 1) / batchSize }

  /// Steps in an epoch.
  package var stepCount: Int { (batchCount + discriminatorSteps - 1) / discriminatorSteps }

  /// Items of an epoch that are in some batch.
  package var usedItemCount: Int { itemCount - itemCount % batchSize % packing }

  /// Items in the smallest batch, which is the last.
  package var leastBatchSize: Int { size(ofBatch: batchCount - 1) }

  /// Items in a batch of an epoch, from 0.
  package func size(ofBatch number: Int) -> Int {
    min(batchSize, usedItemCount - number * batchSize)
  }

  /// The batches of a step of an epoch, from 0.
  package func batches(ofStep step: Int) -> Range<Int> {
    let first = step * discriminatorSteps
    return first..<min(first + discriminatorSteps, batchCount)
  }
}
