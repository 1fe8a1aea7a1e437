import Dispatch
import GANRuntime
import Testing

#if canImport(Glibc)
  import Glibc

  @Suite("Threads of the engine")
  struct EngineThreadTests {
    /// Says how nice a thread is.
    private actor Voice {
      private let thread: EngineThread

      nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

      init(on thread: EngineThread) { self.thread = thread }

      /// Of a process's main thread, or of any other; of the calling one, if the number is 0.
      static func niceness(of thread: pid_t) -> Int32 {
        getpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(thread))
      }

      var niceness: Int32 { Self.niceness(of: 0) }
    }

    @Test(
      "A thread has the niceness of the process, whatever that of the queue that starts it",
      arguments: [DispatchQoS.QoSClass.background, .default, .userInteractive])
    func niceness(of queue: DispatchQoS.QoSClass) async throws {
      let thread = try await withCheckedThrowingContinuation { continuation in
        // Where root runs the tests, Dispatch changes the niceness of this queue's threads.
        DispatchQueue.global(qos: queue).async {
          continuation.resume(with: Result { try EngineThread(name: "nice") })
        }
      }
      #expect(await Voice(on: thread).niceness == Voice.niceness(of: getpid()))
    }
  }
#endif
