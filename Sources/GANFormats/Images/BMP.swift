/// Windows bitmaps without compression: a palette of up to 256 colours, or 24 or 32 bits a pixel.
///
/// No library of Debian reads only these. Every length is checked against the file before it is
/// used; what these few variants do not cover is refused by name.
/// - Source: Microsoft, "Bitmap Storage", BITMAPFILEHEADER and BITMAPINFOHEADER.
enum BMP {
  /// The contents of the headers.
  private struct Header {
    let width, height: Int
    let isBottomUp: Bool
    let bitsPerPixel: Int
    /// The palette's place, and the number of its colours.
    let paletteOffset, colourCount: Int
    let pixelOffset: Int

    /// Rows are padded to whole 32-bit words.
    var bytesPerRow: Int { (width * bitsPerPixel + 31) / 32 * 4 }
    var isPalette: Bool { bitsPerPixel <= 8 }

    /// True where the file has the whole palette and every colour of it is gray.
    func isGray(in bytes: [UInt8]) -> Bool {
      let end = paletteOffset + 4 * colourCount
      guard isPalette, colourCount > 0, end <= bytes.count else { return false }
      for place in stride(from: paletteOffset, to: end, by: 4) {
        let (blue, green, red) = (bytes[place], bytes[place + 1], bytes[place + 2])
        guard blue == green, green == red else { return false }
      }
      return true
    }
  }

  /// Lengths of the headers that programs write.
  static let headerLengths: Set = [12, 40, 52, 56, 64, 108, 124]

  /// Bytes of the file header, and of the oldest header after it that is read.
  private static let (fileHeaderBytes, infoHeaderBytes) = (14, 40)

  static func summary(of bytes: [UInt8], _ path: String) throws(FormatError) -> ImageFile.Summary {
    let header = try header(of: bytes, path)
    let isGray = header.isGray(in: bytes)
    return ImageFile.Summary(
      kind: .bmp, width: header.width, height: header.height, channels: isGray ? 1 : 3,
      mode: isGray ? "gray palette" : header.isPalette ? "palette" : "colour",
      orientation: .upright)
  }

  /// Decodes a picture whose extents have been found within the limits.
  static func decoded(_ bytes: [UInt8], _ path: String) throws(FormatError) -> RasterImage {
    let header = try header(of: bytes, path)
    let neededBytes = header.pixelOffset + header.bytesPerRow * header.height
    guard neededBytes <= bytes.count else {
      throw FormatError(
        path, .truncated(.bmp, neededBytes: neededBytes, foundBytes: bytes.count))
    }
    let isGray = header.isGray(in: bytes)
    let channels = isGray ? 1 : 3
    var pixels: [UInt8] = []
    pixels.reserveCapacity(header.width * header.height * channels)
    for row in 0..<header.height {
      let storedRow = header.isBottomUp ? header.height - 1 - row : row
      let start = header.pixelOffset + storedRow * header.bytesPerRow
      for column in 0..<header.width {
        let place: Int
        if header.isPalette {
          let index = index(column, in: bytes, from: start, header.bitsPerPixel)
          guard index < header.colourCount else {
            throw FormatError(path, .corrupt(.bmp, .decoder(message: "no colour \(index)")))
          }
          place = header.paletteOffset + 4 * index
        } else {
          place = start + column * header.bitsPerPixel / 8
        }
        // Blue comes first; what a fourth byte means is not defined.
        pixels.append(bytes[place + 2])
        if isGray { continue }
        pixels.append(bytes[place + 1])
        pixels.append(bytes[place])
      }
    }
    return RasterImage(
      width: header.width, height: header.height, channels: channels, pixels: pixels)
  }

  /// The number of a pixel's colour: the leftmost is in the highest bits.
  private static func index(
    _ column: Int, in bytes: [UInt8], from start: Int, _ bitsPerPixel: Int
  ) -> Int {
    let bit = column * bitsPerPixel
    let shift = 8 - bitsPerPixel - bit % 8
    return Int(bytes[start + bit / 8]) >> shift & (1 << bitsPerPixel - 1)
  }

  private static func header(of bytes: [UInt8], _ path: String) throws(FormatError) -> Header {
    guard bytes.count >= fileHeaderBytes + infoHeaderBytes else {
      throw FormatError(
        path,
        .truncated(
          .bmp, neededBytes: fileHeaderBytes + infoHeaderBytes, foundBytes: bytes.count))
    }
    func integer(_ offset: Int, _ byteCount: Int) -> Int {
      bytes[offset..<offset + byteCount].littleEndianInteger
    }
    func unsupported(_ what: String, _ value: Int) -> FormatError {
      FormatError(path, .unsupported(.bmp, what: what, value: "\(value)"))
    }
    let headerBytes = integer(14, 4)
    // The oldest is OS/2's, of 12 bytes, which is obsolete.
    guard headerBytes >= infoHeaderBytes else { throw unsupported("header of bytes", headerBytes) }
    let bitsPerPixel = integer(28, 2)
    guard [1, 4, 8, 24, 32].contains(bitsPerPixel) else {
      throw unsupported("bits per pixel", bitsPerPixel)
    }
    guard integer(30, 4) == 0 else { throw unsupported("compression", integer(30, 4)) }
    // Both are signed; a negative height says that the top row comes first.
    let width = Int(Int32(truncatingIfNeeded: integer(18, 4)))
    let height = Int(Int32(truncatingIfNeeded: integer(22, 4)))
    guard width >= 0 else {
      throw FormatError(path, .corrupt(.bmp, .emptyPicture(width: width, height: height)))
    }
    let paletteOffset = fileHeaderBytes + headerBytes
    let most = bitsPerPixel <= 8 ? 1 << bitsPerPixel : 0
    let colourCount = integer(46, 4) == 0 ? most : min(integer(46, 4), most)
    let pixelOffset = integer(10, 4)
    guard pixelOffset >= paletteOffset + 4 * colourCount else {
      throw FormatError(path, .corrupt(.bmp, .decoder(message: "its pixels overlap its header")))
    }
    return Header(
      width: width, height: abs(height), isBottomUp: height > 0, bitsPerPixel: bitsPerPixel,
      paletteOffset: paletteOffset, colourCount: colourCount, pixelOffset: pixelOffset)
  }
}
