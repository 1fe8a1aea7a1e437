import Foundation
import GANFormats
import GANTestSupport
import Testing

@Suite("Hostile pictures are refused by name")
struct HostileImageTests {
  typealias Forge = PictureForge

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let picture = PictureForge.Picture.noise(width: 9, height: 6, channels: 3)

  /// A small file of every format, and of the two kinds of JPEG.
  static let sound: [(name: String, bytes: [UInt8])] = [
    ("PNG", Forge.png(picture)), ("baseline JPEG", Forge.jpeg(picture)),
    ("progressive JPEG", Forge.jpeg(picture, isProgressive: true)),
    ("WebP", Forge.webP(picture)),
    ("animated WebP", Forge.animatedWebP([.plain(width: 9, height: 6, [1, 2, 3, 255])])),
    ("BMP", Forge.bmp(picture)),
  ]

  @Test(arguments: sound.map(\.name))
  func cutAnywhereTheyAreRefused(name: String) throws {
    let bytes = try #require(Self.sound.first { $0.name == name }).bytes
    let path = folder.path(of: "cut")
    _ = try ImageFile.read(folder.file("cut", bytes))
    for length in 0..<bytes.count {
      _ = try folder.file("cut", Array(bytes.prefix(length)))
      let error = #expect(throws: FormatError.self, "\(name) cut to \(length)") {
        _ = try ImageFile.read(path)
      }
      #expect(error?.path == path)
      #expect(error?.kind == .invalid)
    }
  }

  @Test(arguments: sound.map(\.name))
  func damagedAnywhereTheyDoNoHarm(name: String) throws {
    let bytes = try #require(Self.sound.first { $0.name == name }).bytes
    var random = SplitMix(seed: 11)
    for _ in 0..<400 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        damaged[Int.random(in: 0..<bytes.count, using: &random)] =
          UInt8.random(in: 0...255, using: &random)
      }
      // Damage that no checksum covers gives another picture; all else is refused.
      do {
        let (summary, picture) = try ImageFile.read(folder.file("damaged", damaged))
        #expect(picture.pixels.count == summary.width * summary.height * summary.channels)
      } catch let error as FormatError {
        #expect(error.kind == .invalid)
      }
    }
  }

  /// A file that is refused, and how.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let text: String

    var testDescription: String { name }
  }

  static let refused: [Case] = [
    Case(
      name: "vast.png",
      bytes: Forge.png(width: 60_000, height: 60_000, bitDepth: 8, .colour, rows: [[0]]),
      text: "PNG file is too large: vast.png "
        + "(60000 x 60000 pixels, the limit is 67108864 pixels)"),
    // A chunk of no harm, whose length alone is changed: 0x69000000 bytes, of which 4 are there.
    Case(
      name: "long-chunk.png",
      bytes: lengthened(Forge.png(picture, chunks: [("teSt", [1, 2, 3, 4])])),
      text: "PNG file is truncated: long-chunk.png (needs 1761607729 bytes, has 252)"),
    Case(
      name: "vast.bmp",
      bytes: Forge.bmp(width: 60_000, height: 60_000, bitsPerPixel: 24, rows: []),
      text: "BMP file is too large: vast.bmp "
        + "(60000 x 60000 pixels, the limit is 67108864 pixels)"),
    Case(
      name: "vast.jpg", bytes: resized(Forge.jpeg(picture), width: 60_000, height: 60_000),
      text: "JPEG file is too large: vast.jpg "
        + "(60000 x 60000 pixels, the limit is 67108864 pixels)"),
    Case(
      name: "empty.png", bytes: Forge.png(width: 0, height: 0, bitDepth: 8, .colour, rows: []),
      text: "PNG file is corrupt: empty.png (Invalid IHDR data)"),
    Case(
      name: "empty.jpg", bytes: resized(Forge.jpeg(picture), width: 0, height: 0),
      text:
        "JPEG file is not supported: empty.jpg (libjpeg-turbo says: Empty JPEG image (DNL not supported))"
    ),
    Case(
      name: "empty.bmp", bytes: Forge.bmp(width: 0, height: 0, bitsPerPixel: 24, rows: []),
      text: "BMP file is corrupt: empty.bmp (its picture is 0 x 0 pixels)"),
    Case(
      name: "compressed.bmp",
      bytes: Forge.bmp(width: 1, height: 1, bitsPerPixel: 8, rows: [[0]], compression: 1),
      text: "BMP file is not supported: compressed.bmp (compression 1)"),
    Case(
      name: "no-colour.bmp",
      bytes: Forge.bmp(
        width: 1, height: 1, bitsPerPixel: 8, rows: [[3]], palette: [0, 0, 0, 0, 1, 1, 1, 0]),
      text: "BMP file is corrupt: no-colour.bmp (no colour 3)"),
    Case(
      name: "text.png", bytes: [UInt8]("a picture".utf8),
      text: "file is not PNG, JPEG, WebP or BMP: text.png (bytes 00-07 are 61 20 70 69 63 74 75 72)"
    ),
    Case(
      name: "nothing.png", bytes: [],
      text: "file is not PNG, JPEG, WebP or BMP: nothing.png (it is empty)"),
  ]

  /// A PNG whose second chunk claims a vast length.
  private static func lengthened(_ png: [UInt8]) -> [UInt8] {
    var png = png
    png[33] = 0x69
    return png
  }

  /// A JPEG that claims other extents.
  private static func resized(_ jpeg: [UInt8], width: Int, height: Int) -> [UInt8] {
    var jpeg = jpeg
    let frame = (0..<jpeg.count - 1).first { jpeg[$0] == 0xff && jpeg[$0 + 1] == 0xc0 }
    guard let frame else { return [] }
    for (offset, value) in [(5, height), (7, width)] {
      jpeg[frame + offset] = UInt8(value >> 8)
      jpeg[frame + offset + 1] = UInt8(value & 255)
    }
    return jpeg
  }

  @Test(arguments: refused)
  func eachIsRefusedWithItsReason(of hostile: Case) throws {
    let path = try folder.file(hostile.name, hostile.bytes)
    let error = #expect(throws: FormatError.self) { _ = try ImageFile.read(path) }
    #expect(
      error?.description.replacingOccurrences(of: folder.path + "/", with: "") == hostile.text)
  }

  @Test func filesTooLongAreNotRead() throws {
    let path = try folder.file("sparse.png", Array(Forge.png(Self.picture).prefix(30)))
    #expect(truncate(path, ImageFile.byteLimit + 1) == 0)
    #expect(
      throws: FormatError(
        path,
        .tooManyBytes(
          .picture, found: ImageFile.byteLimit + 1, limit: ImageFile.byteLimit))
    ) { _ = try ImageFile.read(path) }
  }

  @Test func pipesFoldersAndLinksToThemselvesAreNotRead() throws {
    let pipe = folder.path(of: "pipe.png")
    #expect(mkfifo(pipe, 0o600) == 0)
    let loop = folder.path(of: "loop.png")
    #expect(symlink("loop.png", loop) == 0)
    for (path, reason): (String, FormatError.Reason) in [
      (pipe, .notRegularFile), (folder.path, .notRegularFile), (loop, .unreadable(code: ELOOP)),
    ] {
      #expect(throws: FormatError(path, reason)) { _ = try ImageFile.read(path) }
      #expect(throws: FormatError(path, reason)) { _ = try ImageFile.summary(of: path) }
    }
  }
}
