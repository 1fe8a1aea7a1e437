import GANRuntime

/// The one thread a run computes on, and its work: training, traces, measurements, samples.
///
/// Its identity is that thread. A device's team belongs to the thread that computes, so a process
/// has one engine, and only its methods touch a session or a device.
package actor Engine {
  nonisolated let thread: EngineThread
  /// The executor for tasks that take turns here.
  nonisolated let tasks: EngineTasks

  /// The actor's jobs run on its own thread.
  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    thread.asUnownedSerialExecutor()
  }

  /// Starts the thread.
  ///
  /// - Throws: `RuntimeError.threads` where the system gives none.
  package init() throws {
    thread = try EngineThread(name: "gan-engine")
    tasks = EngineTasks(on: thread)
  }

  /// Lets the jobs that wait for the engine go first: long work calls it after each of its steps,
  /// so that several trainings advance by turns and none waits for longer than a step of each.
  package func passTurn() async { await thread.passTurn() }

  /// Does work here for a caller that is released at once if it is cancelled, even while the engine
  /// is busy; the work itself then ends at its next step.
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
