import GANCommands
import GANData
import GANFormats
import GANTensor
import GANTestSupport
import Testing

@Suite("Pictures in half blocks")
struct HalfBlocksTests {
  private static func picture(width: Int, height: Int, channels: Int) -> PixelImage {
    var random = SplitMix(seed: 7)
    let pixels = (0..<width * height * channels).map { _ in
      UInt8(truncatingIfNeeded: random.next() as UInt64)
    }
    return PixelImage(width: width, height: height, channels: channels, pixels: pixels)
  }

  /// The picture a terminal shows, a character's upper pixel over its lower one.
  private static func colours(
    _ picture: PixelImage, _ palette: HalfBlocks.Palette
  ) -> [[Screen.Colour]] {
    let lines = HalfBlocks(palette).lines(of: picture)
    var screen = Screen(columns: picture.width, rows: lines.count + 1)
    for line in lines { screen.write(line + "\r\n") }
    #expect(screen.isClean && !screen.didWrap, "\(screen.surprises)")
    return screen.cells.prefix(lines.count).flatMap { row in
      [row.map { $0.character == " " ? $0.background : $0.foreground }, row.map(\.background)]
    }
  }

  @Test(
    "A terminal of 24-bit colours shows every pixel",
    arguments: [(5, 4, 1), (7, 3, 1), (6, 5, 3), (1, 1, 3)])
  func direct(width: Int, height: Int, channels: Int) {
    let picture = Self.picture(width: width, height: height, channels: channels)
    let shown = Self.colours(picture, .direct)
    #expect(shown.count == (height + 1) / 2 * 2)
    for row in shown.indices {
      for column in 0..<width {
        let expected = (0..<3).map { channel in
          guard row < height else { return 0 }
          let pixel = (row * width + column) * channels
          return Int(picture.pixels[pixel + (channels == 3 ? channel : 0)])
        }
        #expect(shown[row][column] == [2] + expected, "row \(row), column \(column)")
      }
    }
  }

  @Test("A terminal of 256 colours shows the gray nearest to a pixel's")
  func indexed() {
    let grays = [(16, 0), (231, 255)] + (0..<24).map { (232 + $0, 8 + 10 * $0) }
    let picture = PixelImage(width: 256, height: 1, channels: 1, pixels: Array(0...255))
    for (value, colour) in Self.colours(picture, .indexed)[0].enumerated() {
      let shown = grays.first { colour == [5, $0.0] }
      let nearest = grays.map { abs($0.1 - value) }.min()
      #expect(shown.map { abs($0.1 - value) } == nearest, "gray \(value)")
    }
  }

  @Test("A terminal of 256 colours shows the cube's colour nearest to a pixel's")
  func cube() {
    let steps = [0, 95, 135, 175, 215, 255]
    let picture = Self.picture(width: 60, height: 2, channels: 3)
    let shown = Self.colours(picture, .indexed)
    for pixel in 0..<120 {
      guard case let colour? = shown[pixel / 60][pixel % 60], (16...231).contains(colour[1])
      else { continue }
      for (channel, weight) in [36, 6, 1].enumerated() {
        let value = Int(picture.pixels[3 * pixel + channel])
        let step = (colour[1] - 16) / weight % 6
        #expect(abs(steps[step] - value) == steps.map { abs($0 - value) }.min())
      }
    }
  }

  @Test("Without colours a line has a character a pixel, brighter where the picture is")
  func plain() {
    let ramp = PixelImage(
      width: 256, height: 2, channels: 1, pixels: Array(0...255) + Array(0...255))
    for (palette, letters) in [(HalfBlocks.Palette.shades, " ░▒▓█"), (.ascii, " .:-=+*#%@")] {
      let line = HalfBlocks(palette).lines(of: ramp)[0]
      let places = line.map { Array(letters).firstIndex(of: $0) ?? -1 }
      #expect(places.count == 256)
      #expect(places == places.sorted())
      #expect(Set(places) == Set(0..<letters.count))
    }
    let edge = PixelImage(width: 2, height: 2, channels: 1, pixels: [255, 0, 0, 255])
    #expect(HalfBlocks(.shades).lines(of: edge) == ["▀▄"])
  }

  @Test(
    "A contact sheet fits its space, and shows five digits a row where it can",
    arguments: [
      // Columns and lines of the space; reduction, images in a row, images.
      (80, 8, 2, 5, 5), (80, 16, 2, 5, 10), (200, 16, 1, 6, 6), (200, 8, 2, 13, 13),
      (40, 6, 3, 3, 3), (12, 6, 3, 1, 1), (2_000, 500, 1, 64, 64),
    ])
  func sheet(columns: Int, lines: Int, reduction: Int, perRow: Int, count: Int) throws {
    let shape: Shape = [64, 1, 28, 28]
    let sheet = try #require(ContactSheet(of: shape, columns: columns, lines: lines))
    #expect([sheet.reduction, sheet.perRow, sheet.count] == [reduction, perRow, count])
    let values = (0..<shape.elementCount).map { Float($0 % 200) / 100 - 1 }
    let picture = sheet.picture(of: HostTensor(shape: shape, values))
    #expect(picture.width <= columns)
    #expect(HalfBlocks(.ascii).lines(of: picture).count <= lines)
  }

  @Test("Where nothing could be seen there is no sheet", arguments: [(5, 20), (80, 3), (0, 0)])
  func noSheet(columns: Int, lines: Int) {
    #expect(ContactSheet(of: [64, 1, 28, 28], columns: columns, lines: lines) == nil)
  }

  @Test("A reduced pixel is the mean of those it stands for")
  func means() throws {
    // One image of 17 x 18, halved: its last row of squares is cut.
    let shape: Shape = [1, 1, 17, 18]
    let sheet = try #require(ContactSheet(of: shape, columns: 11, lines: 9))
    #expect(sheet.reduction == 2)
    let bytes: [Float] = (0..<17 * 18).map { Float(($0 * 37) % 256) }
    let picture = sheet.picture(of: HostTensor(shape: shape, bytes.map { $0 / 127.5 - 1 }))
    #expect((picture.width, picture.height) == (9, 9))
    for (row, column) in [(0, 0), (3, 4), (8, 2)] {
      var square: [Float] = []
      for sourceRow in row == 8 ? [16] : [2 * row, 2 * row + 1] {
        let first = sourceRow * 18 + 2 * column
        square += bytes[first..<first + 2]
      }
      let mean = square.reduce(0, +) / Float(square.count)
      let shown = Float(picture.pixels[row * 9 + column])
      // Half a step of rounding, and the mean's own.
      #expect(abs(shown - mean) <= 0.51, "row \(row), column \(column)")
    }
  }
}
