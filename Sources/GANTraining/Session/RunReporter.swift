import GANRuntime
import GANTensor

/// Says how a run goes: the lines of `stats.jsonl`, and events of reports and progress.
///
/// Its identity is the interval since the last report. It belongs to the engine's thread.
final class RunReporter {
  private let options: TrainingOptions
  private let statistics: LineFile?
  private let progressInterval: Duration?
  private let tell: @Sendable (TrainingEvent) -> Void
  private let examiner: SampleExaminer
  private let warner: RunWarner
  private let clock = ContinuousClock()
  private var start: ContinuousClock.Instant
  private var lastReport: (step: Int, time: ContinuousClock.Instant)
  private var lastProgress: ContinuousClock.Instant
  /// Seconds in exchanges among ranks until the last report.
  private var lastExchanged = 0.0
  /// The readings since the last report or epoch's end.
  private(set) var interval: ReadingAccumulator
  /// The run's losses and scores so far.
  private(set) var history: RunHistory
  /// The report on the last step it looked at, if there was one.
  private(set) var report: TrainingReport?
  /// The generator's items of the last round's end.
  private(set) var preview: HostTensor?

  /// Starts the clock: it counts steps, not preparation.
  init(
    _ options: TrainingOptions, from step: Int, goingOnWith interval: ReadingAccumulator,
    _ history: RunHistory,
    statistics: LineFile?, progressInterval: Duration?, examiner: SampleExaminer,
    warner: RunWarner, tell: @escaping @Sendable (TrainingEvent) -> Void
  ) {
    (self.examiner, self.warner) = (examiner, warner)
    self.options = options
    (self.interval, self.history) = (interval, history)
    self.statistics = statistics
    self.progressInterval = progressInterval
    self.tell = tell
    start = clock.now
    (lastReport, lastProgress) = ((step, start), start)
  }

  /// Seconds since the first step began.
  var elapsedSeconds: Double { (clock.now - start).inSeconds }

  /// Leaves out a time in which the run waited for being told to go on.
  func passOver(_ time: Duration) {
    start += time
    lastReport.time += time
  }

  /// Reports a step if that is due.
  ///
  /// - Throws: `TrainingError.diverged`; `FormatError` where the line cannot be written.
  func look(at session: TrainingSession, _ position: RunPosition) throws {
    report = nil
    session.addReadings(to: &interval)
    let losses = session.report
    let now = clock.now
    let isProgressDue = progressInterval.map { now - lastProgress >= $0 } ?? false
    let isReportDue = position.isReportDue(every: options.reportInterval) || !losses.isFinite
    guard isReportDue || isProgressDue || position.endsRound else { return }
    let steps = Double(position.step - lastReport.step)
    let stepSeconds = (now - lastReport.time).inSeconds / steps
    let exchanged = session.device.ranks?.exchangeSeconds
    var report = TrainingReport(
      position: position, images: options.epochPlan.itemCount(beforeStep: position.step),
      losses: losses,
      readings: interval.readings, stepSeconds: stepSeconds,
      elapsedSeconds: (now - start).inSeconds,
      imagesPerSecond: Double(options.batchSize * options.discriminatorSteps) / stepSeconds,
      exchangeSeconds: exchanged.map { ($0 - lastExchanged) / steps })
    self.report = report
    if isReportDue {
      try statistics?.append(report.statisticsLine(kind: "report"))
      tell(.report(report))
    }
    if isProgressDue {
      tell(.progress(report))
      lastProgress = now
    }
    guard isReportDue || position.endsRound else { return }
    // NaN persists: never save it as a checkpoint.
    if position.endsRound || !losses.isFinite { try session.checkFinite(at: position) }
    if position.endsRound {
      let items = try session.previewItems(count: options.previewCount)
      report.samples = examiner.measures(of: items, deadUnits: session.deadUnits)
      (self.report, preview) = (report, items)
      try statistics?.append(report.statisticsLine(kind: "epoch"))
    }
    let line = StatisticsLine(report)
    history.add(line)
    try warner.take(DiagnosisPoint(line), at: position)
    // Reports are measured between their ends: writing and waiting are part of training.
    lastReport = (position.step, now)
    lastExchanged = exchanged ?? 0
    interval.reset()
  }
}
