internal import CKernels

/// The room for threads and open files that the system leaves this process.
///
/// Swift's runtime starts threads by itself as work comes up, and where it gets none it tries again for
/// ever. Room is therefore looked for before there is any such work, and whenever the engine has taken
/// threads of its own.
package enum ProcessRoom {
  /// The threads that the runtime starts at most beside the engine's: for the command, its signals, what
  /// it writes, the terminal and its own management, and two more.
  package static let runtimeThreadCount = 7

  /// Those of them that are left to be started while a device is made.
  static let lateThreadCount = 4

  /// Files that a command has open at most beside its standard streams: a run's, a data set's, and the
  /// runtime's own.
  private static let fileCount: Int32 = 24

  /// Makes sure that there is room for a command that computes: for the runtime's threads, the engine's
  /// first, and the files that both open.
  ///
  /// - Throws: `RuntimeError.threads`, `RuntimeError.files`.
  package static func requireForComputing() throws(RuntimeError) {
    try require(runtimeThreadCount + 1, computing: 1)
    let room = ck_file_room(fileCount)
    guard room < fileCount else { return }
    let limit = ck_file_limit()
    throw .files(
      count: Int(fileCount), room: Int(room),
      limit: limit < 0 ? "the system gives no more" : "ulimit -n is \(limit)")
  }

  /// Makes a program indifferent to limits that would end it without a word: every thread gets the same
  /// stack, a file that may grow no more is an error of writing, and as many files as the system's programs
  /// usually have may be open, where that is allowed. For its first lines.
  package static func outliveLimits() {
    ck_set_default_stack()
    ck_ignore_file_limit()
    ck_raise_file_limit(1_024)
  }

  /// Makes sure that so many threads can be started now.
  ///
  /// - Parameter computing: The threads that compute, of which there may be fewer.
  /// - Throws: `RuntimeError.threads`.
  static func require(_ count: Int, computing: Int) throws(RuntimeError) {
    guard ck_thread_room(Int32(clamping: count)) < count else { return }
    throw refusal(of: count, computing: computing)
  }

  /// The error of a system that gives no more.
  static func refusal(of count: Int, computing: Int) -> RuntimeError {
    .threads(count: count, computing: computing, limit: limit(for: count))
  }

  /// The limit in words that leaves no room for so many threads, as far as the system tells.
  private static func limit(for count: Int) -> String {
    #if os(Linux)
      let groups = ControlGroups(read: SystemMemory.text)
      if let (limit, count: taken) = groups.processLimit, limit - taken < count {
        return "pids.max of its control group is \(limit), of which \(taken) are taken"
      }
    #endif
    let (addresses, processes) = (ck_address_limit(), ck_process_limit())
    let limits =
      (addresses < 0 ? [] : ["ulimit -v is \(addresses / 1_024) kB of addresses"])
      + (processes < 0 ? [] : ["ulimit -u is \(processes) processes and threads of this user"])
    return limits.isEmpty ? "the system gives no more" : limits.joined(separator: ", ")
  }
}
