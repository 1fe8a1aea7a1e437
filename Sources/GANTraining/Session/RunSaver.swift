import GANRuntime
import GANTensor

/// Hands a run's pictures and checkpoints to its writer.
///
/// Its identity is the last checkpoint. It belongs to the engine's thread.
final class RunSaver {
  private let options: TrainingOptions
  private let writer: RunWriter
  private let tell: @Sendable (TrainingEvent) -> Void
  private let timedInterval: Duration?
  private let clock = ContinuousClock()
  private(set) var savedStep: Int
  /// When the state was last saved, by the schedule or by the clock.
  private var savedTime: ContinuousClock.Instant
  /// The judgements so far.
  private var best: BestCheckpoint
  /// The most memory that the process held with a copy of the state; nil if it is not known.
  private(set) var memoryBytes: Int?

  /// Begins where the run does.
  ///
  /// - Parameter timedInterval: The longest time without a save; nil for any.
  init(
    _ options: TrainingOptions, from step: Int, goingOnWith best: BestCheckpoint,
    to writer: RunWriter, every timedInterval: Duration?,
    tell: @escaping @Sendable (TrainingEvent) -> Void
  ) {
    self.best = best
    self.options = options
    self.writer = writer
    self.tell = tell
    self.timedInterval = timedInterval
    savedStep = step
    savedTime = clock.now
  }

  /// Has the items of an epoch's end written as a picture.
  ///
  /// The writer has had an epoch's time for the last ones, so waiting for it is rare.
  func keepPreview(_ items: HostTensor, _ report: TrainingReport) async throws {
    try await writer.settle()
    writer.write(fakeItems: items, epoch: report.position.epoch)
    tell(.epoch(report, fakeItems: items))
  }

  /// Keeps a judgement, and which checkpoint is the best.
  ///
  /// - Parameters:
  ///   - patience: Judgements without a better one after which the run is to stop.
  ///   - stop: What stops it.
  func note(
    _ judgement: RunJudgement, at position: RunPosition, _ statistics: LineFile?, patience: Int?,
    _ stop: StopRequest
  ) throws {
    let images = options.epochPlan.itemCount(beforeStep: position.step)
    try statistics?.append(judgement.statisticsLine(at: position, images: images))
    let isBest = best.note(
      judgement[options.evaluation.metric.rawValue] ?? .nan, step: position.step)
    tell(.judged(judgement, at: position, images: images, isBest: isBest))
    guard let patience, best.judgementsSince >= patience else { return }
    tell(.stalled(judgements: best.judgementsSince, bestStep: best.step))
    stop.stop()
  }

  /// Has a checkpoint written.
  ///
  /// - Parameter reporter: It has the curves so far, and the sums for the next report.
  func save(_ session: TrainingSession, _ reporter: RunReporter) throws {
    guard writer.writes else { return }
    writer.write(reporter.history, of: options)
    writer.write(try checkpoint(of: session, reporter.interval))
    (savedStep, savedTime) = (session.step, clock.now)
  }

  /// Has the state saved beside the checkpoints where it has not been for the time that may be lost.
  ///
  /// While the disk is behind, nothing is added to what waits for it. What is no longer finite is
  /// left to the look at an epoch's end.
  func saveInTime(_ session: TrainingSession, _ interval: ReadingAccumulator) throws {
    guard let timedInterval, writer.writes, session.step > savedStep,
      clock.now - savedTime >= timedInterval, writer.isIdle,
      session.report.isFinite, try session.firstNonFinite() == nil
    else { return }
    writer.write(timed: try checkpoint(of: session, interval))
    savedTime = clock.now
  }

  /// Has the state saved beside the checkpoints, unless a checkpoint of this step is there.
  ///
  /// - Returns: False for a state that is no longer finite, and where nothing is written.
  func saveNow(_ session: TrainingSession, _ interval: ReadingAccumulator) throws -> Bool {
    guard writer.writes, session.report.isFinite, try session.firstNonFinite() == nil else {
      return false
    }
    if session.step > savedStep {
      writer.write(timed: try checkpoint(of: session, interval))
      savedTime = clock.now
    }
    return true
  }

  private func checkpoint(
    of session: TrainingSession, _ interval: ReadingAccumulator
  ) throws -> Checkpoint {
    let checkpoint = Checkpoint(
      step: session.step, options: options, tensors: try session.checkpoint() + interval.tensors,
      bestStep: best.step, rankCount: session.device.ranks?.rankCount ?? 1)
    if let held = ProcessMeasures.anonymousResidentBytes() {
      memoryBytes = max(memoryBytes ?? 0, held)
    }
    return checkpoint
  }

  /// Leaves a checkpoint of where a run stops, if that is anywhere new.
  func saveIfNew(_ session: TrainingSession, _ reporter: RunReporter) async throws {
    if session.step > savedStep {
      try session.checkFinite(
        at: RunPosition(step: session.step, of: options))
      try save(session, reporter)
    }
    try await writer.settle()
  }
}
