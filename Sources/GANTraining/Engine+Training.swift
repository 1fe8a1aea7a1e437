import Foundation
package import GANData
import GANFormats
import GANTensor

extension Engine {
  /// Starts a run and tells what happens in it.
  ///
  /// The stream ends after `finished`, or throws what stopped the run: `TrainingError.diverged`,
  /// `FormatError` where a file cannot be written, `RuntimeError`. Whoever drops the stream stops
  /// the run after the step it is in.
  ///
  /// - Parameters:
  ///   - options: Checked first; `datasetCount` and `imageShape` must be the data's.
  ///   - folder: Where files go; without one nothing is written.
  ///   - explain: Receives the compiler's account of itself, on the engine's thread.
  package nonisolated func training(
    _ options: TrainingOptions, on dataset: ImageDataset, in folder: RunFolder?,
    explain: (@Sendable (String) -> Void)? = nil
  ) -> AsyncThrowingStream<TrainingEvent, any Error> {
    AsyncThrowingStream { continuation in
      let run = Task.detached {
        do {
          try await self.train(options, on: dataset, in: folder, explain: explain) {
            continuation.yield($0)
          }
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in run.cancel() }
    }
  }

  private func train(
    _ options: TrainingOptions, on dataset: ImageDataset, in folder: RunFolder?,
    explain: (@Sendable (String) -> Void)?, tell: @Sendable (TrainingEvent) -> Void
  ) async throws {
    // The options are on the disk before anything is computed: a run that fails can be read.
    try options.validate()
    try folder.map { try AtomicFile.write([UInt8](options.json.utf8), to: $0.options) }
    let statistics = try folder.map { try LineFile($0.statistics) }

    // Everything that does not change is prepared once: programs, kernels, arena, order of data.
    let session = try TrainingSession(options.setup, dataset: dataset, explain: explain)
    let cost = StepCost(
      multiplyAdds: session.multiplyAddsPerStep, stateBytes: session.stateBytes,
      arenaBytes: session.arenaBytes)
    tell(.prepared(cost))

    let totalSteps = options.totalSteps(stepsPerEpoch: session.stepsPerEpoch)

    // Files are written elsewhere from copies, one after another; the first ones now.
    let writer = RunWriter(folder: folder, options: options, stepsPerEpoch: session.stepsPerEpoch)
    var writing = writer.begin(
      dataset: dataset, realImages: session.firstRealImages(count: options.previewCount))

    // The clock counts steps, not preparation.
    let clock = ContinuousClock()
    let start = clock.now
    var (lastReportStep, lastReport) = (session.step, start)

    while session.step < totalSteps {
      // A step is both players' updates; it allocates nothing.
      try session.runStep()
      let position = RunPosition(
        step: session.step, stepsPerEpoch: session.stepsPerEpoch, totalSteps: totalSteps)
      try Task.checkCancellation()
      let isReportDue = position.isReportDue(every: options.reportInterval)
      guard isReportDue || position.endsEpoch else { continue }

      // Say how it goes. The losses of the last step stand for all: reading them costs nothing.
      let now = clock.now
      let steps = Double(position.step - lastReportStep)
      let stepSeconds = seconds(now - lastReport) / steps
      let report = TrainingReport(
        position: position, images: position.images(with: options), losses: try session.report(),
        stepSeconds: stepSeconds, elapsedSeconds: seconds(now - start),
        imagesPerSecond: Double(options.batchSize * options.discriminatorSteps) / stepSeconds)
      if isReportDue {
        try statistics?.append(report.statisticsLine(kind: "report"))
        tell(.report(report))
      }

      // What is not a number never becomes one again, and must not become a checkpoint.
      let isSuspect = position.endsEpoch || !report.isFinite
      let nonFinite = isSuspect ? try session.firstNonFinite() : nil
      guard report.isFinite, nonFinite == nil else {
        throw TrainingError.diverged(
          step: position.step, epoch: position.epoch, tensor: nonFinite)
      }

      // After an epoch, hand a picture and a checkpoint over. The writer has had an epoch's time
      // for the last ones, so that waiting for it rarely takes any.
      if position.endsEpoch {
        try statistics?.append(report.statisticsLine(kind: "epoch"))
        tell(.epoch(report))
        try await writing.value
        let isCheckpointDue = position.isCheckpointDue(everyEpochs: options.checkpointInterval)
        let checkpoint =
          isCheckpointDue
          ? Checkpoint(step: session.step, options: options, tensors: try session.checkpoint())
          : nil
        writing = writer.endEpoch(
          position.epoch, fakeImages: try session.previewImages(count: options.previewCount),
          checkpoint: checkpoint)
      }
      // Reports are measured between their ends: writing and waiting are part of training.
      (lastReportStep, lastReport) = (position.step, now)
    }

    // At the end come the bare networks, after the last checkpoint is safe.
    try await writing.value
    let networks = try Player.allCases.map { player in
      SavedNetwork(
        player: player, network: options.network(of: player),
        parameters: try session.parameters(of: player), options: options, step: session.step)
    }
    try await writer.finish(networks).value
    tell(
      .finished(
        TrainingOutcome(
          generator: networks[0], discriminator: networks[1],
          elapsedSeconds: seconds(clock.now - start))))
  }
}

/// A duration as a number.
func seconds(_ duration: Duration) -> Double {
  let (seconds, attoseconds) = duration.components
  return Double(seconds) + 1e-18 * Double(attoseconds)
}
