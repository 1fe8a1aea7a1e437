/// The position of a run after a finished step.
package struct RunPosition: Hashable, Sendable {
  /// Finished steps, from 1.
  package let step: Int
  /// Steps in a whole epoch.
  package let stepsPerEpoch: Int
  /// Steps in the whole run.
  package let totalSteps: Int

  /// Names the position after `step` steps.
  package init(step: Int, stepsPerEpoch: Int, totalSteps: Int) {
    precondition(
      step >= 1 && stepsPerEpoch >= 1, "step \(step), \(stepsPerEpoch) steps an epoch")
    self.step = step
    self.stepsPerEpoch = stepsPerEpoch
    self.totalSteps = totalSteps
  }

  /// The epoch of that step, from 1.
  package var epoch: Int { (step - 1) / stepsPerEpoch + 1 }

  /// The step within its epoch, from 1.
  package var stepOfEpoch: Int { (step - 1) % stepsPerEpoch + 1 }

  /// Epochs in the run, a last one that is not whole included.
  package var epochCount: Int { (totalSteps + stepsPerEpoch - 1) / stepsPerEpoch }

  /// True if the run ends here.
  package var isLast: Bool { step >= totalSteps }

  /// True if an epoch, or the run in the middle of one, ends here.
  package var endsEpoch: Bool { stepOfEpoch == stepsPerEpoch || isLast }

  /// True if a report is due: after every `interval` steps of an epoch, and at the end of one too
  /// short to have had any.
  package func isReportDue(every interval: Int) -> Bool {
    stepOfEpoch.isMultiple(of: interval) || (endsEpoch && stepOfEpoch < interval)
  }

  /// True if a checkpoint is due at the end of an epoch.
  package func isCheckpointDue(everyEpochs interval: Int) -> Bool {
    isLast || (stepOfEpoch == stepsPerEpoch && epoch.isMultiple(of: interval))
  }
}
