import CArchive
package import GANFormats

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// An archive of files: zip, 7z, or tar, plain or compressed.
package enum Archive {
  /// True where a file begins as an archive does, or is a compressed one by its name.
  package static func isLikely(at path: String) -> Bool {
    guard let file = try? InputFile(path: path), let start = try? file.bytes(upTo: 512) else {
      return false
    }
    let name = path.lowercased()
    guard !name.hasSuffix(".npz") else { return false }
    let signatures: [[UInt8]] = [
      [0x50, 0x4b, 3, 4], [0x50, 0x4b, 5, 6], [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c],
    ]
    if signatures.contains(where: { start.starts(with: $0) }) { return true }
    if start.dropFirst(257).starts(with: "ustar".utf8) || name.hasSuffix(".tar") { return true }
    return endings.dropFirst(3).contains { name.hasSuffix($0) }
  }

  /// The endings of archives' names, the longest first among those of one kind.
  private static let endings = [
    ".zip", ".7z", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst",
    ".tzst",
  ]

  /// A name without the ending of an archive.
  package static func stem(of name: String) -> String {
    let ending = endings.first { name.lowercased().hasSuffix($0) && name.count > $0.count }
    return ending.map { String(name.dropLast($0.count)) } ?? name
  }

  /// Writes every file of an archive into a folder, which must be there.
  ///
  /// Names lead nowhere outside of it; links and devices are passed over.
  ///
  /// - Throws: `FormatError`: `missing`; `invalid` where it is damaged, or holds more than
  ///   `byteLimit(of:)`; `unwritable`.
  package static func unpack(_ path: String, into folder: String) throws(FormatError) {
    var total = 0
    let byteLimit = try byteLimit(of: path)
    try forEachFile(in: path) { name, read throws(FormatError) in
      let parts = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).filter { $0 != "." }
      guard !parts.isEmpty, !parts.contains("..") else { return }
      let place = "\(folder)/\(parts.joined(separator: "/"))"
      try makeFolder("\(folder)/\(parts.dropLast().joined(separator: "/"))")
      let descriptor = open(place, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o666)
      guard descriptor >= 0 else { throw FormatError(place, .unwritable(code: errno)) }
      defer { close(descriptor) }
      while true {
        let piece = try read()
        guard !piece.isEmpty else { break }
        total += piece.count
        guard total <= byteLimit else {
          throw FormatError(path, .tooManyBytes(.archive, found: total, limit: byteLimit))
        }
        var written = 0
        while written < piece.count {
          let count = piece.withUnsafeBytes {
            write(descriptor, $0.baseAddress?.advanced(by: written), piece.count - written)
          }
          if count >= 0 {
            written += count
          } else if errno != EINTR {
            throw FormatError(place, .unwritable(code: errno))
          }
        }
      }
    }
  }

  /// The arrays of an `.npz` file, in its order, under their names without `.npy`; what else is in
  /// it is passed over.
  package static func arrays(
    in path: String
  ) throws(FormatError) -> [(name: String, array: NumericArray)] {
    var arrays: [(name: String, array: NumericArray)] = []
    var total = 0
    let byteLimit = try byteLimit(of: path)
    try forEachFile(in: path) { name, read throws(FormatError) in
      guard name.hasSuffix(".npy") else { return }
      var bytes: [UInt8] = []
      while true {
        let piece = try read()
        guard !piece.isEmpty else { break }
        bytes += piece
        guard total + bytes.count <= byteLimit else {
          throw FormatError(
            path, .tooManyBytes(.archive, found: total + bytes.count, limit: byteLimit))
        }
      }
      total += bytes.count
      do throws(FormatError) {
        arrays.append((String(name.dropLast(4)), try Npy.array(in: bytes, of: path)))
      } catch {
        // Arrays of text and objects lie beside those of numbers.
        guard case .unsupported = error.reason else { throw error }
      }
    }
    return arrays
  }

  /// The most bytes that are taken out of an archive: 1032 for each of its own, which is the most
  /// that Deflate makes of one, or 64 MiB, and never more than 64 GiB.
  ///
  /// A few hundred bytes can claim a file of any length, most of it a hole.
  static func byteLimit(of path: String) throws(FormatError) -> Int {
    let (product, overflows) = try InputFile(path: path).byteCount
      .multipliedReportingOverflow(by: 1032)
    return overflows ? 1 << 36 : min(max(product, 1 << 26), 1 << 36)
  }

  /// Calls `body` with each regular file: its name, and a function that reads on, nothing at the end.
  private static func forEachFile(
    in path: String,
    _ body: (String, _ read: () throws(FormatError) -> [UInt8]) throws(FormatError) -> Void
  ) throws(FormatError) {
    // Absent and closed files are named as for every other format.
    _ = try InputFile(path: path)
    var archive: OpaquePointer?
    let opened = gan_archive_open(path, &archive)
    defer { gan_archive_close(archive) }
    func corrupt() -> FormatError {
      FormatError(
        path, .corrupt(.archive, .decoder(message: String(cString: gan_archive_message(archive)))))
    }
    switch opened {
    case gan_archive_ok: break
    case gan_archive_no_library:
      throw FormatError(
        path, .unsupported(.archive, what: "without the library", value: "libarchive13"))
    default: throw corrupt()
    }
    while true {
      var name: UnsafePointer<CChar>?
      var isFile: Int32 = 0
      let status = gan_archive_next(archive, &name, &isFile)
      if status == gan_archive_end { return }
      guard status == gan_archive_ok else { throw corrupt() }
      guard isFile != 0, let name else { continue }
      try body(String(cString: name)) { () throws(FormatError) in
        try readPiece(of: archive, corrupt)
      }
    }
  }

  private static func readPiece(
    of archive: OpaquePointer?, _ corrupt: () -> FormatError
  ) throws(FormatError) -> [UInt8] {
    var count = 0
    let piece = [UInt8](unsafeUninitializedCapacity: pieceByteCount) { buffer, initialized in
      count = Int(gan_archive_read(archive, buffer.baseAddress, buffer.count))
      initialized = max(count, 0)
    }
    guard count >= 0 else { throw corrupt() }
    return piece
  }

  private static let pieceByteCount = 1 << 20
}
