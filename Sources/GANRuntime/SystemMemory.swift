internal import CKernels

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The memory that programs may still take on this machine.
///
/// Linux promises more than it has and ends the process that believes it, and Swift ends one that gets
/// less than it asked for, so large requests are compared with this first.
package enum SystemMemory {
  /// Bytes available without swapping, as far as the system tells: of the machine, or of the groups
  /// this process belongs to or its own limits if that is less.
  package static var availableBytes: Int {
    #if os(Linux)
      let limit = min(ControlGroups(read: text).availableBytes ?? .max, allowedBytes)
      let line = text(of: "/proc/meminfo").split(separator: "\n").first {
        $0.hasPrefix("MemAvailable:")
      }
      let kibibytes = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
      return min(limit, kibibytes.map { 1_024 * $0 } ?? physicalBytes)
    #else
      physicalBytes
    #endif
  }

  /// Refuses a request that does not fit.
  ///
  /// - Throws: `RuntimeError.tooLarge`.
  package static func require(_ byteCount: Int, for purpose: String) throws(RuntimeError) {
    let available = availableBytes
    guard byteCount <= available else {
      throw .tooLarge(purpose: purpose, neededBytes: byteCount, availableBytes: available)
    }
  }

  #if os(Linux)
    /// Bytes that `ulimit -v` and `ulimit -d` leave this process.
    private static var allowedBytes: Int {
      let limits = (addresses: Int(ck_address_limit()), data: Int(ck_data_limit()))
      guard limits.addresses >= 0 || limits.data >= 0 else { return .max }
      // In pages: all, resident, shared, text, none, data and stack.
      let pages = text(of: "/proc/self/statm").split(separator: " ").map { Int($0) ?? 0 }
      guard pages.count > 5 else { return .max }
      let bytes = sysconf(Int32(_SC_PAGESIZE))
      return max(
        0,
        min(
          limits.addresses < 0 ? .max : limits.addresses - pages[0] * bytes,
          limits.data < 0 ? .max : limits.data - pages[5] * bytes))
    }
  #endif

  private static var physicalBytes: Int {
    sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
  }

  #if os(Linux)
    /// The start of a small file of the system's; nothing if there is no such file.
    static func text(of path: String) -> String {
      guard let file = fopen(path, "r") else { return "" }
      defer { fclose(file) }
      let bytes = [UInt8](unsafeUninitializedCapacity: 4_096) { buffer, count in
        count = fread(buffer.baseAddress, 1, buffer.count, file)
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  #endif
}
