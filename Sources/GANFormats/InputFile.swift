#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

#if _endian(big)
  #error("the formats here are little-endian, and tensors keep the machine's order")
#endif

/// An open file, read once from front to back.
package struct InputFile: ~Copyable {
  /// The path it was opened by.
  package let path: String
  /// Its length when it was opened.
  package let byteCount: Int

  let descriptor: CInt

  /// Opens a regular file.
  ///
  /// - Throws: `FormatError` of kind `missing` when it is absent, unreadable, or not a file.
  package init(path: String) throws(FormatError) {
    // Not blocking: opening a pipe without a writer would wait for ever.
    let opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard opened >= 0 else {
      let isAbsent = errno == ENOENT || errno == ENOTDIR
      throw FormatError(path, isAbsent ? .notFound : .unreadable(code: errno))
    }
    var status = stat()
    guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(opened)
      throw FormatError(path, .notRegularFile)
    }
    self.path = path
    byteCount = Int(status.st_size)
    descriptor = opened
  }

  deinit { close(descriptor) }

  /// Reads on until `destination` is full or the file ends.
  ///
  /// - Returns: The number of bytes read; fewer than `destination.count` only at the end.
  package func fill(_ destination: UnsafeMutableRawBufferPointer) throws(FormatError) -> Int {
    var filled = 0
    while filled < destination.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: destination[filled...])
      let count = read(descriptor, rest.baseAddress, rest.count)
      if count > 0 {
        filled += count
      } else if count == 0 {
        break
      } else if errno != EINTR {
        throw FormatError(path, .unreadable(code: errno))
      }
    }
    return filled
  }

  /// Reads up to `count` bytes; fewer only at the file's end.
  package func bytes(upTo count: Int) throws(FormatError) -> [UInt8] {
    try [UInt8](capacity: count) { destination throws(FormatError) in try fill(destination) }
  }
}

extension [UInt8] {
  /// Makes an array whose bytes are written once, by `write`, which returns how many it wrote.
  init<Failure: Error>(
    capacity: Int, _ write: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
  ) throws(Failure) {
    var failure: Failure?
    self.init(unsafeUninitializedCapacity: capacity) { buffer, count in
      do throws(Failure) {
        count = try write(UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: capacity))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }
}
