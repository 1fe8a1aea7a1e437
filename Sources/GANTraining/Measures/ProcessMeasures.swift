import Foundation

/// The system's measures of this process.
package enum ProcessMeasures {
  /// The most memory the process ever held, in bytes.
  package static func peakResidentBytes() -> Int {
    #if os(Linux)
      // `getrusage` would also count the memory of the program that started this one.
      statusBytes("VmHWM:")
    #else
      var usage = rusage()
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #endif
  }

  /// The memory it holds that is in no file, in bytes; nil where the system does not tell.
  package static func anonymousResidentBytes() -> Int? {
    #if os(Linux)
      statusBytes("RssAnon:")
    #else
      nil
    #endif
  }

  #if os(Linux)
    /// A line of the system's account of this process; 0 where it is not there.
    private static func statusBytes(_ name: String) -> Int {
      let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
      let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
      let kibibytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first
      return 1_024 * (kibibytes.flatMap { Int($0) } ?? 0)
    }
  #endif

  /// Seconds since the process started, to the system's tick (10 ms on Linux).
  package static func secondsSinceStart() -> Double {
    #if os(Linux)
      // The fields after the name, which may contain anything but a second closing bracket.
      let status = (try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8)) ?? ""
      let fields = status.drop { $0 != ")" }.split(separator: " ").dropFirst()
      let startField = 22 - 2
      guard fields.count >= startField, let ticks = Double(Array(fields)[startField - 1]) else {
        return 0
      }
      var now = timespec()
      clock_gettime(CLOCK_BOOTTIME, &now)
      let sinceBoot = Double(now.tv_sec) + 1e-9 * Double(now.tv_nsec)
      return sinceBoot - ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    #else
      var name = [CTL_KERN, KERN_PROC, KERN_PROC_PID, getpid()]
      var process = kinfo_proc()
      var byteCount = MemoryLayout<kinfo_proc>.size
      guard sysctl(&name, 4, &process, &byteCount, nil, 0) == 0 else { return 0 }
      let start = process.kp_proc.p_starttime
      return Date().timeIntervalSince1970 - Double(start.tv_sec) - 1e-6 * Double(start.tv_usec)
    #endif
  }
}
