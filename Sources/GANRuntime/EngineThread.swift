internal import CKernels

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// One operating-system thread as an executor; its identity is the thread.
///
/// A run owns one: oneDNN keeps a team of threads for each thread that calls it, so an actor whose
/// `unownedExecutor` this is prepares and runs everything on the same one. The thread ends when its
/// executor is released and its work is done.
package final class EngineThread: SerialExecutor {
  private let queue = JobQueue()

  /// Starts the thread.
  ///
  /// - Parameter name: What the system lists it as; 15 bytes at most.
  package init(name: String) {
    let queue = self.queue
    let body: @Sendable () -> Void = { queue.runUntilClosed() }
    let start = ThreadStart(name: name, body: body)
    #if os(Linux)
      var thread = pthread_t()
    #else
      var thread: pthread_t?
    #endif
    let status = pthread_create(
      &thread, nil,
      { argument in
        // Both platforms hand over what `passRetained` gave below.
        #if os(Linux)
          guard let argument else { return nil }
        #endif
        let start = Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
        ck_name_this_thread(start.name)
        start.body()
        return nil
      }, Unmanaged.passRetained(start).toOpaque())
    precondition(status == 0, "the system gives no thread, status \(status)")
    #if os(Linux)
      pthread_detach(thread)
    #else
      if let thread { pthread_detach(thread) }
    #endif
  }

  deinit { queue.close() }

  package func enqueue(_ job: consuming ExecutorJob) {
    queue.append(UnownedJob(job), for: asUnownedSerialExecutor())
  }
}

/// What a new thread needs to know; its identity is the handover.
private final class ThreadStart: Sendable {
  let name: String
  let body: @Sendable () -> Void

  init(name: String, body: @escaping @Sendable () -> Void) {
    self.name = name
    self.body = body
  }
}

/// Jobs waiting for the thread; shared between it and whoever enqueues.
private final class JobQueue: @unchecked Sendable {
  // Unchecked: every access to `jobs` and `isClosed` holds the mutex, which has a fixed address.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var jobs: [(job: UnownedJob, executor: UnownedSerialExecutor)] = []
  private var isClosed = false

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

  func append(_ job: UnownedJob, for executor: UnownedSerialExecutor) {
    pthread_mutex_lock(mutex)
    jobs.append((job, executor))
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
      while jobs.isEmpty && !isClosed { pthread_cond_wait(condition, mutex) }
      guard !jobs.isEmpty else {
        pthread_mutex_unlock(mutex)
        return
      }
      let (job, executor) = jobs.removeFirst()
      pthread_mutex_unlock(mutex)
      job.runSynchronously(on: executor)
    }
  }
}
