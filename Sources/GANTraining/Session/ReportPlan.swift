/// The steps of a run that end in a report.
package struct ReportPlan: Hashable, Sendable {
  /// Steps from one report of a round to the next.
  package let interval: Int
  package let stepsPerEpoch: Int
  package let epochsPerRound: Int
  package let totalSteps: Int

  package init(interval: Int, stepsPerEpoch: Int, epochsPerRound: Int = 1, totalSteps: Int) {
    precondition(interval >= 1, "a report every \(interval) steps")
    (self.interval, self.stepsPerEpoch, self.totalSteps) = (interval, stepsPerEpoch, totalSteps)
    self.epochsPerRound = epochsPerRound
  }

  /// The reports of a run.
  init(_ options: TrainingOptions) {
    self.init(
      interval: options.reportInterval, stepsPerEpoch: options.stepsPerEpoch,
      epochsPerRound: options.epochsPerRound, totalSteps: options.totalSteps)
  }

  /// True if a report is due after `step` steps.
  func isDue(after step: Int) -> Bool {
    RunPosition(
      step: step, stepsPerEpoch: stepsPerEpoch, epochsPerRound: epochsPerRound,
      totalSteps: totalSteps
    ).isReportDue(every: interval)
  }

  /// The steps of the first round, from 1, that end in a report.
  var inFirstRound: StrideThrough<Int> {
    let last = min(epochsPerRound * stepsPerEpoch, totalSteps)
    return stride(from: min(interval, last), through: last, by: interval)
  }
}
