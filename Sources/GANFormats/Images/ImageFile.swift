/// Pictures in files of four formats, each decoded by the library that everybody trusts with it.
///
/// The first bytes decide which format it is, not the name. Extents are looked at before anything
/// is allocated for them, so that reading any file, whatever it claims, takes at most its own
/// bytes and 12 bytes for each pixel: a gibibyte at the limits.
package enum ImageFile {
  /// The most pixels a picture may have, 2^26: a square of 8192.
  package static let pixelLimit = 1 << 26
  /// The most bytes a file may have: 256 MiB.
  package static let byteLimit = 1 << 28

  /// The format of a file, by its first bytes.
  package enum Kind: String, Sendable, CaseIterable {
    case png = "PNG"
    case jpeg = "JPEG"
    case webP = "WebP"
    case bmp = "BMP"

    /// The format, as messages name it.
    var format: FormatError.Format {
      switch self {
      case .png: .png
      case .jpeg: .jpeg
      case .webP: .webP
      case .bmp: .bmp
      }
    }

    /// True where the orientation may come after the pixels.
    var isTurnedLate: Bool {
      switch self {
      case .png, .webP: true
      case .jpeg, .bmp: false
      }
    }

    init?(firstBytes bytes: [UInt8]) {
      let signatures: [Kind: [UInt8]] = [
        .png: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], .jpeg: [0xff, 0xd8, 0xff],
        .bmp: [0x42, 0x4d],
      ]
      if let (kind, _) = signatures.first(where: { bytes.starts(with: $1) }) {
        self = kind
      } else if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) {
        self = .webP
      } else {
        return nil
      }
    }
  }

  /// True where a file's contents are a picture's, of a format that is read or one that is known.
  ///
  /// Asked of files whose names do not say so; two letters at a text's start make no BMP.
  package static func isLikely(at path: String) -> Bool {
    guard let file = try? InputFile(path: path),
      let bytes = try? file.bytes(upTo: ForeignPicture.leadingByteCount)
    else { return false }
    switch Kind(firstBytes: bytes) {
    case .bmp:
      return bytes.count > 18 && BMP.headerLengths.contains(Int(bytes[14])) && bytes[15] == 0
    case .png, .jpeg, .webP: return true
    case nil: return ForeignPicture(firstBytes: bytes) != nil
    }
  }

  /// A picture's description in its file, before it is decoded.
  package struct Summary: Hashable, Sendable {
    /// The format.
    package let kind: Kind
    /// Pixels in a row of the file, and rows of it.
    package let width, height: Int
    /// The channels it decodes to, as `RasterImage` has them.
    package let channels: Int
    /// The form of stored colours, such as `palette` or `16-bit gray`.
    package let mode: String
    /// The turn that shows the picture upright.
    package let orientation: ImageOrientation

    /// Pixels in a row of the picture as it is seen.
    package var uprightWidth: Int { orientation.isTransposed ? height : width }
    /// Rows of the picture as it is seen.
    package var uprightHeight: Int { orientation.isTransposed ? width : height }
  }

  /// Reads what a file says of its picture.
  ///
  /// - Throws: `FormatError` as `read`, but for damage that only decoding finds.
  /// - Complexity: Reads the first 64 KiB, or all of it where the header is longer or, in PNG and
  ///   WebP, an orientation may follow the pixels.
  package static func summary(of path: String) throws(FormatError) -> Summary {
    let file = try InputFile(path: path)
    var bytes = try file.bytes(upTo: headerByteCount)
    do throws(FormatError) {
      let summary = try summary(of: bytes, path)
      guard bytes.count == headerByteCount, summary.kind.isTurnedLate else { return summary }
    } catch {
      guard bytes.count == headerByteCount, error.kind == .invalid else { throw error }
    }
    bytes += try rest(of: file, after: bytes.count)
    return try summary(of: bytes, path)
  }

  /// Reads a picture.
  ///
  /// Palettes and samples of other than 8 bits become 8 bits. Of an animation it is the first
  /// picture.
  ///
  /// - Throws: `FormatError`: `missing`, or `invalid` when it is none of the four formats, larger
  ///   than the limits or damaged or cut off anywhere.
  package static func read(_ path: String) throws(FormatError) -> (Summary, RasterImage) {
    let file = try InputFile(path: path)
    let bytes = try rest(of: file, after: 0)
    let summary = try summary(of: bytes, path)
    let image =
      switch summary.kind {
      case .png: try decodedPNG(bytes, summary, path)
      case .jpeg: try decodedJPEG(bytes, summary, path)
      case .webP: try decodedWebP(bytes, summary, path)
      case .bmp: try BMP.decoded(bytes, path)
      }
    return (summary, image)
  }

  /// Enough for the header of any but odd files.
  private static let headerByteCount = 64 << 10

  private static func rest(
    of file: borrowing InputFile, after count: Int
  ) throws(FormatError) -> [UInt8] {
    guard file.byteCount <= byteLimit else {
      throw FormatError(
        file.path, .tooManyBytes(.picture, found: file.byteCount, limit: byteLimit))
    }
    return try file.bytes(upTo: max(file.byteCount - count, 0))
  }

  private static func summary(of bytes: [UInt8], _ path: String) throws(FormatError) -> Summary {
    guard let kind = Kind(firstBytes: bytes) else {
      if let format = ForeignPicture(firstBytes: bytes) {
        throw FormatError(path, .foreignPicture(format))
      }
      throw FormatError(path, .foreign(.picture, leadingBytes: [UInt8](bytes.prefix(8))))
    }
    let summary =
      switch kind {
      case .png: try summaryOfPNG(bytes, path)
      case .jpeg: try summaryOfJPEG(bytes, path)
      case .webP: try summaryOfWebP(bytes, path)
      case .bmp: try BMP.summary(of: bytes, path)
      }
    let (width, height) = (summary.width, summary.height)
    guard width > 0, height > 0 else {
      throw FormatError(path, .corrupt(kind.format, .emptyPicture(width: width, height: height)))
    }
    let (area, overflows) = width.multipliedReportingOverflow(by: height)
    guard !overflows, area <= pixelLimit else {
      throw FormatError(
        path, .tooManyPixels(kind.format, width: width, height: height, limit: pixelLimit))
    }
    return summary
  }
}
