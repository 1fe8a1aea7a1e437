import GANRuntime

/// The one thread a run computes on, and what can be done there: train, trace, measure, sample.
///
/// Its identity is that thread. oneDNN's threads belong to the thread that calls it, so a process
/// has one engine, and only its methods touch a session or a device.
package actor Engine {
  private nonisolated let thread: EngineThread

  /// The actor's jobs run on its own thread.
  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    thread.asUnownedSerialExecutor()
  }

  /// Starts the thread.
  package init() { thread = EngineThread(name: "gan-engine") }
}
