import GANLearning
import GANTraining
import Testing

@Suite("What each step consists of")
struct StepPlanTests {
  struct Epoch: CustomTestStringConvertible {
    let plan: EpochPlan
    let sizes: [[Int]]

    init(
      _ itemCount: Int, batch: Int, packs: Int = 1, steps: Int = 1, is sizes: [[Int]]
    ) {
      plan = EpochPlan(
        itemCount: itemCount, batchSize: batch, packing: packs, batchesPerStep: steps)
      self.sizes = sizes
    }

    var testDescription: String { "\(plan)" }
  }

  @Test(
    "An epoch's batches are its data, whole packs only, and no step of several ends with a rest",
    arguments: [
      Epoch(100, batch: 100, is: [[100]]),
      Epoch(250, batch: 100, is: [[100], [100], [50]]),
      Epoch(250, batch: 100, steps: 2, is: [[50, 100, 100]]),
      Epoch(250, batch: 100, steps: 5, is: [[50, 100, 100]]),
      Epoch(257, batch: 64, steps: 5, is: [[1, 64, 64, 64, 64]]),
      Epoch(321, batch: 64, steps: 5, is: [[1, 64, 64, 64, 64, 64]]),
      Epoch(77, batch: 10, steps: 3, is: [[10, 10, 10], [10, 10, 10], [7, 10]]),
      Epoch(80, batch: 10, steps: 3, is: [[10, 10, 10], [10, 10, 10], [10, 10]]),
      Epoch(99, batch: 100, steps: 5, is: [[99]]),
      Epoch(99, batch: 100, is: [[99]]),
      Epoch(157, batch: 40, packs: 4, is: [[40], [40], [40], [36]]),
      Epoch(122, batch: 40, packs: 4, steps: 2, is: [[40, 40], [40]]),
      Epoch(157, batch: 40, packs: 4, steps: 2, is: [[40, 40], [36, 40]]),
      Epoch(7, batch: 10, packs: 5, is: [[5]]),
      Epoch(10, batch: 10, packs: 10, is: [[10]]),
    ])
  func epochs(epoch: Epoch) {
    let sizes = (0..<epoch.plan.stepCount).map { step in
      epoch.plan.batches(ofStep: step).map { epoch.plan.size(ofBatch: $0) }
    }
    #expect(sizes == epoch.sizes)
    #expect(sizes.joined().reduce(0, +) == epoch.plan.usedItemCount)
    #expect(sizes.joined().allSatisfy { $0 > 0 && $0.isMultiple(of: epoch.plan.packing) })
    #expect(epoch.plan.itemCount - epoch.plan.usedItemCount < epoch.plan.packing)
    let places = (0..<epoch.plan.batchCount).flatMap { epoch.plan.items(ofBatch: $0) }
    #expect(places == Array(0..<epoch.plan.usedItemCount))
    #expect(epoch.plan.leastBatchSize == sizes.joined().min())
    if epoch.plan.batchesPerStep > 1 {
      let full = min(epoch.plan.usedItemCount, epoch.plan.batchSize)
      #expect(sizes.allSatisfy { $0.last == full })
    }
  }

  @Test("The items that steps before one saw are those of the data, however the last batches fall")
  func itemCounts() {
    let plan = EpochPlan(itemCount: 450, batchSize: 100, packing: 1, batchesPerStep: 2)
    #expect((0...4).map(plan.itemCount(beforeStep:)) == [0, 200, 450, 650, 900])
  }

  @Test("A penalty is due when the number of discriminator updates before it is a multiple")
  func due() {
    let plan = StepPlan(
      epoch: EpochPlan(itemCount: 50, batchSize: 10, packing: 1, batchesPerStep: 2),
      periodicTerms: [
        PeriodicTerm(interval: 3, cadence: .batch), PeriodicTerm(interval: 4, cadence: .batch),
        PeriodicTerm(interval: 2, cadence: .step),
      ])
    // Five updates an epoch, in three steps; the count goes on from epoch to epoch.
    var number = 0
    for step in 0..<30 {
      let updates = plan.updates(ofStep: step)
      #expect(updates.count == (step % 3 == 2 ? 1 : 2))
      for (index, update) in updates.enumerated() {
        #expect(update.terms.contains(TermSet(0)) == (number % 3 == 0), "\(number)")
        #expect(update.terms.contains(TermSet(1)) == (number % 4 == 0), "\(number)")
        let isLast = index == updates.count - 1
        #expect(update.terms.contains(TermSet(2)) == (isLast && step % 2 == 0), "\(number)")
        number += 1
      }
    }
    #expect(number == 50)
  }

  @Test(
    "A period is whole steps after which what is due repeats",
    arguments: [
      ([], 1, 1), ([1], 1, 1), ([1], 5, 1), ([16], 1, 16), ([16], 4, 4), ([16], 5, 16),
      ([4, 6], 1, 12), ([4, 6], 8, 3),
    ])
  func period(intervals: [Int], batchesPerStep: Int, period: Int) {
    let plan = StepPlan(
      epoch: EpochPlan(
        itemCount: 1_000_000, batchSize: 1, packing: 1, batchesPerStep: batchesPerStep),
      periodicTerms: intervals.map { PeriodicTerm(interval: $0, cadence: .batch) })
    #expect(plan.period == period)
    for step in 0..<50 {
      #expect(plan.updates(ofStep: step) == plan.updates(ofStep: step + period))
    }
  }

  @Test("A period beyond counting is the largest number")
  func endlessPeriod() {
    let intervals = [1_000_000, 999_999, 999_997, 999_983]
    let plan = StepPlan(
      epoch: EpochPlan(itemCount: 100, batchSize: 1, packing: 1, batchesPerStep: 1),
      periodicTerms: intervals.map { PeriodicTerm(interval: $0, cadence: .batch) })
    #expect(plan.period == .max)
  }
}
