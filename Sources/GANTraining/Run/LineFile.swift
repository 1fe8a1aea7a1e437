import Foundation
package import GANFormats

/// A file that grows by whole lines.
///
/// Its identity is the open file; a kill can only cut the last line, which opening it then ends.
package final class LineFile: Sendable {
  private let path: String
  private let descriptor: CInt

  /// Opens a file for appending, and makes it where it is missing.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  package init(_ path: String) throws(FormatError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FormatError(path, .unwritable(code: errno)) }
    var last = UInt8(ascii: "\n")
    let end = lseek(descriptor, 0, SEEK_END)
    if end > 0, pread(descriptor, &last, 1, end - 1) == 1, last != UInt8(ascii: "\n") {
      try append("")
    }
  }

  deinit { close(descriptor) }

  /// Appends a line and its end in one piece.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  package func append(_ line: String) throws(FormatError) {
    var rest = [UInt8]((line + "\n").utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        throw FormatError(path, .unwritable(code: errno))
      }
    }
  }

  /// Waits until everything appended has reached the disk.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  func sync() throws(FormatError) {
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
      throw FormatError(path, .unwritable(code: errno))
    }
  }
}
