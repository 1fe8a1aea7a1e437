import Foundation
import GANRuntime

/// Facts on the machine, and on this process's share of it, as the system tells them.
///
/// Facts that it does not tell are nil or empty; only Linux tells all.
package struct MachineFacts: Sendable {
  /// The processor's features that speed training up, in words.
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

  /// The first processor's flags that matter, by their common names.
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
