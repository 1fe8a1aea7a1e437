/// The position of a run after a finished step.
///
/// Epochs that are shorter than an observer's patience are looked at together: a round is as many
/// epochs as it takes, and ends in what the end of a longer epoch has, a line, a picture, and
/// perhaps a checkpoint.
package struct RunPosition: Hashable, Sendable {
  /// Finished steps, from 1.
  package let step: Int
  /// Steps in a whole epoch.
  package let stepsPerEpoch: Int
  /// Epochs in a round.
  package let epochsPerRound: Int
  /// Steps in the whole run.
  package let totalSteps: Int

  /// Names the position after `step` steps.
  package init(step: Int, stepsPerEpoch: Int, epochsPerRound: Int = 1, totalSteps: Int) {
    precondition(
      step >= 1 && stepsPerEpoch >= 1 && epochsPerRound >= 1,
      "step \(step), \(stepsPerEpoch) steps an epoch, \(epochsPerRound) epochs a round")
    self.step = step
    self.stepsPerEpoch = stepsPerEpoch
    self.epochsPerRound = epochsPerRound
    self.totalSteps = totalSteps
  }

  /// The position after `step` steps of a run.
  package init(step: Int, of options: TrainingOptions) {
    self.init(
      step: step, stepsPerEpoch: options.stepsPerEpoch, epochsPerRound: options.epochsPerRound,
      totalSteps: options.totalSteps)
  }

  /// The epoch of that step, from 1.
  package var epoch: Int { (step - 1) / stepsPerEpoch + 1 }

  /// The step within its epoch, from 1.
  package var stepOfEpoch: Int { (step - 1) % stepsPerEpoch + 1 }

  /// Epochs in the run, a last one that is not whole included.
  package var epochCount: Int { (totalSteps + stepsPerEpoch - 1) / stepsPerEpoch }

  /// True if the run ends here.
  package var isLast: Bool { step >= totalSteps }

  /// True if a round, or the run in the middle of one, ends here.
  package var endsRound: Bool { endsWholeRound || isLast }

  private var endsWholeRound: Bool { step.isMultiple(of: stepsPerRound) }
  private var stepsPerRound: Int { epochsPerRound * stepsPerEpoch }
  private var stepOfRound: Int { (step - 1) % stepsPerRound + 1 }

  /// True if a report is due: after every `interval` steps of a round, and at the end of one too
  /// short to have had any.
  package func isReportDue(every interval: Int) -> Bool {
    stepOfRound.isMultiple(of: interval) || (endsRound && stepOfRound < interval)
  }

  /// True if a checkpoint is due at the end of a round.
  package func isCheckpointDue(everyRounds interval: Int) -> Bool {
    isLast || (endsWholeRound && (step / stepsPerRound).isMultiple(of: interval))
  }
}
