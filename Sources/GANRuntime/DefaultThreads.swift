/// The number of threads that compute unless one is asked for, and its reason.
package struct DefaultThreads: Hashable, Sendable {
  /// Processors this process may run on.
  package let processorCount: Int
  /// The processors whose time control groups grant; nil without a limit.
  package let processorQuota: Double?

  /// Those of a process on so many processors, with so much of their time.
  package init(processorCount: Int, processorQuota: Double?) {
    (self.processorCount, self.processorQuota) = (processorCount, processorQuota)
  }

  /// Those of this process, for everything that it computes.
  package static let ofProcess: DefaultThreads = {
    #if os(Linux)
      let quota = ControlGroups(read: SystemMemory.text).processorQuota
    #else
      let quota: Double? = nil
    #endif
    return DefaultThreads(processorCount: CPUDevice.processorCount, processorQuota: quota)
  }()

  /// One for each processor, or fewer where less time than theirs is granted, so that no thread is
  /// stopped; at least one.
  package var count: Int {
    min(processorCount, processorQuota.map { max(1, Int($0)) } ?? processorCount)
  }
}

extension DefaultThreads: CustomStringConvertible {
  /// The reason in words: `2 processors`, `quota = 1.5 of 2 processors`.
  package var description: String {
    let processors = processorCount == 1 ? "1 processor" : "\(processorCount) processors"
    guard let processorQuota, processorQuota < Double(processorCount) else { return processors }
    // Hundredths, which is as fine as anybody grants them.
    let hundredths = Int((100 * processorQuota).rounded())
    let granted = hundredths % 100 == 0 ? "\(hundredths / 100)" : "\(Double(hundredths) / 100)"
    return "quota = \(granted) of \(processors)"
  }
}
