package import GANLearning

/// What each step of a run consists of, as a function of the step's number alone.
package struct StepPlan: Hashable, Sendable {
  package let epoch: EpochPlan
  package let penalties: [PenaltyTerm]

  package init(epoch: EpochPlan, penalties: [PenaltyTerm]) {
    (self.epoch, self.penalties) = (epoch, penalties)
  }

  /// Discriminator updates in a step of the run, from 0.
  package func updateCount(ofStep step: Int) -> Int {
    epoch.batches(ofStep: step % epoch.stepCount).count
  }

  /// Discriminator update `index` of a step of the run; allocates nothing.
  package func update(_ index: Int, ofStep step: Int) -> StepGraph.Update {
    let (finishedEpochs, stepOfEpoch) = step.quotientAndRemainder(dividingBy: epoch.stepCount)
    let batch = epoch.batches(ofStep: stepOfEpoch).lowerBound + index
    return StepGraph.Update(
      batchSize: epoch.size(ofBatch: batch),
      penalties: penalties.due(atUpdate: finishedEpochs * epoch.batchCount + batch))
  }

  /// All discriminator updates of a step of the run.
  package func updates(ofStep step: Int) -> [StepGraph.Update] {
    (0..<updateCount(ofStep: step)).map { update($0, ofStep: step) }
  }

  /// Steps after which the penalties that are due repeat, as long as no epoch ends; the largest
  /// integer where there are more.
  package var period: Int {
    let updates = penalties.reduce(1) { leastCommonMultiple($0, $1.interval) }
    return updates / greatestCommonDivisor(updates, epoch.discriminatorSteps)
  }

  private func leastCommonMultiple(_ a: Int, _ b: Int) -> Int {
    let (multiple, overflows) = (a / greatestCommonDivisor(a, b)).multipliedReportingOverflow(by: b)
    return overflows ? .max : multiple
  }

  private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    b == 0 ? a : greatestCommonDivisor(b, a % b)
  }
}
