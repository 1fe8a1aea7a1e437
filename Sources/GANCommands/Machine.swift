import Foundation

/// What the system says of the machine, and of how much of it this process may use.
///
/// What it does not say is nil or empty; only Linux says all of it.
package struct Machine: Sendable {
  /// What the processor has of what speeds training up, in words.
  package let processorFeatures: [String]
  /// The processors whose time control groups grant.
  package let processorQuota: Double?
  /// Processes that wanted to run, on average over the last minute.
  package let load: Double?
  /// Bytes of memory there are.
  package let memoryBytes: Int?
  /// Bytes that programs may still ask for.
  package let availableBytes: Int?
  /// Bytes that control groups allow.
  package let memoryLimitBytes: Int?

  /// Asks the system.
  ///
  /// - Parameter read: Reads a file of the system; nil where there is none.
  package init(
    read: (String) -> String? = { try? String(contentsOfFile: $0, encoding: .utf8) }
  ) {
    processorFeatures = Self.features(in: read("/proc/cpuinfo") ?? "")
    load = read("/proc/loadavg")?.split(separator: " ").first.flatMap { Double($0) }
    let memory = read("/proc/meminfo") ?? ""
    memoryBytes = Self.bytes(of: "MemTotal", in: memory)
    availableBytes = Self.bytes(of: "MemAvailable", in: memory)
    let groups = ControlGroups(read: read)
    processorQuota = groups.processorQuota
    memoryLimitBytes = groups.memoryLimitBytes
  }

  /// The first processor's flags that matter, by the names people know.
  private static func features(in text: String) -> [String] {
    let line = text.split(separator: "\n").first {
      $0.hasPrefix("flags") || $0.hasPrefix("Features")
    }
    let flags = Set((line ?? "").split(whereSeparator: \.isWhitespace))
    let names: [(flag: Substring, name: String)] = [
      ("avx2", "AVX2"), ("fma", "FMA"), ("avx512f", "AVX-512"),
      ("avx512_bf16", "AVX-512 bfloat16"), ("avx512_vnni", "AVX-512 VNNI"),
      ("amx_bf16", "AMX bfloat16"), ("asimd", "Neon"), ("bf16", "bfloat16"), ("sve", "SVE"),
    ]
    return names.filter { flags.contains($0.flag) }.map(\.name)
  }

  private static func bytes(of name: String, in text: String) -> Int? {
    let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
    let kibibytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first
    return kibibytes.flatMap { Int($0) }.map { 1_024 * $0 }
  }
}

/// What Linux's control groups allow this process: the least of what its group and those above
/// allow.
private struct ControlGroups {
  let processorQuota: Double?
  let memoryLimitBytes: Int?

  init(read: (String) -> String?) {
    var (quotas, limits): ([Double], [Int]) = ([], [])
    for line in (read("/proc/self/cgroup") ?? "").split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let controllers = fields[1].split(separator: ",")
      for folder in Self.folders(ofGroup: fields[2], controllers: fields[1]) {
        if controllers.isEmpty {
          quotas += Self.quota(read("\(folder)/cpu.max"))
          limits += Self.number(read("\(folder)/memory.max"))
        } else if controllers.contains("cpu") {
          let parts = ["quota", "period"].compactMap { read("\(folder)/cpu.cfs_\($0)_us") }
          quotas += Self.quota(parts.joined(separator: " "))
        } else if controllers.contains("memory") {
          limits += Self.number(read("\(folder)/memory.limit_in_bytes"))
        }
      }
    }
    processorQuota = quotas.min()
    // The older kind says "no limit" with a number no machine reaches.
    memoryLimitBytes = limits.filter { $0 < 1 << 60 }.min()
  }

  /// The folders of a group and those above it; the newer kind has one tree for all controllers.
  private static func folders(ofGroup group: Substring, controllers: Substring) -> [String] {
    let root = "/sys/fs/cgroup" + (controllers.isEmpty ? "" : "/\(controllers)")
    let names = group.split(separator: "/")
    return (0...names.count).map { count in
      ([root] + names.prefix(count).map(String.init)).joined(separator: "/")
    }
  }

  /// The processors that `quota period` comes to; none for `max` or a negative quota.
  private static func quota(_ text: String?) -> [Double] {
    let numbers = (text ?? "").split(whereSeparator: \.isWhitespace).map { Double($0) }
    guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], quota > 0, period > 0
    else { return [] }
    return [quota / period]
  }

  private static func number(_ text: String?) -> [Int] {
    text.flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }.map { [$0] } ?? []
  }
}
