/// The division of an epoch's data into batches, and of the batches among steps.
///
/// A step takes `batchesPerStep`; the last step of an epoch takes the rest. A batch is whole packs:
/// the last drops items that fill none, and does not exist if nothing is left.
package struct EpochPlan: Hashable, Sendable {
  /// Items in the data.
  package let itemCount: Int
  /// Items in every batch but the last.
  package let batchSize: Int
  /// Items that are judged together.
  package let packing: Int
  /// Batches in every step but the last.
  package let batchesPerStep: Int

  package init(itemCount: Int, batchSize: Int, packing: Int, batchesPerStep: Int) {
    precondition(
      itemCount >= packing && batchSize.isMultiple(of: packing) && packing > 0,
      "\(itemCount) items in batches of \(batchSize) hold no whole packs of \(packing)")
    self.itemCount = itemCount
    self.batchSize = batchSize
    self.packing = packing
    self.batchesPerStep = batchesPerStep
  }

  /// Batches in an epoch.
  package var batchCount: Int { (usedItemCount + batchSize - 1) / batchSize }

  /// Items of each data set that steps of the run before this one, from 0, saw.
  package func itemCount(beforeStep step: Int) -> Int {
    let (finishedEpochs, stepOfEpoch) = step.quotientAndRemainder(dividingBy: stepCount)
    return finishedEpochs * usedItemCount + batches(ofStep: stepOfEpoch).lowerBound * batchSize
  }

  /// Steps in an epoch.
  package var stepCount: Int { (batchCount + batchesPerStep - 1) / batchesPerStep }

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
    let first = step * batchesPerStep
    return first..<min(first + batchesPerStep, batchCount)
  }
}
