import GANRuntime

/// The one thread a run computes on, and what can be done there: train, trace, measure, sample.
///
/// Its identity is that thread. oneDNN's threads belong to the thread that calls it, so a process
/// has one engine, and only its methods touch a session or a device.
package actor Engine {
  private nonisolated let thread: EngineThread
  /// What tasks prefer that take turns here.
  nonisolated let tasks: EngineTasks

  /// The actor's jobs run on its own thread.
  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    thread.asUnownedSerialExecutor()
  }

  /// Starts the thread.
  package init() {
    thread = EngineThread(name: "gan-engine")
    tasks = EngineTasks(on: thread)
  }

  /// Lets whoever waits for the engine go first: what takes long calls it after each of its steps,
  /// so that several trainings advance by turns and nobody waits for longer than a step of each.
  package func passTurn() async { await thread.passTurn() }

  /// Does something here for a caller that hears at once if it is cancelled, whatever the engine is
  /// at; the work itself then ends at its next step.
  nonisolated func serve<Result: Sendable>(
    _ work: @escaping @Sendable (isolated Engine) async throws -> Result
  ) async throws -> Result {
    let (results, continuation) = AsyncThrowingStream<Result, any Error>.makeStream()
    let task = Task.detached(executorPreference: tasks) {
      do {
        continuation.yield(try await self.perform(work))
        continuation.finish()
      } catch {
        continuation.finish(throwing: error)
      }
    }
    continuation.onTermination = { _ in task.cancel() }
    for try await result in results { return result }
    throw CancellationError()
  }

  private func perform<Result: Sendable>(
    _ work: @Sendable (isolated Engine) async throws -> Result
  ) async throws -> Result {
    try Task.checkCancellation()
    return try await work(self)
  }
}
