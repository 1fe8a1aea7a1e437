#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file's bytes where the system pages them in as they are read; its identity is the mapping.
///
/// They take no memory that the system could not have back, so that a file may be larger than the
/// memory. Cutting the file shorter meanwhile kills the process that reads it; replacing the
/// file by another is safe.
// Sendable: the bytes are never written to, and the mapping is read-only.
package final class MappedFile: @unchecked Sendable {
  /// All bytes of the file, at an address that stays.
  package let bytes: UnsafeRawBufferPointer

  /// Maps as many bytes as the file had when it was opened, at least one.
  fileprivate init?(descriptor: CInt, byteCount: Int) {
    guard let base = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0),
      base != MAP_FAILED
    else { return nil }
    bytes = UnsafeRawBufferPointer(start: base, count: byteCount)
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }
}

extension InputFile {
  /// Maps the file, which must not be empty.
  ///
  /// - Throws: `FormatError` of kind `missing` where the system refuses.
  package func mapped() throws(FormatError) -> MappedFile {
    precondition(byteCount > 0, "\(path) is empty")
    guard let file = MappedFile(descriptor: descriptor, byteCount: byteCount) else {
      throw FormatError(path, .unreadable(code: errno))
    }
    return file
  }
}
