#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Files that are there whole or not at all, whenever the process or the machine stops.
///
/// The bytes go to a new file in the same folder, which is synced, renamed over its place, and
/// made durable by syncing the folder. A kill can leave a file whose name starts with
/// `temporaryPrefix`; nothing else.
package enum AtomicFile {
  /// The start of unfinished files' names; a folder's owner may delete those.
  package static let temporaryPrefix = ".gan-unfinished-"

  /// Writes `bytes` as the whole contents of `path`.
  ///
  /// - Throws: `FormatError` of kind `unwritable`; what was at `path` is then untouched.
  package static func write(_ bytes: [UInt8], to path: String) throws(FormatError) {
    try write(to: path) { output throws(FormatError) in try output.append(bytes) }
  }

  /// Writes what `body` appends as the whole contents of `path`.
  ///
  /// A symbolic link is followed; folders, devices and pipes are refused.
  ///
  /// - Throws: `FormatError` of kind `unwritable`, or what `body` throws; what was at `path` is
  ///   then untouched, or replaced whole where only syncing the folder failed.
  package static func write(
    to path: String, _ body: (borrowing OutputFile) throws(FormatError) -> Void
  ) throws(FormatError) {
    let place = try resolved(path)
    let output = try OutputFile(beside: place, for: path)
    do throws(FormatError) {
      try body(output)
      try output.finish(at: place)
    } catch {
      output.discard()
      throw error
    }
    try syncFolder(of: place, for: path)
  }

  /// Removes an unfinished file, unless another process is writing it.
  package static func removeUnfinished(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    // A file system without locks cannot tell.
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK { return }
    unlink(path)
  }

  /// The path to write to so that a link at `path` survives.
  private static func resolved(_ path: String) throws(FormatError) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { return path }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      throw FormatError(path, .unwritable(code: isFolder ? EISDIR : EEXIST))
    }
    guard let real = realpath(path, nil) else {
      throw FormatError(path, .unwritable(code: errno))
    }
    defer { free(real) }
    return String(cString: real)
  }

  /// Makes what a folder says of the file at `place` last; errors blame `path`.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  package static func syncFolder(of place: String, for path: String) throws(FormatError) {
    let descriptor = open(folder(of: place), O_RDONLY | O_CLOEXEC)
    // A folder may be writable without being readable, and some file systems cannot sync one.
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
      throw FormatError(path, .unwritable(code: errno))
    }
  }

  fileprivate static func folder(of place: String) -> String {
    guard let slash = place.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == place.startIndex ? "/" : String(place[..<slash])
  }
}

/// A file being written under a temporary name.
package struct OutputFile: ~Copyable {
  private let path: String
  private let temporary: String
  private let descriptor: CInt

  fileprivate init(beside place: String, for path: String) throws(FormatError) {
    self.path = path
    var attempt: (name: String, descriptor: CInt)
    repeat {
      let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
      attempt.name = "\(AtomicFile.folder(of: place))/\(AtomicFile.temporaryPrefix)\(suffix)"
      attempt.descriptor = open(attempt.name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    } while attempt.descriptor < 0 && errno == EEXIST
    guard attempt.descriptor >= 0 else { throw FormatError(path, .unwritable(code: errno)) }
    (temporary, descriptor) = attempt
    // For `removeUnfinished` to see.
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
  }

  deinit { close(descriptor) }

  /// Appends bytes.
  package func append(_ bytes: [UInt8]) throws(FormatError) {
    try put(bytes) { rest, _ in write(descriptor, rest.baseAddress, rest.count) }
  }

  /// Replaces the file's first bytes.
  package func replaceStart(_ bytes: [UInt8]) throws(FormatError) {
    try put(bytes) { pwrite(descriptor, $0.baseAddress, $0.count, off_t($1)) }
  }

  /// Puts all bytes where `write` puts some, given what is left and how many were written.
  private func put(
    _ bytes: [UInt8], _ write: (UnsafeRawBufferPointer, Int) -> Int
  ) throws(FormatError) {
    try bytes.withUnsafeBufferPointer { source throws(FormatError) in
      var rest = UnsafeRawBufferPointer(source)
      while !rest.isEmpty {
        let count = write(rest, source.count - rest.count)
        if count >= 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        } else if errno != EINTR {
          throw FormatError(path, .unwritable(code: errno))
        }
      }
    }
  }

  fileprivate func finish(at place: String) throws(FormatError) {
    guard fsync(descriptor) == 0, rename(temporary, place) == 0 else {
      throw FormatError(path, .unwritable(code: errno))
    }
  }

  fileprivate func discard() { unlink(temporary) }
}
