import GANFormats
import GANTensor
import GANTestSupport
import Testing

@testable import GANData

@Suite("Pictures become images of one size")
struct ImageFramingTests {
  typealias Background = ImageFraming.Background

  static func noise(_ width: Int, _ height: Int, _ channels: Int) -> RasterImage {
    let picture = PictureForge.Picture.noise(width: width, height: height, channels: channels)
    return RasterImage(
      width: width, height: height, channels: channels, pixels: picture.samples)
  }

  /// The samples of a picture, channel after channel.
  static func planes(_ picture: RasterImage) -> [UInt8] {
    (0..<picture.channels).flatMap { channel in
      stride(from: channel, to: picture.pixels.count, by: picture.channels).map {
        picture.pixels[$0]
      }
    }
  }

  @Test(arguments: [(5, 7), (1, 1), (32, 32)], [1, 3])
  func picturesOfTheRightSizeStayAsTheyAre(extents: (Int, Int), channels: Int) {
    let picture = Self.noise(extents.0, extents.1, channels)
    let framing = ImageFraming(height: extents.1, width: extents.0, channels: channels)
    #expect(framing.image(of: picture) == Self.planes(picture))
  }

  /// Both sums at once, in double precision, over all pixels: as the kernel's definition says.
  private static func resized(
    _ plane: (Int, Int) -> Double, from extents: (Int, Int), to wanted: (Int, Int)
  ) -> [Double] {
    func kernel(_ x: Double) -> Double {
      let x = abs(x)
      if x <= 1 { return 1.5 * x * x * x - 2.5 * x * x + 1 }
      return x < 2 ? -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2 : 0
    }
    func weights(_ index: Int, _ count: Int, _ wanted: Int) -> [Double] {
      let scale = Double(count) / Double(wanted)
      let stretch = max(scale, 1)
      let centre = (Double(index) + 0.5) * scale
      let values = (0..<count).map { kernel((Double($0) + 0.5 - centre) / stretch) }
      return values.map { $0 / values.reduce(0, +) }
    }
    return (0..<wanted.0).flatMap { y in
      let vertical = weights(y, extents.0, wanted.0)
      return (0..<wanted.1).map { x in
        let horizontal = weights(x, extents.1, wanted.1)
        var sum = 0.0
        for row in 0..<extents.0 {
          for column in 0..<extents.1 {
            sum += vertical[row] * horizontal[column] * plane(row, column)
          }
        }
        return min(max(sum, 0), 255)
      }
    }
  }

  @Test(arguments: [(64, 48), (48, 64), (9, 9), (3, 2), (50, 7), (1, 40), (17, 16)])
  func resizingFollowsTheDefinitionOfItsKernel(extents: (Int, Int)) {
    let picture = Self.noise(extents.0, extents.1, 3)
    let framing = ImageFraming(height: 8, width: 8, channels: 3)
    let crop = framing.crop(height: picture.uprightHeight, width: picture.uprightWidth)
    let image = framing.image(of: picture)
    for channel in 0..<3 {
      let expected = Self.resized(
        { row, column in
          let pixel = (crop.top + row) * picture.width + crop.left + column
          return Double(picture.pixels[3 * pixel + channel])
        }, from: (crop.height, crop.width), to: (8, 8))
      for (index, value) in expected.enumerated() {
        // Half a step of rounding, and what single precision loses.
        #expect(abs(Double(image[channel * 64 + index]) - value) <= 0.5 + 1e-3)
      }
    }
  }

  @Test(arguments: [
    (100, 60, 8, 8, [0, 20, 60, 60]), (60, 101, 8, 8, [20, 0, 60, 60]),
    (100, 100, 8, 16, [25, 0, 50, 100]), (7, 1000, 8, 8, [496, 0, 7, 7]),
    (1, 1000, 8, 16, [499, 0, 1, 1]), (5, 5, 8, 8, [0, 0, 5, 5]),
  ])
  func theLargestCentredRectangleIsCutOut(
    width: Int, height: Int, wantedHeight: Int, wantedWidth: Int, crop: [Int]
  ) {
    let framing = ImageFraming(height: wantedHeight, width: wantedWidth, channels: 1)
    let found = framing.crop(height: height, width: width)
    #expect([found.top, found.left, found.height, found.width] == crop)
  }

  @Test(arguments: ["auto", "9", "5x7", "1x6x4", "3x12x12", "3x6x8", "1x2x9"], [1, 3])
  func imagesOfADataSetBecomeWhatPicturesDo(size: String, channels: Int) throws {
    let pictures = (0..<3).map { seed in
      let picture = PictureForge.Picture.noise(
        width: 8, height: 6, channels: channels, seed: UInt64(seed))
      return RasterImage(width: 8, height: 6, channels: channels, pixels: picture.samples)
    }
    let dataset = ImageDataset(
      name: "noise", imageShape: [channels, 6, 8], pixels: pictures.flatMap(Self.planes),
      labels: [2, 0, 1])
    let request = try #require(FramingRequest(size))
    let framed = dataset.framed(as: request)
    let framing = request.framing(ofImages: dataset.imageShape)
    #expect(framed.imageShape == framing.imageShape && framed.labels == dataset.labels)
    #expect(framed.pixels == pictures.flatMap { framing.image(of: $0) })
    // Nothing is copied where nothing changes.
    if size == "auto" { #expect(framed.storage === dataset.storage) }
  }

  @Test func nothingFinerThanTheGridIsLeft() {
    // A chessboard of single pixels is gray from afar; taking every eighth pixel would be black.
    let pixels: [UInt8] = (0..<64 * 64).map { pixel in (pixel / 64 + pixel % 64) % 2 == 0 ? 0 : 255
    }
    let board = RasterImage(width: 64, height: 64, channels: 1, pixels: pixels)
    let image = ImageFraming(height: 8, width: 8, channels: 1).image(of: board)
    #expect(image.allSatisfy { (126...129).contains($0) }, "\(image)")
  }

  /// Where each orientation of EXIF keeps the pixel that is seen at (row, column) of height x width.
  private static func place(
    _ orientation: ImageOrientation, _ row: Int, _ column: Int, _ height: Int, _ width: Int
  ) -> (Int, Int) {
    switch orientation {
    case .upright: (row, column)
    case .mirrored: (row, width - 1 - column)
    case .halfTurned: (height - 1 - row, width - 1 - column)
    case .flipped: (height - 1 - row, column)
    case .transposed: (column, row)
    case .quarterTurned: (width - 1 - column, row)
    case .transversed: (width - 1 - column, height - 1 - row)
    case .threeQuartersTurned: (column, height - 1 - row)
    }
  }

  @Test(arguments: ImageOrientation.allCases, [(6, 9), (9, 6), (7, 7)])
  func turnedPicturesComeOutUpright(orientation: ImageOrientation, extents: (Int, Int)) {
    let (width, height) = extents
    let upright = Self.noise(width, height, 3)
    let (storedWidth, storedHeight) = orientation.isTransposed ? (height, width) : (width, height)
    var pixels = [UInt8](repeating: 0, count: upright.pixels.count)
    for row in 0..<height {
      for column in 0..<width {
        let (y, x) = Self.place(orientation, row, column, height, width)
        for channel in 0..<3 {
          pixels[(y * storedWidth + x) * 3 + channel] =
            upright.pixels[(row * width + column) * 3 + channel]
        }
      }
    }
    let stored = RasterImage(
      width: storedWidth, height: storedHeight, channels: 3, pixels: pixels,
      orientation: orientation)
    for framing in [
      ImageFraming(height: height, width: width, channels: 3),
      ImageFraming(height: 4, width: 4, channels: 3),
    ] {
      #expect(framing.image(of: stored) == framing.image(of: upright))
    }
  }

  @Test(
    arguments: [
      ([200, 100, 50, 0], "white", 3, [255, 255, 255]),
      ([200, 100, 50, 0], "102030", 3, [16, 32, 48]),
      ([200, 100, 50, 255], "white", 3, [200, 100, 50]),
      ([200, 100, 50, 51], "black", 3, [40, 20, 10]), ([100, 0], "white", 1, [255]),
      ([100, 51], "black", 3, [20, 20, 20]), ([100, 0], "ff0000", 3, [255, 0, 0]),
      ([100, 0], "ff0000", 1, [76]), ([200, 100, 50], "white", 1, [124]),
      ([77], "white", 3, [77, 77, 77]),
    ] as [([UInt8], String, Int, [UInt8])])
  func coloursAreLaidOnTheBackgroundAndBroughtToTheChannels(
    pixel: [UInt8], background: String, channels: Int, expected: [UInt8]
  ) throws {
    let picture = RasterImage(
      width: 2, height: 2, channels: pixel.count, pixels: (0..<4).flatMap { _ in pixel })
    let framing = ImageFraming(
      height: 3, width: 3, channels: channels, background: try #require(Background(background)))
    let image = framing.image(of: picture)
    #expect((0..<channels).map { image[$0 * 9 + 4] } == expected)
  }

  @Test func onlyColoursAreBackgrounds() {
    for text in ["", "red", "12345", "1234567", "gggggg", "+12345", "-12345"] {
      #expect(Background(text) == nil, "\(text)")
    }
    #expect(Background("FF8000")?.hexadecimal == "ff8000")
  }
}
