import Foundation
import GANFormats
import GANRuntime

extension Engine {
  /// Starts a run, which takes turns with the engine's other work.
  package nonisolated func training(_ request: TrainingRequest) -> TrainingRun {
    let hub = TrainingEventHub()
    let task = Task.detached(executorPreference: tasks) {
      do {
        let outcome = try await self.train(request) { hub.tell($0) }
        hub.end(.success(()))
        return outcome
      } catch {
        request.lock?.release()
        hub.end(.failure(error))
        throw error
      }
    }
    return TrainingRun(hub, task, stoppedBy: request.stop)
  }

  /// - Returns: Nil if the run was stopped on request.
  private func train(
    _ request: TrainingRequest, tell: @escaping @Sendable (TrainingEvent) -> Void
  ) async throws -> TrainingOutcome? {
    try Task.checkCancellation()
    let options = request.options
    // Everything that does not change is prepared once: programs, kernels, arena, order of data.
    let session = try TrainingSession(
      options.setup, dataset: request.dataset, on: options.setup.makeDevice(request.ranks),
      measuring: ReportPlan(options), explain: request.explain)
    if let checkpoint = request.checkpoint {
      try session.restore(checkpoint)
    } else if let start = request.start {
      try session.adopt(Dictionary(uniqueKeysWithValues: start.tensors))
    }
    try session.shareState()
    session.repeatChanges(try request.changes())
    // All of the memory is taken by now but a copy of the state to save.
    let heldBytes = ProcessMeasures.anonymousResidentBytes()
    tell(.prepared(session.programs.cost, memoryBytes: heldBytes.map { $0 + session.stateBytes }))

    // Files are written elsewhere from copies, one after another; the first one now.
    let statistics = try request.folder.map { try LineFile($0.statistics) }
    let writer = RunWriter(
      folder: request.folder, statistics: statistics, of: options)
    let realItems = session.firstRealItems(count: options.previewCount)
    writer.write(realItems: realItems)
    let saver = RunSaver(
      options, from: session.step,
      goingOnWith: try BestCheckpoint(options, resuming: request), to: writer,
      every: request.timedInterval, tell: tell)
    let pastLines = try request.folder?.statisticsLines() ?? []
    let warner = try RunWarner(
      options, goingOnWith: pastLines, statistics: statistics,
      stopOnCollapse: request.stopsOnCollapse ? request.stop : nil, tell: tell)
    let reporter = RunReporter(
      options, from: session.step,
      goingOnWith: ReadingAccumulator(restoring: request.checkpoint?.tensors ?? []),
      RunHistory(pastLines), statistics: statistics, progressInterval: request.progressInterval,
      examiner: SampleExaminer(options, beside: realItems, of: request.dataset), warner: warner,
      tell: tell)

    do {
      try await run(
        session, until: options.totalSteps, stoppedBy: request.stop,
        observers: observers(
          of: request, reporter, saver, warner, statistics, tell))
      // The others wait for the last files.
      request.ranks?.beginWork()
      guard session.step == options.totalSteps else {
        try await saver.saveIfNew(session, reporter)
        // Before anybody hears of the end: whoever does may resume the run.
        request.lock?.release()
        tell(.interrupted(step: session.step))
        return nil
      }
      try await writer.settle()
    } catch is JudgementAbandoned {
      // As if the run had not come here: it judges once it goes on from the last checkpoint.
      try await writer.settle()
      request.lock?.release()
      tell(.interrupted(step: saver.savedStep))
      return nil
    } catch {
      // What led to it is worth seeing.
      if error is TrainingError { writer.write(reporter.history, of: options) }
      // Writes in progress are finished first: nothing half-written stays behind.
      _ = try? await writer.settle()
      if case TrainingError.diverged(let step, _, let tensor) = error {
        try warner.warnOfDivergence(request, at: step, tensor)
      }
      throw error
    }

    // At the end come the bare networks, after the last checkpoint is safe.
    let diagnosis = warner.doctor.diagnosis
    writer.write(diagnosis)
    let networks = try session.networks(of: options)
    writer.write(networks)
    try await writer.settle()
    let outcome = TrainingOutcome(
      generator: networks.generator, discriminator: networks.discriminator, diagnosis: diagnosis,
      elapsedSeconds: reporter.elapsedSeconds,
      memoryBytes: saver.memoryBytes ?? ProcessMeasures.anonymousResidentBytes())
    request.lock?.release()
    tell(.finished(outcome))
    return outcome
  }

  /// All observers of a run, in order: reports, those of the request, its judge, the picture of an
  /// epoch's end and then its checkpoint, or the state where the clock says so.
  private func observers(
    of request: TrainingRequest, _ reporter: RunReporter, _ saver: RunSaver,
    _ warner: RunWarner, _ statistics: LineFile?,
    _ tell: @escaping @Sendable (TrainingEvent) -> Void
  ) -> [Observer<TrainingSession>] {
    let options = request.options
    func position(_ step: Int) -> RunPosition { RunPosition(step: step, of: options) }
    let reports = Observer<TrainingSession>.everyStep { session in
      try reporter.look(at: session, position(session.step))
    }
    func moment(_ session: TrainingSession) -> RunMoment {
      RunMoment(
        position: position(session.step), session: session, options: options,
        folder: request.folder, tell: tell,
        pause: {
          await self.passTurn()
          try Task.checkCancellation()
        })
    }
    let others = request.observers.map { observer in
      Observer<TrainingSession>(
        isDue: { observer.isDue(at: position($0)) },
        look: { try await observer.look(at: moment($0)) })
    }
    let judgements = request.judge.map { judge in
      Observer<TrainingSession>(
        isDue: { judge.isDue(at: position($0)) },
        look: { session in
          request.ranks?.beginWork()
          defer { request.ranks?.endWork() }
          guard let judgement = try await judge.judge(at: moment(session), unless: request.stop)
          else { throw JudgementAbandoned() }
          try saver.note(
            judgement, at: position(session.step), statistics, patience: request.patience,
            request.stop)
          try warner.take(
            DiagnosisPoint(judgement, at: position(session.step)), at: position(session.step))
        })
    }
    let previews = Observer<TrainingSession>(
      isDue: { position($0).endsRound },
      look: { session in
        guard let report = reporter.report, let items = reporter.preview else { return }
        try await saver.keepPreview(items, report)
      })
    let checkpoints = Observer<TrainingSession>(
      isDue: { position($0).isCheckpointDue(everyRounds: options.checkpointInterval) },
      look: { try saver.save($0, reporter) })
    let timed = Observer<TrainingSession>.everyStep { try saver.saveInTime($0, reporter.interval) }
    let changes = request.ranks.map { ranks in
      Observer<TrainingSession>.everyStep {
        try self.shareChanges($0, ranks, request, tell)
      }
    }
    let pace = request.pace.map { pace in
      Observer<TrainingSession>.everyStep {
        try await self.follow(pace, $0, saver, reporter, request, tell)
      }
    }
    return [reports] + others + (judgements.map { [$0] } ?? []) + [previews, checkpoints, timed]
      + [changes, pace].compactMap(\.self)
  }
}

extension TrainingRequest {
  /// The changes of hyperparameters that the run makes again, which the first rank reads.
  ///
  /// - Throws: `FormatError`; `TrainingError.foreign` where they are damaged; `RankError`.
  fileprivate func changes() throws -> [HyperparameterChange] {
    let own = try folder?.readChanges(of: options) ?? []
    guard let ranks else { return own }
    let shared = try ranks.shared(Array(JSONEncoder().encode(own)))
    return try JSONDecoder().decode([HyperparameterChange].self, from: Data(shared))
  }
}

/// A judge gave up because the run is to stop.
private struct JudgementAbandoned: Error {}

extension BestCheckpoint {
  /// The judgements before the checkpoint that a run goes on from.
  fileprivate init(_ options: TrainingOptions, resuming request: TrainingRequest) throws {
    guard request.checkpoint != nil, let folder = request.folder else {
      self.init(options)
      return
    }
    let file = try InputFile(path: folder.statistics)
    self.init(options, restoring: try file.bytes(upTo: file.byteCount))
  }
}

extension TrainingSession {
  /// Adds the last step's readings.
  func addReadings(to interval: inout ReadingAccumulator) {
    interval.add(readingNames, readingValues)
  }

  /// Goes on from a checkpoint.
  ///
  /// - Throws: `TrainingError.foreign` if its contents are incomplete or contradictory.
  fileprivate func restore(_ file: RunFile) throws {
    let tensors = Dictionary(
      uniqueKeysWithValues: file.tensors)
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

  /// Looks for NaN and infinity in the losses, parameters and moments.
  ///
  /// - Throws: `TrainingError.diverged`.
  func checkFinite(at position: RunPosition) throws {
    let tensor = try firstNonFinite()
    guard report.isFinite, tensor == nil else {
      throw TrainingError.diverged(step: position.step, epoch: position.epoch, tensor: tensor)
    }
  }
}
