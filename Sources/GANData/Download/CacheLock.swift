import GANFormats

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A hold on a data set's folder in the cache, so that two processes never fetch or pack it
/// together.
///
/// Its identity is the hold: it ends with the value, or with the process however that ends.
struct CacheLock: ~Copyable {
  private let descriptor: CInt

  /// Takes hold of a folder; while another process has it, waits, having said so.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  init(_ folder: String, waiting: () -> Void) throws(FormatError) {
    descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FormatError(folder, .unwritable(code: errno)) }
    // A file system without locks leaves it to the user.
    guard flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK else { return }
    waiting()
    while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
  }

  deinit { close(descriptor) }
}
