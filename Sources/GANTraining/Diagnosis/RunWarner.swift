/// Tells of the verdicts that begin while a run trains, and ends it on a collapse where that is wanted.
///
/// Its identity is what the doctor has seen. It belongs to the engine's thread.
final class RunWarner {
  private(set) var doctor: RunDoctor
  private let options: TrainingOptions
  private let statistics: LineFile?
  private let stopOnCollapse: StopRequest?
  private let tell: @Sendable (TrainingEvent) -> Void

  /// Goes on with a run.
  ///
  /// - Parameters:
  ///   - lines: Of its statistics so far; none where it starts.
  ///   - stopOnCollapse: Made where the run is to stop because it collapses; nil lets it go on.
  init(
    _ options: TrainingOptions, goingOnWith lines: [StatisticsLine], statistics: LineFile?,
    stopOnCollapse: StopRequest?, tell: @escaping @Sendable (TrainingEvent) -> Void
  ) throws {
    (self.options, self.statistics, self.tell) = (options, statistics, tell)
    self.stopOnCollapse = stopOnCollapse
    doctor = RunDoctor(options)
    for point in [DiagnosisPoint](lines) { _ = doctor.take(point) }
    // Before the first line of all, so that their steps are in order.
    guard lines.isEmpty else { return }
    for finding in RunDiagnosis.findings(of: options) { try warn(finding, at: nil) }
  }

  /// Looks at the next point of the run.
  func take(_ point: DiagnosisPoint, at position: RunPosition) throws {
    for finding in doctor.take(point) {
      try warn(finding, at: position)
      if finding.kind == .collapse, let stopOnCollapse {
        tell(.collapsed(step: position.step))
        stopOnCollapse.stop()
      }
    }
  }

  /// Tells of a verdict; before the first step without a position.
  func warn(_ finding: RunDiagnosis.Finding, at position: RunPosition?) throws {
    let step = position?.step ?? 0
    let warning = RunWarning(
      finding: finding, step: step, epoch: position?.epoch ?? 1,
      images: options.epochPlan.itemCount(beforeStep: step),
      advice: finding.advice(for: options))
    try statistics?.append(warning.statisticsLine)
    tell(.warned(warning))
  }

  /// Tells where the first number came from that is not finite.
  ///
  /// - Parameters:
  ///   - step: The step after which the run was found to have diverged.
  ///   - tensor: A tensor of the state that is not finite, if one is.
  func warnOfDivergence(_ request: TrainingRequest, at step: Int, _ tensor: String?) throws {
    // A reason why it cannot be found is no reason to end otherwise.
    let checkpoint = (try? request.folder?.latestCheckpoint()) ?? request.checkpoint
    let origin = (try? NonFiniteOrigin(of: request, from: checkpoint, to: step)) ?? nil
    let words = origin?.words ?? tensor ?? "a loss"
    try warn(
      RunDiagnosis.Finding(.divergence, "first \(words)", since: origin?.step ?? step),
      at: RunPosition(step: step, of: options))
  }
}
