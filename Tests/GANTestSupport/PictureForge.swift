import CImageLibraries
import CWebPEncoder

/// Writes pictures as no program of the house does: in every format and kind of colours, whole,
/// turned and wrong.
package enum PictureForge {
  /// Samples side by side in pixels, rows from the top.
  package struct Picture: Hashable, Sendable {
    package var width, height, channels: Int
    package var samples: [UInt8]

    package init(width: Int, height: Int, channels: Int, samples: [UInt8]) {
      (self.width, self.height, self.channels) = (width, height, channels)
      self.samples = samples
    }

    /// Samples of no pattern, the same for the same seed.
    package static func noise(
      width: Int, height: Int, channels: Int, seed: UInt64 = 1
    ) -> Picture {
      var random = SplitMix(seed: seed)
      let samples = (0..<width * height * channels).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      return Picture(width: width, height: height, channels: channels, samples: samples)
    }

    /// One colour all over.
    package static func plain(width: Int, height: Int, _ colour: [UInt8]) -> Picture {
      Picture(
        width: width, height: height, channels: colour.count,
        samples: (0..<width * height).flatMap { _ in colour })
    }

    var rows: [[UInt8]] {
      (0..<height).map { Array(samples[$0 * width * channels..<($0 + 1) * width * channels]) }
    }
  }

  // MARK: PNG

  /// Colour types of PNG's header.
  package enum PNGColours: UInt8, Sendable {
    case gray = 0
    case colour = 2
    case palette = 3
    case grayAlpha = 4
    case colourAlpha = 6
  }

  /// A PNG of 8-bit samples, with chunks before the pixels and after them.
  package static func png(
    _ picture: Picture, chunks: [(String, [UInt8])] = [], lateChunks: [(String, [UInt8])] = []
  ) -> [UInt8] {
    let colours: [PNGColours] = [.gray, .grayAlpha, .colour, .colourAlpha]
    return png(
      width: picture.width, height: picture.height, bitDepth: 8,
      colours[picture.channels - 1], rows: picture.rows, chunks: chunks, lateChunks: lateChunks)
  }

  /// A PNG of rows as they are stored, with chunks before the pixels and after them.
  package static func png(
    width: Int, height: Int, bitDepth: UInt8, _ colours: PNGColours, rows: [[UInt8]],
    chunks: [(String, [UInt8])] = [], lateChunks: [(String, [UInt8])] = []
  ) -> [UInt8] {
    let header =
      bigEndian(width) + bigEndian(height) + [bitDepth, colours.rawValue, 0, 0, 0]
    let pixels = deflated(rows.flatMap { [0] + $0 })
    return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] + chunk("IHDR", header)
      + chunks.flatMap { chunk($0, $1) } + chunk("IDAT", pixels)
      + lateChunks.flatMap { chunk($0, $1) } + chunk("IEND", [])
  }

  private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = [UInt8](type.utf8) + data
    return bigEndian(data.count) + body + bigEndian(Int(crc32(0, body, UInt32(body.count))))
  }

  private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    var count = compressBound(UInt(bytes.count))
    var result = [UInt8](repeating: 0, count: Int(count))
    let status = compress(&result, &count, bytes, UInt(bytes.count))
    precondition(status == Z_OK, "zlib status \(status)")
    return Array(result.prefix(Int(count)))
  }

  // MARK: JPEG

  /// A JPEG of a picture of 1, 3 or, as YCCK, 4 channels, its colours not subsampled.
  package static func jpeg(
    _ picture: Picture, quality: Int32 = 95, isProgressive: Bool = false
  ) -> [UInt8] {
    let handle = tjInitCompress()
    defer { tjDestroy(handle) }
    let format =
      switch picture.channels {
      case 1: TJPF_GRAY
      case 3: TJPF_RGB
      default: TJPF_CMYK
      }
    let subsampling = picture.channels == 1 ? TJSAMP_GRAY : TJSAMP_444
    var bytes: UnsafeMutablePointer<UInt8>?
    var count: UInt = 0
    let status = tjCompress2(
      handle, picture.samples, Int32(picture.width), 0, Int32(picture.height), format.rawValue,
      &bytes, &count, Int32(subsampling.rawValue), quality,
      isProgressive ? TJFLAG_PROGRESSIVE : 0)
    precondition(status == 0, "TurboJPEG refuses \(picture.width) x \(picture.height)")
    defer { tjFree(bytes) }
    return Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
  }

  /// A JPEG with an EXIF block put before its picture.
  package static func jpeg(_ bytes: [UInt8], exif: [UInt8]) -> [UInt8] {
    let payload = [UInt8]("Exif".utf8) + [0, 0] + exif
    let length = payload.count + 2
    return Array(bytes.prefix(2)) + [0xff, 0xe1, UInt8(length >> 8), UInt8(length & 255)]
      + payload + bytes.dropFirst(2)
  }

  // MARK: WebP

  /// A lossless WebP of 3 or 4 channels.
  package static func webP(_ picture: Picture) -> [UInt8] {
    let (width, height) = (Int32(picture.width), Int32(picture.height))
    let stride = Int32(picture.width * picture.channels)
    var bytes: UnsafeMutablePointer<UInt8>?
    let count =
      picture.channels == 3
      ? WebPEncodeLosslessRGB(picture.samples, width, height, stride, &bytes)
      : WebPEncodeLosslessRGBA(picture.samples, width, height, stride, &bytes)
    precondition(count > 0, "libwebp refuses \(width) x \(height)")
    defer { WebPFree(bytes) }
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }

  /// A WebP with an EXIF block after its picture.
  package static func webP(_ picture: Picture, exif: [UInt8]) -> [UInt8] {
    let flags: UInt8 = 0x08 | (picture.channels == 4 ? 0x10 : 0)
    return riff([
      ("VP8X", [flags, 0, 0, 0] + extents(picture)), ("VP8L", bitstream(picture)), ("EXIF", exif),
    ])
  }

  /// An animated WebP of frames as large as its canvas.
  package static func animatedWebP(_ frames: [Picture]) -> [UInt8] {
    let canvas = frames[0]
    let parts = frames.map { frame in
      // At the top left, for 100 ms, replacing what is below.
      let header = [0, 0, 0, 0, 0, 0] + extents(frame) + [100, 0, 0, 2]
      return ("ANMF", header + part("VP8L", bitstream(frame)))
    }
    return riff(
      [("VP8X", [0x12, 0, 0, 0] + extents(canvas)), ("ANIM", [0, 0, 0, 0, 0, 0])] + parts)
  }

  /// The chunk's payload of a file that has but one.
  private static func bitstream(_ picture: Picture) -> [UInt8] {
    let file = webP(picture)
    let count = Int(file[16]) | Int(file[17]) << 8 | Int(file[18]) << 16
    return Array(file[20..<20 + count])
  }

  private static func extents(_ picture: Picture) -> [UInt8] {
    Array(littleEndian(picture.width - 1).prefix(3))
      + littleEndian(picture.height - 1).prefix(3)
  }

  private static func part(_ type: String, _ data: [UInt8]) -> [UInt8] {
    [UInt8](type.utf8) + littleEndian(data.count) + data + (data.count % 2 == 0 ? [] : [0])
  }

  private static func riff(_ parts: [(String, [UInt8])]) -> [UInt8] {
    let body = [UInt8]("WEBP".utf8) + parts.flatMap { part($0, $1) }
    return [UInt8]("RIFF".utf8) + littleEndian(body.count) + body
  }

  // MARK: BMP

  /// A bitmap of rows as they are stored, each padded here; a negative height is top-down.
  package static func bmp(
    width: Int, height: Int, bitsPerPixel: UInt8, rows: [[UInt8]], palette: [UInt8] = [],
    compression: UInt8 = 0
  ) -> [UInt8] {
    let pixels = rows.flatMap { row in
      row + [UInt8](repeating: 0, count: (4 - row.count % 4) % 4)
    }
    let offset = 54 + palette.count
    let planesAndDepth = 1 | Int(bitsPerPixel) << 16
    // The resolution and the number of colours that matter are left open.
    let words: [Int] = [
      offset + pixels.count, 0, offset, 40, width, height, planesAndDepth, Int(compression), 0, 0,
      0, palette.count / 4, 0,
    ]
    let header: [UInt8] = words.flatMap { littleEndian($0) }
    return [0x42, 0x4d] + header + palette + pixels
  }

  /// A bitmap of 24 or 32 bits a pixel.
  package static func bmp(_ picture: Picture, isTopDown: Bool = false) -> [UInt8] {
    let unused: [UInt8] = picture.channels == 4 ? [7] : []
    let rows: [[UInt8]] = picture.rows.map { row in
      stride(from: 0, to: row.count, by: picture.channels).flatMap { pixel -> [UInt8] in
        [row[pixel + 2], row[pixel + 1], row[pixel]] + unused
      }
    }
    return bmp(
      width: picture.width, height: isTopDown ? -picture.height : picture.height,
      bitsPerPixel: UInt8(8 * picture.channels), rows: isTopDown ? rows : rows.reversed())
  }

  // MARK: EXIF

  /// A TIFF block that says an orientation, after another tag.
  package static func exif(orientation: Int, isLittleEndian: Bool) -> [UInt8] {
    func integer(_ value: Int, _ byteCount: Int) -> [UInt8] {
      let bytes = Array(littleEndian(value).prefix(byteCount))
      return isLittleEndian ? bytes : bytes.reversed()
    }
    let mark: [UInt8] = isLittleEndian ? [0x49, 0x49] : [0x4d, 0x4d]
    // Each entry is a tag, a type, a count and a value.
    let fields: [(value: Int, byteCount: Int)] = [
      (42, 2), (8, 4), (2, 2), (0x0100, 2), (4, 2), (1, 4), (640, 4), (0x0112, 2), (3, 2), (1, 4),
      (orientation, 2), (0, 2), (0, 4),
    ]
    return mark + fields.flatMap { integer($0.value, $0.byteCount) }
  }

  private static func littleEndian(_ value: Int) -> [UInt8] {
    withUnsafeBytes(of: Int32(truncatingIfNeeded: value).littleEndian) { [UInt8]($0) }
  }

  private static func bigEndian(_ value: Int) -> [UInt8] { littleEndian(value).reversed() }
}
