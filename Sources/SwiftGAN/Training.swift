import GANTraining

/// A training in progress: what happens in it, and how it ends.
///
/// Its identity is the training. It is cancelled, after the step it is in, with the last reference
/// to it or to its events; others that train or sample in the same process go on beside it.
public final class Training: Sendable {
  /// The run's folder; nil where nothing is written.
  public let folder: String?
  private let work: Work

  private enum Work: Sendable {
    case run(TrainingRun)
    /// It was at its end already.
    case finished(GAN)
  }

  init(_ run: TrainingRun, in folder: String?) { (self.folder, work) = (folder, .run(run)) }

  init(finished gan: GAN, in folder: String) { (self.folder, work) = (folder, .finished(gan)) }

  /// What happens in a training.
  public enum Event: Sendable {
    /// The step is prepared; training begins.
    case prepared
    /// Losses, scores and what else the game says of itself, every `reportInterval` steps.
    case report(TrainingProgress)
    /// An epoch is over. The preview is what the generator makes of the run's fixed latents; nil
    /// for a listener that is more than four pictures behind.
    case epoch(TrainingProgress, preview: Samples?)
    /// The generator was evaluated, every `evaluation.interval` epochs.
    case evaluated(Evaluation)
    /// So many reports were let go, for the listener was 65,536 of them behind.
    case missed(reportCount: Int)
    /// The training stopped where `stop` asked it to, after so many steps.
    case stopped(step: Int)
    /// The training is over, and everything is written.
    case finished(GAN)
  }

  /// What happens from now on, for one more listener; the first one hears all from the start.
  ///
  /// The sequence ends after `finished` or `stopped`, or throws a `GANError`. However slow a
  /// listener is, the training never waits for it and its memory is bounded.
  public var events: Events {
    switch work {
    case .run(let run): Events(run.events)
    case .finished(let gan): Events(gan)
    }
  }

  /// The events of a training.
  public struct Events: AsyncSequence, AsyncIteratorProtocol, Sendable {
    private var events: TrainingEvents?
    private var only: GAN?

    init(_ events: TrainingEvents) { self.events = events }

    init(_ gan: GAN) { only = gan }

    /// The sequence itself.
    public func makeAsyncIterator() -> Events { self }

    /// The next event; nil at the end, and where the task is cancelled.
    public mutating func next() async throws -> Event? {
      if let gan = only.take() { return .finished(gan) }
      guard let events else { return nil }
      while true {
        let next = try await inPublicWords { try await events.next() }
        guard let next else { return nil }
        if let event = Event(next) { return event }
      }
    }
  }

  /// Asks the training to stop after the step it is in. In a folder it leaves a checkpoint first.
  public func stop() {
    if case .run(let run) = work { run.stop() }
  }

  /// Ends the training after the step it is in, without a checkpoint.
  public func cancel() {
    if case .run(let run) = work { run.cancel() }
  }

  /// Waits for the end. Cancelling the task that waits cancels the training.
  ///
  /// - Throws: `GANError`, of kind `stopped` where it was asked to stop; `CancellationError`.
  public func result() async throws -> GAN {
    switch work {
    case .finished(let gan): return gan
    case .run(let run):
      let outcome = try await withTaskCancellationHandler {
        try await inPublicWords { try await run.outcome() }
      } onCancel: {
        run.cancel()
      }
      guard let outcome else {
        throw GANError(
          .stopped,
          "the training was asked to stop" + (folder.map { " and can resume: \($0)" } ?? ""))
      }
      return GAN(outcome)
    }
  }
}

extension Training.Event {
  /// What an event of the house is to those outside; nil for what only a terminal shows.
  init?(_ event: TrainingEvent) {
    switch event {
    case .prepared: self = .prepared
    case .progress, .judging, .stalled, .warned, .changed, .collapsed: return nil
    case .judged(let judgement, let position, _, let isBest):
      self = .evaluated(Evaluation(judgement, at: position, isBest: isBest))
    case .report(let report): self = .report(TrainingProgress(report))
    case .epoch(let report, let items):
      self = .epoch(TrainingProgress(report), preview: items.map { Samples($0) })
    case .missed(let count): self = .missed(reportCount: count)
    case .interrupted(let step): self = .stopped(step: step)
    case .finished(let outcome): self = .finished(GAN(outcome))
    }
  }
}
