import GANData
import GANFormats
import GANTestSupport

extension FuzzTarget {
  private typealias Forge = PictureForge

  /// Pictures, and the recognition of files by their first bytes.
  static let pictures = [
    FuzzTarget(
      "png", words: ["IHDR", "IDAT", "PLTE", "tRNS", "eXIf", "gAMA", "iCCP", "sBIT", "IEND"],
      seeds: {
        let exif = Forge.exif(orientation: 6, isLittleEndian: true)
        return (1...4).map { Forge.png(.noise(width: 5, height: 4, channels: $0)) } + [
          Forge.png(.noise(width: 3, height: 2, channels: 3), chunks: [("eXIf", exif)]),
          Forge.png(.noise(width: 3, height: 2, channels: 1), lateChunks: [("eXIf", exif)]),
          Forge.png(
            width: 6, height: 2, bitDepth: 2, .palette, rows: [[0x1b, 0x10], [0, 0xff]],
            chunks: [("PLTE", (0..<12).map { 20 * $0 }), ("tRNS", [0, 99])]),
          Forge.png(width: 2, height: 1, bitDepth: 16, .colour, rows: [(0..<12).map { 9 * $0 }]),
          Forge.png(width: 9, height: 1, bitDepth: 1, .gray, rows: [[0xa5, 0x80]]),
        ]
      },
      read: { input, folder in
        // Half of all inputs keep checksums that are wrong.
        let png = input.count.isMultiple(of: 2) ? ArchiveForge.withMendedChecksums(input) : input
        let path = folder.file("x.png", png)
        try readPicture(path)
        let picture = try PNG.read(path)
        precondition(picture.pixels.count == picture.width * picture.height * picture.channels)
      }),
    FuzzTarget(
      "jpeg", words: ["Exif\0\0II*\0", "Exif\0\0MM\0*", "Adobe", "JFIF"],
      seeds: {
        let plain = [1, 3, 4].map { Forge.jpeg(.noise(width: 9, height: 10, channels: $0)) }
        return plain + [
          Forge.jpeg(.noise(width: 17, height: 5, channels: 3), isProgressive: true),
          Forge.jpeg(plain[1], exif: Forge.exif(orientation: 3, isLittleEndian: false)),
        ]
      },
      read: { input, folder in try readPicture(folder.file("x.jpg", input)) }),
    FuzzTarget(
      "webp", words: ["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "EXIF", "ICCP"],
      seeds: {
        let exif = Forge.exif(orientation: 8, isLittleEndian: true)
        return [
          Forge.webP(.noise(width: 6, height: 5, channels: 3)),
          Forge.webP(.noise(width: 3, height: 5, channels: 4)),
          Forge.webP(.noise(width: 3, height: 5, channels: 4), exif: exif),
          Forge.animatedWebP([
            .noise(width: 4, height: 3, channels: 4), .plain(width: 4, height: 3, [1, 2, 3, 4]),
          ]),
        ]
      },
      read: { input, folder in try readPicture(folder.file("x.webp", input)) }),
    FuzzTarget(
      "bmp",
      seeds: {
        [
          Forge.bmp(.noise(width: 3, height: 2, channels: 3)),
          Forge.bmp(.noise(width: 3, height: 2, channels: 4), isTopDown: true),
          Forge.bmp(
            width: 3, height: 2, bitsPerPixel: 4, rows: [[0x01, 0x10], [0x21, 0]],
            palette: (0..<12).map { 17 * $0 }),
          Forge.bmp(
            width: 2, height: 1, bitsPerPixel: 8, rows: [[0, 1]],
            palette: [0, 0, 0, 0, 9, 9, 9, 0]),
          Forge.bmp(
            width: 9, height: 1, bitsPerPixel: 1, rows: [[0xaa, 0x80]],
            palette: [0, 0, 0, 0, 255, 255, 255, 0]),
        ]
      },
      read: { input, folder in try readPicture(folder.file("x.bmp", input)) }),
    FuzzTarget(
      "recognition",
      words: ["ftypheic", "ftypavif", "GIF89a", "II*\0", "8BPS", "ustar", "7z", "RIFF", "WEBP"],
      seeds: {
        [
          Forge.bmp(.noise(width: 1, height: 1, channels: 3)),
          Forge.webP(.noise(width: 1, height: 1, channels: 3)),
          Forge.jpeg(.noise(width: 1, height: 1, channels: 1)),
          Forge.png(.noise(width: 1, height: 1, channels: 1)), ArrayForge.npyFiles[0],
          ArchiveForge.zip([("a.png", [1])]), ArchiveForge.tar([("a.png", [1])]),
          [0, 0, 0, 24] + "ftypheic".utf8 + [0, 0, 0, 0] + "mif1heic".utf8,
          [UInt8]("P6\n1 1\n255\nabc".utf8), [0, 0, 0, 12] + "jP  ".utf8,
        ]
      },
      read: { input, folder in
        for name in ["x", "x.npz", "x.csv.gz", "x.tar"] {
          let path = folder.file(name, input)
          _ = (ImageFile.isLikely(at: path), Archive.isLikely(at: path), ArrayFile(path))
          _ = (PackedImages.areLikely(at: path), PackedImages.sayKind(at: path))
        }
        let foreign = ForeignPicture(firstBytes: input)
        _ = foreign?.conversion
        _ = try ImageFile.summary(of: folder.file("x", input))
      }),
  ]

  /// The most pixels that are decoded here: large pictures are slow and have no code of their own.
  private static let pixelLimit = 1 << 16

  /// Reads a picture as a folder of pictures does.
  private static func readPicture(_ path: String) throws {
    let summary = try ImageFile.summary(of: path)
    guard summary.width * summary.height <= pixelLimit else { return }
    let (read, picture) = try ImageFile.read(path)
    precondition(read == summary, "\(read), before \(summary)")
    precondition(picture.pixels.count == summary.width * summary.height * summary.channels)
  }
}
