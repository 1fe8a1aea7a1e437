/// The limits of Linux's control groups on this process: the least of those of its group and of all
/// groups above it.
package struct ControlGroups: Sendable {
  /// The processors whose time they grant; nil without a limit.
  package let processorQuota: Double?
  /// Bytes of memory they allow; nil without a limit.
  package let memoryLimitBytes: Int?
  /// Bytes of those that are not in use; memory that the system can take back counts as unused.
  package let availableBytes: Int?
  /// The processes and threads they allow, and how many there are, in the group with the fewest left;
  /// nil without a limit.
  package let processLimit: (limit: Int, count: Int)?

  /// The times that groups have stopped their processes for using up their quota.
  package let throttling: Throttling

  /// Stops of processes whose groups had used up their quota.
  package struct Throttling: Hashable, Sendable {
    /// Periods of the quota at whose end processes stood still.
    package fileprivate(set) var periods = 0
    /// Seconds for which they did, processor by processor.
    package fileprivate(set) var seconds = 0.0
  }

  /// Reads the limits from the system.
  ///
  /// - Parameter read: Reads a file of the system; nil where there is none.
  package init(read: (String) -> String?) {
    let groups = Self.groups(in: read("/proc/self/cgroup") ?? "")
    func words(_ name: String, of group: Group) -> [Substring] {
      (read("\(group.folder)/\(name)") ?? "").split(whereSeparator: \.isWhitespace)
    }
    processorQuota = groups.compactMap { group in
      switch group.kind {
      case .unified: Self.quota(words("cpu.max", of: group))
      case .processor:
        Self.quota(words("cpu.cfs_quota_us", of: group) + words("cpu.cfs_period_us", of: group))
      case .memory, .processes: nil
      }
    }.min()

    throttling = groups.reduce(into: Throttling()) { sum, group in
      guard group.kind == .unified || group.kind == .processor else { return }
      let statistics = words("cpu.stat", of: group)
      for (name, value) in zip(statistics, statistics.dropFirst()) {
        switch name {
        case "nr_throttled": sum.periods += Int(value) ?? 0
        case "throttled_usec": sum.seconds += 1e-6 * (Double(value) ?? 0)
        case "throttled_time": sum.seconds += 1e-9 * (Double(value) ?? 0)
        default: break
        }
      }
    }

    let memories = groups.compactMap { group -> (limit: Int, available: Int)? in
      let names: (limit: String, used: String, files: Set<Substring>)
      switch group.kind {
      case .unified:
        names = ("memory.max", "memory.current", ["active_file", "inactive_file"])
      case .memory:
        names = (
          "memory.limit_in_bytes", "memory.usage_in_bytes",
          ["total_active_file", "total_inactive_file"]
        )
      case .processor, .processes: return nil
      }
      // Without a limit one kind says `max`, the other a number beyond any machine's memory.
      guard let limit = Self.number(words(names.limit, of: group).first), limit < 1 << 60 else {
        return nil
      }
      let used = Self.number(words(names.used, of: group).first) ?? 0
      // The system drops cached files when a program needs the memory.
      let statistics = words("memory.stat", of: group)
      let spare = zip(statistics, statistics.dropFirst()).reduce(0) { spare, pair in
        spare + (names.files.contains(pair.0) ? Self.number(pair.1) ?? 0 : 0)
      }
      return (limit, max(0, limit - max(0, used - spare)))
    }
    memoryLimitBytes = memories.map(\.limit).min()
    availableBytes = memories.map(\.available).min()

    processLimit = groups.compactMap { group -> (limit: Int, count: Int)? in
      guard group.kind == .unified || group.kind == .processes,
        let limit = Self.number(words("pids.max", of: group).first)
      else { return nil }
      return (limit, Self.number(words("pids.current", of: group).first) ?? 0)
    }.min { $0.limit - $0.count < $1.limit - $1.count }
  }

  private struct Group {
    /// The files it has: all, or those of one of the older kind's controllers.
    enum Kind { case unified, processor, memory, processes }

    let kind: Kind
    let folder: String
  }

  /// The groups that lines such as `0::/jobs/one` name, and those above them.
  private static func groups(in text: String) -> [Group] {
    text.split(separator: "\n").flatMap { line -> [Group] in
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return [] }
      let controllers = fields[1].split(separator: ",")
      let kind: Group.Kind
      if controllers.isEmpty {
        kind = .unified
      } else if controllers.contains("cpu") {
        kind = .processor
      } else if controllers.contains("memory") {
        kind = .memory
      } else if controllers.contains("pids") {
        kind = .processes
      } else {
        return []
      }
      // The unified kind has one tree for all controllers.
      let root = "/sys/fs/cgroup" + (controllers.isEmpty ? "" : "/\(fields[1])")
      let names = fields[2].split(separator: "/")
      return (0...names.count).map { count in
        Group(
          kind: kind, folder: ([root] + names.prefix(count).map(String.init)).joined(separator: "/")
        )
      }
    }
  }

  /// The processors that a quota and a period come to; nil for `max` or a negative quota.
  private static func quota(_ words: [Substring]) -> Double? {
    let numbers = words.map { Double($0) }
    guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], quota > 0, period > 0
    else { return nil }
    return quota / period
  }

  private static func number(_ word: Substring?) -> Int? { word.flatMap { Int($0) } }
}
