internal import CKernels
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// One operating-system thread as an executor; its identity is the thread.
///
/// A run owns one: kernels share the team of the thread that calls them, so an actor whose
/// `unownedExecutor` this is prepares and runs everything on the same one. The thread ends when its
/// executor is released and its work is done.
package final class EngineThread: SerialExecutor {
  private let queue = JobQueue()

  /// Starts the thread.
  ///
  /// - Parameter name: Its name in the system's list; 15 bytes at most.
  /// - Throws: `RuntimeError.threads` where the system gives none.
  package init(name: String) throws(RuntimeError) {
    ck_exit_guard()
    let queue = self.queue
    let body: @Sendable () -> Void = { queue.runUntilClosed() }
    let start = Unmanaged.passRetained(ThreadStart(name: name, body: body))
    let status = ck_start_thread(
      { argument in
        // The pointer that `passRetained` gave.
        guard let argument else { return nil }
        let start = Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
        ck_name_this_thread(start.name)
        ck_take_process_niceness()
        start.body()
        return nil
      }, start.toOpaque())
    guard status == 0 else {
      start.release()
      throw ProcessRoom.refusal(of: 1, computing: 1)
    }
  }

  deinit { queue.close() }

  /// True if a job or a turn waits for the thread.
  var isAwaited: Bool { queue.isAwaited }

  /// Lets every job that waits by now have the thread before the caller goes on; at once if none
  /// does.
  ///
  /// Called by an actor whose executor this is, in a task that prefers the thread: see `EngineTasks`.
  package func passTurn() async {
    guard isAwaited else { return }
    await withUnsafeContinuation { queue.append(.resumption($0)) }
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    queue.append(.job(UnownedJob(job), asUnownedSerialExecutor()))
  }

  fileprivate func enqueue(_ job: consuming ExecutorJob, of tasks: UnownedTaskExecutor) {
    queue.append(.task(UnownedJob(job), asUnownedSerialExecutor(), tasks))
  }
}

/// An engine's thread as the place where tasks go on unless an actor says otherwise.
///
/// A task that prefers it is queued on the thread at once when it is resumed. Others are resumed
/// elsewhere first, so that the order in which they come back depends on the machine's load.
package final class EngineTasks: TaskExecutor {
  private let thread: EngineThread

  /// Prefers a thread.
  package init(on thread: EngineThread) { self.thread = thread }

  package func enqueue(_ job: consuming ExecutorJob) {
    thread.enqueue(job, of: asUnownedTaskExecutor())
  }
}

/// The data for a new thread; its identity is the handover.
private final class ThreadStart: Sendable {
  let name: String
  let body: @Sendable () -> Void

  init(name: String, body: @escaping @Sendable () -> Void) {
    self.name = name
    self.body = body
  }
}

/// Jobs waiting for the thread; shared between it and the threads that enqueue.
private final class JobQueue: @unchecked Sendable {
  // Unchecked: every access to `turns` and `isClosed` holds the mutex, which has a fixed address.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var turns: [Turn] = []
  private var isClosed = false
  /// The length of `turns`, to be read without the mutex.
  private let count = Atomic(0)

  /// The next holder of the thread.
  enum Turn {
    case job(UnownedJob, UnownedSerialExecutor)
    /// A job of a task that prefers the thread.
    case task(UnownedJob, UnownedSerialExecutor, UnownedTaskExecutor)
    /// A job that let others go first, and is queued again now.
    case resumption(UnsafeContinuation<Void, Never>)
  }

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// True if a job or a turn waits for the thread.
  var isAwaited: Bool { count.load(ordering: .relaxed) > 0 }

  func append(_ turn: Turn) {
    pthread_mutex_lock(mutex)
    turns.append(turn)
    count.store(turns.count, ordering: .relaxed)
    pthread_cond_signal(condition)
    pthread_mutex_unlock(mutex)
  }

  func close() {
    pthread_mutex_lock(mutex)
    isClosed = true
    pthread_cond_signal(condition)
    pthread_mutex_unlock(mutex)
  }

  func runUntilClosed() {
    while true {
      pthread_mutex_lock(mutex)
      while turns.isEmpty && !isClosed { pthread_cond_wait(condition, mutex) }
      guard !turns.isEmpty else {
        pthread_mutex_unlock(mutex)
        return
      }
      let turn = turns.removeFirst()
      count.store(turns.count, ordering: .relaxed)
      pthread_mutex_unlock(mutex)
      switch turn {
      case .job(let job, let executor):
        ck_work_begin()
        job.runSynchronously(on: executor)
        ck_work_end()
      case .task(let job, let executor, let tasks):
        ck_work_begin()
        job.runSynchronously(isolatedTo: executor, taskExecutor: tasks)
        ck_work_end()
      case .resumption(let continuation): continuation.resume()
      }
    }
  }
}

/// Does work that must not be cut by the end of the process: `exit` waits for it, five seconds at most,
/// before libraries are taken down. Does not return if the process ends already.
///
/// - Parameter body: Runs on the calling thread, from its beginning to its end.
package func finishingBeforeExit<Result>(_ body: () throws -> Result) rethrows -> Result {
  ck_work_begin()
  defer { ck_work_end() }
  return try body()
}
