/// The plan of each step of a run, as a function of the step's number alone.
package struct StepPlan: Hashable, Sendable {
  package let epoch: EpochPlan
  package let periodicTerms: [PeriodicTerm]

  package init(epoch: EpochPlan, periodicTerms: [PeriodicTerm]) {
    (self.epoch, self.periodicTerms) = (epoch, periodicTerms)
  }

  /// Batches of a step of the run, from 0.
  package func updateCount(ofStep step: Int) -> Int {
    epoch.batches(ofStep: step % epoch.stepCount).count
  }

  /// Batch `index` of a step of the run; allocates nothing.
  package func update(_ index: Int, ofStep step: Int) -> StepGraph.Update {
    let (finishedEpochs, stepOfEpoch) = step.quotientAndRemainder(dividingBy: epoch.stepCount)
    let batches = epoch.batches(ofStep: stepOfEpoch)
    let batch = batches.lowerBound + index
    return StepGraph.Update(
      batchSize: epoch.size(ofBatch: batch),
      terms: periodicTerms.due(
        atUpdate: finishedEpochs * epoch.batchCount + batch, ofStep: step,
        isLast: batch == batches.upperBound - 1))
  }

  /// All batches of a step of the run.
  package func updates(ofStep step: Int) -> [StepGraph.Update] {
    (0..<updateCount(ofStep: step)).map { update($0, ofStep: step) }
  }

  /// Steps after which the terms that are due repeat, as long as no epoch ends; the largest integer
  /// where there are more.
  package var period: Int {
    let updates = periodicTerms.filter { $0.cadence == .batch }
      .reduce(1) { leastCommonMultiple($0, $1.interval) }
    let steps = updates / greatestCommonDivisor(updates, epoch.batchesPerStep)
    return periodicTerms.filter { $0.cadence == .step }
      .reduce(steps) { leastCommonMultiple($0, $1.interval) }
  }

  private func leastCommonMultiple(_ a: Int, _ b: Int) -> Int {
    let (multiple, overflows) = (a / greatestCommonDivisor(a, b)).multipliedReportingOverflow(by: b)
    return overflows ? .max : multiple
  }

  private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    b == 0 ? a : greatestCommonDivisor(b, a % b)
  }
}
