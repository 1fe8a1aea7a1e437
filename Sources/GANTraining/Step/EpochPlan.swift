/// The division of an epoch's data into batches, and of the batches among steps.
///
/// A step takes a batch for each of its discriminator updates; a batch is whole packs. What fills no
/// batch is the remainder, less the items that fill no pack:
/// - with one batch a step, the last step of an epoch takes it;
/// - with several, it is one more batch, the first of the last step, so that a step never ends with
///   it: the generator's update, which is of the last batch's size, is always of a full one. Where
///   there is no full batch, it is all there is.
///
/// Batches are numbered in the order in which they are taken.
package struct EpochPlan: Hashable, Sendable {
  /// Items in the data.
  package let itemCount: Int
  /// Items in a full batch.
  package let batchSize: Int
  /// Items that are judged together.
  package let packing: Int
  /// Full batches in every step but the last.
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
  package var batchCount: Int { fullBatchCount + (remainder > 0 ? 1 : 0) }

  /// Items of each data set that steps of the run before this one, from 0, saw.
  package func itemCount(beforeStep step: Int) -> Int {
    let (finishedEpochs, stepOfEpoch) = step.quotientAndRemainder(dividingBy: stepCount)
    return finishedEpochs * usedItemCount + batches(ofStep: stepOfEpoch).lowerBound * batchSize
  }

  /// Steps in an epoch.
  package var stepCount: Int {
    let shared = movesRemainder ? fullBatchCount : batchCount
    return (shared + batchesPerStep - 1) / batchesPerStep
  }

  /// Items of an epoch that are in some batch.
  package var usedItemCount: Int { itemCount - itemCount % batchSize % packing }

  /// Items in the smallest batch.
  package var leastBatchSize: Int { remainder > 0 ? remainder : batchSize }

  /// True where the remainder is not the last batch of an epoch.
  package var movesRemainder: Bool {
    batchesPerStep > 1 && remainder > 0 && fullBatchCount > 0
  }

  /// The place of a batch in the order of an epoch's data, from 0.
  package func items(ofBatch number: Int) -> Range<Int> {
    let missing = movesRemainder && number > remainderNumber ? batchSize - remainder : 0
    let first = number * batchSize - missing
    return first..<first + size(ofBatch: number)
  }

  /// Items in a batch of an epoch, from 0.
  package func size(ofBatch number: Int) -> Int {
    remainder > 0 && number == remainderNumber ? remainder : batchSize
  }

  /// The batches of a step of an epoch, from 0.
  package func batches(ofStep step: Int) -> Range<Int> {
    let first = step * batchesPerStep
    return first..<(step == stepCount - 1 ? batchCount : first + batchesPerStep)
  }

  private var fullBatchCount: Int { usedItemCount / batchSize }
  private var remainder: Int { usedItemCount % batchSize }

  /// The number of the batch that is the remainder, if there is any.
  private var remainderNumber: Int {
    movesRemainder ? (stepCount - 1) * batchesPerStep : fullBatchCount
  }
}
