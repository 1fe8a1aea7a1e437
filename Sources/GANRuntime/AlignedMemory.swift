#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Zeroed memory with a fixed address; its identity is that address, which prepared kernels hold.
final class AlignedMemory {
  let bytes: UnsafeMutableRawBufferPointer

  /// Large blocks ask the system for large pages: a step touches all of its memory, and small pages
  /// would miss the address cache all the time.
  private static let largePage = 2 << 20

  init(byteCount: Int) {
    let alignment = byteCount >= Self.largePage ? Self.largePage : 64
    bytes = .allocate(byteCount: max(byteCount, 64), alignment: alignment)
    #if os(Linux)
      if alignment == Self.largePage {
        madvise(bytes.baseAddress, bytes.count, MADV_HUGEPAGE)
      }
    #endif
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
  }

  deinit { bytes.deallocate() }

  func pointer(at byteOffset: Int) -> UnsafeMutableRawPointer {
    precondition(bytes.indices.contains(byteOffset), "\(byteOffset) of \(bytes.count) bytes")
    guard let start = bytes.baseAddress else { preconditionFailure("memory has an address") }
    return start + byteOffset
  }
}
