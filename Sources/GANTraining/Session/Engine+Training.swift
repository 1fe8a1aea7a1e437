import Foundation
package import GANData
import GANFormats
import GANRuntime

extension Engine {
  /// Starts a run and tells what happens in it.
  ///
  /// The stream ends after `finished`, or throws what stopped the run: `TrainingError.diverged`,
  /// `FormatError` where a file cannot be written, `RuntimeError`. Whoever drops the stream stops
  /// the run after the step it is in.
  ///
  /// - Parameters:
  ///   - options: Checked first; `datasetCount` and `itemShape` must be the data's.
  ///   - folder: Where files go; without one nothing is written.
  ///   - checkpoint: Where to go on; nil starts.
  ///   - request: Whoever wants the run to stop says so here: it writes a checkpoint and ends with
  ///     `interrupted`.
  ///   - progressInterval: Time between two `progress` events; without one there are none.
  ///   - explain: Receives the compiler's account of itself, on the engine's thread.
  package nonisolated func training(
    _ options: TrainingOptions, on dataset: any TrainingData, in folder: RunFolder?,
    from checkpoint: RunFile? = nil, until request: StopRequest = StopRequest(),
    progressInterval: Duration? = nil, explain: (@Sendable (String) -> Void)? = nil
  ) -> AsyncThrowingStream<TrainingEvent, any Error> {
    AsyncThrowingStream { continuation in
      let run = Task.detached {
        do {
          try await self.train(
            options, on: dataset, in: folder, from: checkpoint, until: request,
            progressInterval: progressInterval, explain: explain
          ) { continuation.yield($0) }
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in run.cancel() }
    }
  }

  private func train(
    _ options: TrainingOptions, on dataset: any TrainingData, in folder: RunFolder?,
    from checkpoint: RunFile?, until request: StopRequest, progressInterval: Duration?,
    explain: (@Sendable (String) -> Void)?, tell: @Sendable (TrainingEvent) -> Void
  ) async throws {
    // Everything that does not change is prepared once: programs, kernels, arena, order of data.
    try options.validate()
    let session = try TrainingSession(options.setup, dataset: dataset, explain: explain)
    try checkpoint.map { try session.restore($0) }
    // All of the memory is taken by now but a copy of the state to save.
    let heldBytes = ProcessMeasures.anonymousResidentBytes()
    tell(.prepared(session.cost, memoryBytes: heldBytes.map { $0 + session.stateBytes }))

    // Files are written elsewhere from copies, one after another; the first one now.
    let statistics = try folder.map { try LineFile($0.statistics) }
    let writer = RunWriter(
      folder: folder, statistics: statistics, retention: CheckpointRetention(options),
      grid: options.previewGrid)
    var writing = writer.begin(
      realItems: session.firstRealItems(count: options.previewCount))
    var savedStep = session.step

    // The clock counts steps, not preparation.
    let clock = ContinuousClock()
    let start = clock.now
    let totalSteps = options.totalSteps
    var (lastReportStep, lastReport, lastProgress) = (session.step, start, start)

    do {
      while session.step < totalSteps && !request.isMade {
        // A step is both players' updates; it allocates nothing.
        try session.runStep()
        let position = RunPosition(
          step: session.step, stepsPerEpoch: session.stepsPerEpoch, totalSteps: totalSteps)
        try Task.checkCancellation()

        // Say how it goes. The losses of the last step stand for all: reading them costs nothing.
        let losses = session.report
        let now = clock.now
        let isProgressDue = progressInterval.map { now - lastProgress >= $0 } ?? false
        let isReportDue =
          position.isReportDue(every: options.reportInterval) || !losses.isFinite
        guard isReportDue || isProgressDue || position.endsEpoch else { continue }
        let stepSeconds = (now - lastReport).inSeconds / Double(position.step - lastReportStep)
        let report = TrainingReport(
          position: position, images: position.images(with: options), losses: losses,
          stepSeconds: stepSeconds, elapsedSeconds: (now - start).inSeconds,
          imagesPerSecond: Double(options.batchSize * options.discriminatorSteps) / stepSeconds)
        if isReportDue {
          try statistics?.append(report.statisticsLine(kind: "report"))
          tell(.report(report))
        }
        if isProgressDue {
          tell(.progress(report))
          lastProgress = now
        }
        guard isReportDue || position.endsEpoch else { continue }

        // What is not a number never becomes one again, and must not become a checkpoint.
        if position.endsEpoch || !losses.isFinite { try session.checkFinite(at: position) }

        // After an epoch, hand a picture and a checkpoint over. The writer has had an epoch's time
        // for the last ones, so that waiting for it rarely takes any.
        if position.endsEpoch {
          try statistics?.append(report.statisticsLine(kind: "epoch"))
          try await writing.value
          let isCheckpointDue = position.isCheckpointDue(everyEpochs: options.checkpointInterval)
          let fakeItems = try session.previewItems(count: options.previewCount)
          writing = writer.endEpoch(
            position.epoch, fakeItems: fakeItems,
            checkpoint: isCheckpointDue ? try session.checkpoint(of: options) : nil)
          if isCheckpointDue { savedStep = session.step }
          tell(.epoch(report, fakeItems: fakeItems))
        }
        // Reports are measured between their ends: writing and waiting are part of training.
        (lastReportStep, lastReport) = (position.step, now)
      }

      // Asked to stop, leave a checkpoint of where the run is, if it is anywhere new.
      try await writing.value
      guard session.step == totalSteps else {
        if session.step > savedStep {
          try session.checkFinite(
            at: RunPosition(
              step: session.step, stepsPerEpoch: session.stepsPerEpoch, totalSteps: totalSteps))
          try await writer.interrupt(session.checkpoint(of: options)).value
        }
        tell(.interrupted(step: session.step))
        return
      }
    } catch {
      // What is being written is finished first: nothing half-written stays behind.
      _ = try? await writing.value
      throw error
    }

    // At the end come the bare networks, after the last checkpoint is safe.
    let networks = try session.networks(of: options)
    try await writer.finish(networks).value
    tell(
      .finished(
        TrainingOutcome(
          generator: networks.generator, discriminator: networks.discriminator,
          elapsedSeconds: (clock.now - start).inSeconds,
          memoryBytes: ProcessMeasures.anonymousResidentBytes())))
  }
}

extension TrainingSession {
  /// Everything needed to go on, with the options it belongs to.
  fileprivate func checkpoint(of options: TrainingOptions) throws -> Checkpoint {
    Checkpoint(step: step, options: options, tensors: try checkpoint())
  }

  /// Goes on from a checkpoint.
  ///
  /// - Throws: `TrainingError.foreign` where it lacks something, or contradicts itself.
  fileprivate func restore(_ file: RunFile) throws {
    let tensors = Dictionary(
      uniqueKeysWithValues: file.contents.entries.map { ($0.name, $0.tensor) })
    do {
      try restore(tensors)
    } catch let error as RuntimeError {
      throw TrainingError.foreign(path: file.path, reason: error.description)
    }
    guard step == file.step else {
      throw TrainingError.foreign(
        path: file.path, reason: "its tensors are of step \(step), it says \(file.step)")
    }
  }

  /// Looks for what is no longer a number in the losses, parameters and moments.
  ///
  /// - Throws: `TrainingError.diverged`.
  fileprivate func checkFinite(at position: RunPosition) throws {
    let tensor = try firstNonFinite()
    guard report.isFinite, tensor == nil else {
      throw TrainingError.diverged(step: position.step, epoch: position.epoch, tensor: tensor)
    }
  }
}
