// Chunks of PNG files, beside what libpng writes.
//
// Source: "Portable Network Graphics (PNG) Specification (Third Edition)", W3C, 2025, section 5 and
// annex D.
extension PNG {
  /// A chunk as it stands in a file: its length, type, contents and checksum.
  package static func chunk(_ type: String, _ contents: [UInt8]) -> [UInt8] {
    let checked = [UInt8](type.utf8) + contents
    return bigEndian(UInt32(contents.count)) + checked + bigEndian(checksum(of: checked))
  }

  /// A picture as the bytes of a file that says that this program made it: an overview of others or a plot, not one
  /// of the items that are trained on.
  ///
  /// - Throws: As `encoded(_:for:)`.
  package static func encodedOverview(
    _ image: PixelImage, for path: String = "picture"
  ) throws(FormatError) -> [UInt8] {
    var png = try encoded(image, for: path)
    png.insert(contentsOf: overviewMark, at: headerByteCount)
    return png
  }

  /// Writes a picture as `encodedOverview` gives it.
  ///
  /// - Throws: As `write(_:to:)`.
  package static func writeOverview(_ image: PixelImage, to path: String) throws(FormatError) {
    try AtomicFile.write(encodedOverview(image, for: path), to: path)
  }

  /// True for a file that `writeOverview` wrote.
  package static func isOverview(at path: String) -> Bool {
    guard let file = try? InputFile(path: path),
      let start = try? file.bytes(upTo: headerByteCount + overviewMark.count)
    else { return false }
    return start.starts(with: signature) && start.dropFirst(headerByteCount) == overviewMark[...]
  }

  private static let overviewMark = chunk("tEXt", [UInt8]("Software\0swift-gan".utf8))

  /// Bytes of the signature and of the chunk IHDR, which comes first.
  private static let headerByteCount = 33

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { [UInt8]($0) }
  }

  /// CRC-32, the lowest bit first.
  private static func checksum(of bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { checksums[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
  }

  private static let checksums: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { rest, _ in
      rest & 1 == 1 ? rest >> 1 ^ 0xEDB8_8320 : rest >> 1
    }
  }
}
