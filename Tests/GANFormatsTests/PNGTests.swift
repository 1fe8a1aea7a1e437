import GANFormats
import Testing

@Suite("PNG files")
struct PNGTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  static func picture(width: Int, height: Int, channels: Int) -> PixelImage {
    let samples = (0..<width * height * channels).map { UInt8(truncatingIfNeeded: $0 * 37 + 5) }
    return PixelImage(width: width, height: height, channels: channels, pixels: samples)
  }

  @Test(arguments: [(1, 1), (3, 2), (242, 242), (1, 300)], [1, 3])
  func picturesComeBackToTheBit(extents: (Int, Int), channels: Int) throws {
    let picture = Self.picture(width: extents.0, height: extents.1, channels: channels)
    let path = folder.path(of: "picture.png")
    try PNG.write(picture, to: path)
    #expect(try PNG.read(path) == picture)
  }

  private func encoded(_ picture: PixelImage) throws -> [UInt8] {
    try PNG.write(picture, to: folder.path(of: "encoded.png"))
    return try folder.bytes("encoded.png")
  }

  @Test(arguments: [1, 2, 16, 200, 256])
  func picturesOfFewColoursComeBack(colourCount: Int) throws {
    let colours: [[UInt8]] = (0..<colourCount).map { index in
      [UInt8(index), UInt8(255 - index), UInt8(index / 2)]
    }
    let indices: [UInt8] = (0..<35 * 9).map { pixel in UInt8(pixel * 7 % colourCount) }
    let image = IndexedImage(
      width: 35, height: 9, colours: colours.flatMap { $0 + [255] }, indices: indices)
    let read = try PNG.read(folder.file("indexed.png", PNG.encoded(image)))
    let pixels = indices.flatMap { colours[Int($0)] }
    #expect(read == PixelImage(width: 35, height: 9, channels: 3, pixels: pixels))
  }

  @Test func transparentColoursShowWhatLiesBelow() throws {
    let png = PNG.encoded(
      IndexedImage(
        width: 2, height: 1, colours: [200, 100, 50, 255, 9, 9, 9, 0], indices: [0, 1]))
    // The reader lays pictures on black.
    #expect(try PNG.read(folder.file("clear.png", png)).pixels == [200, 100, 50, 0, 0, 0])
  }

  @Test func theHeaderTellsExtentsDepthAndColours() throws {
    for (channels, colourType): (Int, UInt8) in [(1, 0), (3, 2)] {
      let png = try encoded(Self.picture(width: 258, height: 3, channels: channels))
      #expect(png.prefix(8) == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
      #expect(png[12..<16].elementsEqual("IHDR".utf8))
      #expect(Array(png[16..<29]) == [0, 0, 1, 2, 0, 0, 0, 3, 8, colourType, 0, 0, 0])
    }
  }

  @Test func cutAndDamagedFilesAreRefused() throws {
    let png = try encoded(Self.picture(width: 16, height: 16, channels: 1))
    for length in stride(from: 0, to: png.count - 12, by: 3) {
      let path = try folder.file("cut", [UInt8](png.prefix(length)))
      let error = #expect(throws: FormatError.self, "cut to \(length)") { try PNG.read(path) }
      #expect(error?.kind == .invalid)
    }
    // A changed byte in the header's extents fails its checksum.
    var damaged = png
    damaged[19] ^= 1
    let path = try folder.file("damaged", damaged)
    let error = #expect(throws: FormatError.self) { try PNG.read(path) }
    #expect(error?.kind == .invalid)
  }

  @Test func extentsBeyondTheLibrarysLimitCannotBeWritten() throws {
    let path = folder.path(of: "picture.png")
    let error = #expect(throws: FormatError.self) {
      try PNG.write(Self.picture(width: 1, height: 1_000_001, channels: 1), to: path)
    }
    #expect(error?.kind == .unwritable)
    #expect(try folder.names.isEmpty)
  }

  @Test func anotherFormatIsCalledForeign() throws {
    let path = try folder.file("file", [0xff, 0xd8, 0xff, 0xe0])
    #expect(
      throws: FormatError(path, .foreign(.png, leadingBytes: [0xff, 0xd8, 0xff, 0xe0]))
    ) { try PNG.read(path) }
  }
}
