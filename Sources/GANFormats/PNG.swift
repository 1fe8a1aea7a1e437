import CImageLibraries

/// PNG through libpng, 8 bits a sample.
package enum PNG {
  /// More pixels than any picture here has; a header that claims more is not believed.
  private static let pixelLimit = 1 << 28

  /// The most rows or columns that libpng takes.
  package static let extentLimit = 1_000_000

  /// Writes a picture, whole or not at all; the same picture gives the same bytes wherever libpng
  /// and zlib are the same.
  ///
  /// - Throws: `FormatError` of kind `unwritable`, also where libpng refuses the extents: it wants
  ///   at most `extentLimit` rows and columns.
  package static func write(_ image: PixelImage, to path: String) throws(FormatError) {
    try AtomicFile.write(encoded(image, for: path), to: path)
  }

  /// A picture as the bytes of a file.
  ///
  /// - Parameter path: What an error names.
  /// - Throws: As `write(_:to:)` where libpng refuses the extents.
  package static func encoded(
    _ image: PixelImage, for path: String = "picture"
  ) throws(FormatError) -> [UInt8] {
    let (width, height) = (UInt32(image.width), UInt32(image.height))
    let channels = UInt32(image.channels)
    let capacity = gan_png_capacity(width, height, channels)
    var message: String?
    let png = [UInt8](unsafeUninitializedCapacity: capacity) { png, count in
      count = capacity
      message = failureMessage { message in
        gan_png_encode(image.pixels, width, height, channels, png.baseAddress, &count, message)
      }
      if message != nil { count = 0 }
    }
    if let message { throw FormatError(path, .unencodable(.png, message: message)) }
    return png
  }

  /// A picture of few colours as the bytes of a file, the smallest that PNG has for it.
  package static func encoded(_ image: IndexedImage) -> [UInt8] {
    let (width, height) = (UInt32(image.width), UInt32(image.height))
    let colourCount = UInt32(image.colours.count / 4)
    let capacity = gan_png_capacity_indexed(width, height, colourCount)
    return [UInt8](unsafeUninitializedCapacity: capacity) { png, count in
      count = capacity
      let message = failureMessage { message in
        gan_png_encode_indexed(
          image.indices, width, height, image.colours, colourCount, png.baseAddress, &count, message
        )
      }
      precondition(message == nil, "libpng refused \(width) x \(height): \(message ?? "")")
    }
  }

  /// Reads any PNG as 8-bit gray where it has no colours, else as RGB; transparency lies on black.
  ///
  /// - Throws: `FormatError`: `missing`, or `invalid` when libpng refuses it.
  package static func read(_ path: String) throws(FormatError) -> PixelImage {
    let file = try InputFile(path: path)
    let png = try file.bytes(upTo: file.byteCount)
    guard png.starts(with: signature) else {
      throw FormatError(path, .foreign(.png, leadingBytes: [UInt8](png.prefix(8))))
    }
    try ImageContainer.requireWholeChunks(ofPNG: png, path)
    var (width, height, channels) = (UInt32(0), UInt32(0), UInt32(0))
    try throwing(path) { message in
      gan_png_inspect(png, png.count, 0, &width, &height, &channels, message)
    }
    let (area, overflows) = Int(width).multipliedReportingOverflow(by: Int(height))
    guard !overflows, area <= pixelLimit else {
      let dimensions = [Int(height), Int(width)]
      throw FormatError(path, .corrupt(.png, .sizeOverflow(dimensions: dimensions)))
    }
    var pixels = [UInt8](repeating: 0, count: area * Int(channels))
    let byteCount = pixels.count
    try throwing(path) { message in
      gan_png_decode(png, png.count, 0, &pixels, byteCount, message)
    }
    return PixelImage(
      width: Int(width), height: Int(height), channels: Int(channels), pixels: pixels)
  }

  static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  /// Blames a file for what libpng says where `call` fails.
  static func throwing(
    _ path: String, _ call: (UnsafeMutablePointer<CChar>?) -> Int32
  ) throws(FormatError) {
    if let message = failureMessage(call) {
      throw FormatError(path, .corrupt(.png, .decoder(message: message)))
    }
  }

  /// The message of libpng where `call` fails.
  private static func failureMessage(
    _ call: (UnsafeMutablePointer<CChar>?) -> Int32
  ) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(gan_png_message_capacity)) { text in
      call(text.baseAddress) == 0 ? nil : text.baseAddress.map { String(cString: $0) }
    }
  }
}
