/// A run in progress or finished, and its events.
///
/// Its identity is the run. It is cancelled, after the step it is in, with the last reference to it
/// or to its events.
package final class TrainingRun: Sendable {
  private let hub: TrainingEventHub
  private let task: Task<TrainingOutcome?, any Error>
  private let request: StopRequest

  init(
    _ hub: TrainingEventHub, _ task: Task<TrainingOutcome?, any Error>,
    stoppedBy request: StopRequest
  ) {
    (self.hub, self.task, self.request) = (hub, task, request)
  }

  deinit { task.cancel() }

  /// The events from now on, for one more listener; the first one gets all from the start.
  ///
  /// Ends after `finished` or `interrupted`, or throws the error that stopped the run:
  /// `TrainingError.diverged`, `FormatError` if a file cannot be written, `RuntimeError`.
  package var events: TrainingEvents { TrainingEvents(run: self, mailbox: hub.join()) }

  /// Asks the run to stop after the step it is in. It writes a checkpoint first.
  package func stop() { request.stop() }

  /// Ends the run after the step it is in, without a checkpoint.
  package func cancel() { task.cancel() }

  /// Waits for the end of the run.
  ///
  /// - Returns: Nil if it was stopped on request.
  /// - Throws: As the events do.
  package func outcome() async throws -> TrainingOutcome? { try await task.value }
}

/// The events of a run, for one listener.
package struct TrainingEvents: AsyncSequence, AsyncIteratorProtocol, Sendable {
  let run: TrainingRun
  let mailbox: TrainingEventMailbox

  package func makeAsyncIterator() -> TrainingEvents { self }

  package func next() async throws -> TrainingEvent? { try await mailbox.next() }
}
