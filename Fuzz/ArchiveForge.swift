import CImageLibraries

/// Archives and compressed files.
enum ArchiveForge {
  /// Zip, of stored or deflated files.
  static func zip(_ files: [(name: String, data: [UInt8])], isDeflated: Bool = false) -> [UInt8] {
    var (archive, directory): ([UInt8], [UInt8]) = ([], [])
    for file in files {
      let data = isDeflated ? deflated(file.data) : file.data
      let fields =
        word(20, 2) + word(0, 2) + word(isDeflated ? 8 : 0, 2) + word(0, 2) + word(0x21, 2)
        + word(checksum(file.data), 4) + word(data.count, 4) + word(file.data.count, 4)
        + word(file.name.utf8.count, 2) + word(0, 2)
      let place = archive.count
      archive += word(0x0403_4b50, 4) + fields + file.name.utf8 + data
      directory +=
        word(0x0201_4b50, 4) + word(20, 2) + fields + word(0, 2) + word(0, 2) + word(0, 2)
        + word(0, 4) + word(place, 4) + file.name.utf8
    }
    return archive + directory + word(0x0605_4b50, 4) + word(0, 4) + word(files.count, 2)
      + word(files.count, 2) + word(directory.count, 4) + word(archive.count, 4) + word(0, 2)
  }

  /// Tar, in the form of POSIX 1988.
  static func tar(_ files: [(name: String, data: [UInt8])]) -> [UInt8] {
    files.flatMap { file in
      header(of: file.name, byteCount: file.data.count) + file.data
        + [UInt8](repeating: 0, count: (512 - file.data.count % 512) % 512)
    } + [UInt8](repeating: 0, count: 1024)
  }

  private static func header(of name: String, byteCount: Int) -> [UInt8] {
    func field(_ text: String, _ width: Int) -> [UInt8] {
      [UInt8](text.utf8) + [UInt8](repeating: 0, count: width - text.utf8.count)
    }
    func octal(_ value: Int, _ width: Int) -> [UInt8] {
      let digits = String(value, radix: 8)
      return field(String(repeating: "0", count: width - 1 - digits.count) + digits, width)
    }
    let start =
      field(name, 100) + octal(0o644, 8) + octal(0, 8) + octal(0, 8) + octal(byteCount, 12)
      + octal(0, 12)
    let end = field("0", 1) + field("", 100) + field("ustar\0" + "00", 8) + field("", 247)
    let sum = (start + end).reduce(8 * 0x20) { $0 + Int($1) }
    return start + field(String(octal(sum, 7).map { Character(UnicodeScalar($0)) }), 8) + end
  }

  /// A gzip member.
  static func gzip(_ contents: [UInt8]) -> [UInt8] {
    [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255] + deflated(contents) + word(checksum(contents), 4)
      + word(contents.count, 4)
  }

  /// A PNG whose chunks have the checksums of their contents, as far as they are whole: libpng looks
  /// no further where one is wrong.
  static func withMendedChecksums(_ png: [UInt8]) -> [UInt8] {
    var (png, offset) = (png, 8)
    while offset + 12 <= png.count {
      let length = png[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
      let end = offset + 8 + length
      guard end + 4 <= png.count else { break }
      png.replaceSubrange(
        end..<end + 4, with: word(checksum(Array(png[offset + 4..<end])), 4).reversed())
      offset = end + 4
    }
    return png
  }

  private static func deflated(_ contents: [UInt8]) -> [UInt8] {
    var length = compressBound(UInt(contents.count))
    var stream = [UInt8](repeating: 0, count: Int(length))
    compress(&stream, &length, contents, UInt(contents.count))
    // A zlib stream is deflate data between a header of 2 bytes and a checksum of 4.
    return Array(stream.prefix(Int(length)).dropFirst(2).dropLast(4))
  }

  private static func checksum(_ bytes: [UInt8]) -> Int {
    Int(crc32(0, bytes, UInt32(bytes.count)))
  }

  private static func word(_ value: Int, _ byteCount: Int) -> [UInt8] {
    (0..<byteCount).map { UInt8(value >> (8 * $0) & 255) }
  }
}
