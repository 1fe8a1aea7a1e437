import CFreeType
import Foundation
import GANFormats
import Testing

@testable import GANPlots

@Suite("Plots as pixels")
struct PictureTests {
  private func draw(
    _ elements: [Scene.Element], width: Double = 40, height: Double = 20, scale: Int = 1
  ) throws -> PixelImage {
    var scene = Scene(width: width, height: height, title: "", description: "")
    scene.elements = elements
    return try Canvas.picture(of: scene, in: .light, scale: scale)
  }

  /// How much ink lies on white, in pixels, for an ink of a gray.
  private func ink(_ image: PixelImage, _ ink: Ink) -> Double {
    let full = 255 - Double(ink.colour(in: .light).red)
    return stride(from: 0, to: image.pixels.count, by: 3)
      .reduce(0) { $0 + (255 - Double(image.pixels[$1])) / full }
  }

  @Test func pixelsAreTheFiguresTimesTheScale() throws {
    let figure = Figure(Gallery.slopes, width: 300, height: 200)
    for scale in [1, 2] {
      let picture = try figure.picture(scale: scale)
      #expect(picture.width == 300 * scale && picture.channels == 3)
      #expect(picture.height == Int(figure.scene().height) * scale)
    }
  }

  @Test func themesPaintTheirOwnPaperAndSomethingOnIt() throws {
    let figure = Figure(Gallery.slopes, width: 300, height: 200)
    for theme in Theme.allCases {
      let picture = try figure.picture(theme, scale: 1)
      let paper = Ink.background.colour(in: theme)
      #expect(picture.pixels.prefix(3).elementsEqual([paper.red, paper.green, paper.blue]))
      for series in 0...1 {
        let colour = Ink.series(series).colour(in: theme)
        let isThere = stride(from: 0, to: picture.pixels.count, by: 3).contains {
          picture.pixels[$0..<$0 + 3].elementsEqual([colour.red, colour.green, colour.blue])
        }
        #expect(isThere, "\(theme): no pixel of series \(series)")
      }
    }
  }

  @Test func shapesCoverTheirArea() throws {
    let box = Box(minX: 3.25, minY: 2.5, maxX: 13.75, maxY: 12)
    let fill = Scene.Fill(ink: .text)
    let line = [Point(2, 10), Point(38, 10)]
    let cases: [(String, Scene.Element, Double)] = [
      ("rectangle", .rectangle(box, fill), box.width * box.height),
      (
        "half-clear rectangle", .rectangle(box, Scene.Fill(ink: .text, opacity: 0.5)),
        box.width * box.height / 2
      ),
      ("triangle", .area([Point(2, 2), Point(22, 2), Point(2, 12)], fill), 100),
      ("line", .lines([line], Scene.Stroke(ink: .text, width: 3)), 108),
      ("crossing lines, once", .lines([line, line], Scene.Stroke(ink: .text, width: 3)), 108),
      (
        "dashes", .lines([line], Scene.Stroke(ink: .text, width: 2, dash: .dashed)),
        // Strokes of 10 and gaps of 5: 10, 10 and 6 of 36 pixels.
        2 * (10 + 10 + 6)
      ),
      ("disc", .dots([Point(10, 10)], radius: 5, fill), 25 * .pi),
      ("disc, once", .dots([Point(10, 10), Point(10, 10)], radius: 5, fill), 25 * .pi),
    ]
    for (name, element, area) in cases {
      let measured = ink(try draw([element]), .text)
      // Coverage has 8 bits, and a circle is a polygon of 24 corners, 1.1% smaller.
      #expect(abs(measured - area) < 0.015 * area + 0.5, "\(name): \(measured), not \(area)")
    }
  }

  @Test func longLinesAreDrawnToTheirEnd() throws {
    // More points than one outline of FreeType holds.
    let line = (0...40_000).map { Point(2 + Double($0) * 36 / 40_000, 10) }
    let picture = try draw([.lines([line], Scene.Stroke(ink: .text, width: 2))])
    #expect(abs(ink(picture, .text) - 72) < 2)
  }

  @Test func flatShapesAreDrawnHoweverWide() throws {
    // A band that FreeType gave up on, in 64ths of a pixel from below.
    let upper = [(69056, 6989), (81792, 7003), (94528, 7003), (107_264, 7016), (120_000, 7029)]
    let lower = [(120_000, 7003), (107_264, 7016), (94528, 7003), (81792, 6976), (69056, 6976)]
    let outline = (upper + lower).map { Point(Double($0.0) / 64, 818 - Double($0.1) / 64) }
    let area = Scene.Element.area(outline, Scene.Fill(ink: .text))
    let image = try draw([area], width: 1920, height: 818)
    // By the trapezium rule; both edges have the same abscissas.
    let heights = zip(upper, lower.reversed()).map { Double($0.1 - $1.1) / 64 }
    let expected = zip(heights, heights.dropFirst()).reduce(0) { $0 + ($1.0 + $1.1) / 2 * 199 }
    // Each of some thousand pixels is rounded to a 255th.
    #expect(abs(ink(image, .text) - expected) < 5)
  }

  @Test func linesOfNoLengthDrawNothing() throws {
    let points = [Point(5, 5), Point(5, 5.0001), Point(5, 5)]
    for line in [points, [points[0]], []] {
      #expect(
        ink(try draw([.lines([line], Scene.Stroke(ink: .text, width: 2))]), .text) == 0)
    }
  }

  @Test func imagesStretchCellByCell() throws {
    let image = IndexedImage(
      width: 2, height: 2, colours: [255, 0, 0, 255, 0, 0, 255, 255, 0, 255, 0, 0],
      indices: [0, 1, 2, 0])
    let picture = try draw(
      [.image(image, Box(minX: 0, minY: 0, maxX: 4, maxY: 4), opacity: 1)], width: 4, height: 4)
    func pixel(_ x: Int, _ y: Int) -> [UInt8] {
      let first = (y * 4 + x) * 3
      return Array(picture.pixels[first..<first + 3])
    }
    #expect(pixel(1, 1) == [255, 0, 0] && pixel(2, 1) == [0, 0, 255])
    #expect(pixel(1, 2) == [255, 255, 255], "a clear cell shows the paper")
    #expect(pixel(3, 3) == [255, 0, 0])
  }

  @Test func textIsDrawnInsideItsBoxWhicheverWayItTurns() throws {
    for degrees in [0.0, -90, -35] {
      for anchor in [Scene.Anchor.start, .middle, .end] {
        let text = Scene.Text(
          string: "Ågy 10⁻³", origin: Point(60, 60), size: 12, anchor: anchor, degrees: degrees)
        let picture = try draw([.text(text)], width: 120, height: 120)
        var outside = 0.0
        let (sine, cosine) = (sin(-degrees * .pi / 180), cos(-degrees * .pi / 180))
        // Accents reach above capitals, and coverage spreads over a pixel.
        let box = text.levelBox.grown(by: 3)
        for pixel in 0..<120 * 120 where picture.pixels[pixel * 3] < 128 {
          let (dx, dy) = (Double(pixel % 120) + 0.5 - 60, Double(pixel / 120) + 0.5 - 60)
          let level = Point(60 + dx * cosine - dy * sine, 60 + dx * sine + dy * cosine)
          if !box.contains(level) { outside += 1 }
        }
        #expect(outside == 0, "\(degrees) degrees, \(anchor)")
        #expect(ink(picture, .text) > 50, "\(degrees) degrees, \(anchor)")
      }
    }
  }

  @Test func theTableOfWidthsIsTheFontsOrWider() throws {
    var library: FT_Library?
    try #require(FT_Init_FreeType(&library) == 0)
    let opened = try #require(library)
    defer { FT_Done_FreeType(opened) }
    let faces = try Font.faces(in: opened)
    for (face, isBold) in [(faces.regular, false), (faces.bold, true)] {
      try #require(FT_Set_Char_Size(face, 0, 1000 * 64, 72, 72) == 0)
      // Latin and Greek letters, signs, superscripts, subscripts.
      for value in Array(0x20...0x7e) + Array(0xa0...0x17f) + Array(0x391...0x3c9)
        + Array(0x2010...0x2026) + Array(0x2070...0x208e) + Array(0x2200...0x22ff)
      {
        let scalar = try #require(Unicode.Scalar(UInt32(value)))
        let glyph = FT_Get_Char_Index(face, FT_ULong(value))
        guard glyph != 0 else { continue }
        try #require(FT_Load_Glyph(face, glyph, FT_Int32(FT_LOAD_NO_HINTING)) == 0)
        let width = Double(face.pointee.glyph.pointee.linearHoriAdvance) / 65536
        let table = Double(FontMetrics.advance(of: scalar, isBold: isBold))
        #expect(table >= width - 0.6, "\(scalar) bold \(isBold): \(table), not \(width)")
        if value < 0x7f { #expect(abs(table - width) < 0.6, "\(scalar) bold \(isBold)") }
      }
    }
  }
}
