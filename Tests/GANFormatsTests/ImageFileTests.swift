import GANFormats
import GANTestSupport
import Testing

@Suite("Pictures of every kind are decoded")
struct ImageFileTests {
  typealias Forge = PictureForge
  typealias Picture = PictureForge.Picture

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A file, and the picture that is in it.
  struct Sample: Sendable, CustomTestStringConvertible {
    let mode: String
    let bytes: [UInt8]
    let picture: Picture

    var testDescription: String { mode }

    init(_ mode: String, _ bytes: [UInt8], _ picture: Picture) {
      (self.mode, self.bytes, self.picture) = (mode, bytes, picture)
    }
  }

  private static func noise(_ channels: Int) -> Picture {
    .noise(width: 7, height: 5, channels: channels)
  }

  /// 16-bit samples, not far from a multiple of 257, and what they round to.
  private static func deep(_ channels: Int, _ colours: Forge.PNGColours, _ mode: String) -> Sample {
    let picture = noise(channels)
    let rows = (0..<5).map { row in
      (0..<7 * channels).flatMap { column -> [UInt8] in
        let sample = picture.samples[row * 7 * channels + column]
        // 0 to 8 more than 257 times the sample: less than half a step.
        let low = min(Int(sample) + column % 9, 255)
        return [sample, UInt8(low)]
      }
    }
    let bytes = Forge.png(width: 7, height: 5, bitDepth: 16, colours, rows: rows)
    return Sample(mode, bytes, picture)
  }

  private static let palette: [UInt8] = [10, 20, 30, 200, 100, 50, 0, 255, 0, 9, 8, 7]

  /// Colours of `palette` by their numbers, with opacities where there are any.
  private static func coloured(_ indices: [UInt8], opacities: [UInt8]? = nil) -> Picture {
    var samples: [UInt8] = []
    for index in indices.map({ Int($0) }) {
      samples += palette[3 * index..<3 * index + 3]
      if let opacities { samples.append(index < opacities.count ? opacities[index] : 255) }
    }
    return Picture(width: 4, height: 2, channels: opacities == nil ? 3 : 4, samples: samples)
  }

  private static let bmpPalette: [UInt8] = stride(from: 0, to: palette.count, by: 3).flatMap {
    colour -> [UInt8] in
    [palette[colour + 2], palette[colour + 1], palette[colour], 0]
  }

  static let exact: [Sample] = pngs + others

  @Test("Ink is laid on white paper, whichever way round its file counts it")
  func ink() throws {
    // libjpeg-turbo writes Adobe's segment, so 255 is no ink.
    let shades: [([UInt8], [UInt8])] = [
      ([255, 255, 255, 255], [255, 255, 255]), ([0, 255, 255, 255], [0, 255, 255]),
      ([255, 255, 255, 0], [0, 0, 0]), ([200, 100, 255, 128], [100, 50, 128]),
    ]
    for (stored, seen) in shades {
      let jpeg = Forge.jpeg(.plain(width: 8, height: 8, stored), quality: 100)
      let (summary, picture) = try ImageFile.read(folder.file("ink", jpeg))
      #expect(summary.mode == "YCCK" && picture.channels == 3)
      for (found, wanted) in zip(picture.pixels.prefix(3), seen) {
        #expect(abs(Int(found) - Int(wanted)) <= 2, "\(stored): \(picture.pixels.prefix(3))")
      }
    }
  }

  private static let pngs: [Sample] = [
    Sample("PNG gray", Forge.png(noise(1)), noise(1)),
    Sample("PNG gray with alpha", Forge.png(noise(2)), noise(2)),
    Sample("PNG colour", Forge.png(noise(3)), noise(3)),
    Sample("PNG colour with alpha", Forge.png(noise(4)), noise(4)),
    deep(1, .gray, "PNG 16-bit gray"), deep(3, .colour, "PNG 16-bit colour"),
    deep(4, .colourAlpha, "PNG 16-bit colour with alpha"),
    Sample(
      "PNG 1-bit gray",
      Forge.png(width: 8, height: 1, bitDepth: 1, .gray, rows: [[0b1010_0001]]),
      Picture(width: 8, height: 1, channels: 1, samples: [255, 0, 255, 0, 0, 0, 0, 255])),
    Sample(
      "PNG palette",
      Forge.png(
        width: 4, height: 2, bitDepth: 8, .palette, rows: [[0, 1, 2, 3], [3, 3, 1, 0]],
        chunks: [("PLTE", palette)]), coloured([0, 1, 2, 3, 3, 3, 1, 0])),
    Sample(
      "PNG palette with alpha",
      Forge.png(
        width: 4, height: 2, bitDepth: 2, .palette, rows: [[0b0001_1011], [0b1111_0100]],
        chunks: [("PLTE", palette), ("tRNS", [0, 128])]),
      coloured([0, 1, 2, 3, 3, 3, 1, 0], opacities: [0, 128])),
  ]

  private static let others: [Sample] = [
    Sample("WebP colour", Forge.webP(noise(3)), noise(3)),
    Sample("WebP colour with alpha", Forge.webP(opaque(noise(4))), opaque(noise(4))),
    Sample("WebP animation", Forge.animatedWebP([opaque(noise(4)), other]), opaque(noise(4))),
    Sample("BMP colour", Forge.bmp(noise(3)), noise(3)),
    Sample("BMP colour", Forge.bmp(noise(3), isTopDown: true), noise(3)),
    Sample("BMP colour", Forge.bmp(noise(4)), withoutAlpha(noise(4))),
    Sample(
      "BMP palette",
      Forge.bmp(
        width: 4, height: 2, bitsPerPixel: 8, rows: [[3, 3, 1, 0], [0, 1, 2, 3]],
        palette: bmpPalette), coloured([0, 1, 2, 3, 3, 3, 1, 0])),
    Sample(
      "BMP palette",
      Forge.bmp(
        width: 4, height: 2, bitsPerPixel: 4, rows: [[0x33, 0x10], [0x01, 0x23]],
        palette: bmpPalette), coloured([0, 1, 2, 3, 3, 3, 1, 0])),
    Sample(
      "BMP palette",
      Forge.bmp(
        width: 4, height: 2, bitsPerPixel: 1, rows: [[0b1110_0000], [0b0101_0000]],
        palette: Array(bmpPalette.prefix(8))), coloured([0, 1, 0, 1, 1, 1, 1, 0])),
    Sample(
      "BMP gray palette",
      Forge.bmp(
        width: 4, height: 2, bitsPerPixel: 8, rows: [[3, 3, 1, 0], [0, 1, 2, 3]],
        palette: [0, 0, 0, 0, 40, 40, 40, 0, 200, 200, 200, 0, 255, 255, 255, 0]),
      Picture(width: 4, height: 2, channels: 1, samples: [0, 40, 200, 255, 255, 255, 40, 0])),
  ]

  private static let other = Picture.plain(width: 7, height: 5, [1, 2, 3, 255])

  /// libwebp stores no colours where nothing is seen of them.
  private static func opaque(_ picture: Picture) -> Picture {
    var picture = picture
    for pixel in stride(from: 3, to: picture.samples.count, by: 4) {
      picture.samples[pixel] = max(picture.samples[pixel], 1)
    }
    return picture
  }

  private static func withoutAlpha(_ picture: Picture) -> Picture {
    let kept = picture.samples.enumerated().filter { $0.offset % 4 < 3 }.map(\.element)
    return Picture(
      width: picture.width, height: picture.height, channels: 3, samples: kept)
  }

  @Test(arguments: exact)
  func losslessPicturesComeBackToTheBit(sample: Sample) throws {
    let path = try folder.file("picture", sample.bytes)
    let (summary, picture) = try ImageFile.read(path)
    #expect("\(summary.kind.rawValue) \(summary.mode)" == sample.mode)
    #expect(try ImageFile.summary(of: path) == summary)
    #expect([picture.width, picture.height] == [sample.picture.width, sample.picture.height])
    #expect(picture.channels == sample.picture.channels)
    #expect(picture.pixels == sample.picture.samples)
    #expect(picture.orientation == .upright)
  }

  @Test(arguments: [1, 3], [false, true])
  func jpegComesBackAsNearAsItsQuality(channels: Int, isProgressive: Bool) throws {
    // Smooth: at quality 100 each coefficient is off by half a step of 1, each sample by about 2.
    let samples = (0..<24 * 16 * channels).map { UInt8($0 / channels % 24 * 9 + $0 % channels) }
    let picture = Picture(width: 24, height: 16, channels: channels, samples: samples)
    let bytes = Forge.jpeg(picture, quality: 100, isProgressive: isProgressive)
    let (summary, read) = try ImageFile.read(folder.file("picture.png", bytes))
    #expect(summary.kind == .jpeg)
    #expect(summary.mode == (channels == 1 ? "gray" : "colour"))
    #expect(read.channels == channels)
    let worst = zip(read.pixels, samples).map { abs(Int($0) - Int($1)) }.max()
    #expect(try #require(worst) <= 3)
  }

  @Test(arguments: 1...8, [false, true])
  func orientationIsReadFromEveryFormatThatHasOne(value: Int, isLittleEndian: Bool) throws {
    let exif = Forge.exif(orientation: value, isLittleEndian: isLittleEndian)
    let picture = Self.noise(3)
    let files = [
      Forge.png(picture, chunks: [("eXIf", exif)]), Forge.jpeg(Forge.jpeg(picture), exif: exif),
      Forge.webP(picture, exif: exif),
      Forge.webP(picture, exif: [UInt8]("Exif".utf8) + [0, 0] + exif),
    ]
    for bytes in files {
      let (summary, read) = try ImageFile.read(folder.file("turned", bytes))
      #expect(Int(read.orientation.rawValue) == value)
      #expect(read.uprightWidth == (value < 5 ? 7 : 5))
      #expect(summary.orientation == read.orientation)
      let upright = [summary.uprightWidth, summary.uprightHeight]
      #expect(upright == [read.uprightWidth, read.uprightHeight])
    }
  }

  /// Turned pictures whose files say so only behind more than one look takes in.
  private static let turnedLate: [(name: String, bytes: [UInt8])] = {
    let exif = Forge.exif(orientation: 6, isLittleEndian: true)
    // 90,000 samples that cannot be compressed.
    let large = Picture.noise(width: 200, height: 150, channels: 3)
    let jpeg = Forge.jpeg(Forge.jpeg(.noise(width: 200, height: 150, channels: 3)), exif: exif)
    let comment = [0xff, 0xfe, 0xff, 0xff] + [UInt8](repeating: 32, count: 65_533)
    return [
      ("PNG, before its pixels", Forge.png(large, chunks: [("eXIf", exif)])),
      ("PNG, after its pixels", Forge.png(large, lateChunks: [("eXIf", exif)])),
      ("WebP", Forge.webP(large, exif: exif)),
      ("JPEG", Array(jpeg.prefix(2) + comment + jpeg.dropFirst(2))),
    ]
  }()

  @Test(arguments: turnedLate.map(\.name))
  func summariesKnowTheOrientationWhereverItIs(name: String) throws {
    let bytes = try #require(Self.turnedLate.first { $0.name == name }).bytes
    #expect(bytes.count > 1 << 16)
    let path = try folder.file("turned", bytes)
    let summary = try ImageFile.summary(of: path)
    #expect(summary.orientation == .quarterTurned)
    #expect([summary.uprightWidth, summary.uprightHeight] == [150, 200])
    #expect(try ImageFile.read(path).0 == summary)
  }

  @Test("A PNG's gamma holds, but not against a colour profile")
  func gammaAndProfile() throws {
    let picture = Self.noise(3)
    let gamma = ("gAMA", [UInt8]([0, 1, 0x86, 0xa0]))
    let profile = ("iCCP", [UInt8]("any".utf8) + [0, 0, 0x78, 0x9c, 3, 0, 0, 0, 0, 1])
    func samples(_ chunks: [(String, [UInt8])]) throws -> [UInt8] {
      let path = try folder.file("gamma", Forge.png(picture, chunks: chunks))
      return try ImageFile.read(path).1.pixels
    }
    #expect(try samples([]) == picture.samples)
    #expect(try samples([gamma]) != picture.samples)
    #expect(try samples([profile]) == picture.samples)
    #expect(try samples([profile, gamma]) == picture.samples)
    #expect(try samples([gamma, profile]) == picture.samples)
  }

  @Test func damagedEXIFIsPassedOver() throws {
    let sound = Forge.exif(orientation: 6, isLittleEndian: true)
    var random = SplitMix(seed: 5)
    let jpeg = Forge.jpeg(Self.noise(3))
    let damaged =
      (0..<sound.count).map { Array(sound.prefix($0)) }
      + [Forge.exif(orientation: 9, isLittleEndian: true)]
      + (0..<500).map { _ in
        var bytes = sound
        bytes[Int.random(in: 0..<20, using: &random)] = UInt8.random(in: 0...255, using: &random)
        return bytes
      }
    for exif in damaged {
      // Whatever it says, the picture is there.
      let (_, read) = try ImageFile.read(folder.file("turned", Forge.jpeg(jpeg, exif: exif)))
      #expect(read.pixels.count == 105, "EXIF \(exif)")
    }
    let (_, read) = try ImageFile.read(folder.file("short", Forge.jpeg(jpeg, exif: damaged[30])))
    #expect(read.orientation == .upright)
  }

  @Test func headersLongerThanOneLookAreReadWhole() throws {
    let jpeg = Forge.jpeg(Self.noise(3))
    let comment = [0xff, 0xfe, 0xff, 0xff] + [UInt8](repeating: 32, count: 65_533)
    let bytes = jpeg.prefix(2) + comment + comment + jpeg.dropFirst(2)
    let summary = try ImageFile.summary(of: folder.file("long.jpg", Array(bytes)))
    #expect([summary.width, summary.height] == [7, 5])
  }
}
