package import GANFormats

/// A picture as lines of text, two pixels a character: one above the other.
///
/// A character is about twice as high as it is wide, so pixels come out nearly square.
package struct HalfBlocks: Hashable, Sendable {
  /// The characters and colours of the text.
  package enum Palette: String, CaseIterable, Sendable {
    /// 24-bit colours.
    case direct
    /// The 256 colours of xterm, 26 of them shades of gray.
    case indexed
    /// Block characters of five shades, and halves where the two pixels differ much; no colour.
    case shades
    /// ASCII; no colour.
    case ascii
  }

  /// The characters and colours of the text.
  package let palette: Palette

  /// Chooses the palette.
  package init(_ palette: Palette) { self.palette = palette }

  /// Draws a picture: `width` characters on each of `height / 2` lines, rounded up, a missing last
  /// row of pixels black.
  ///
  /// Every line begins and ends in the terminal's own colours and has no end of line.
  package func lines(of picture: PixelImage) -> [String] {
    stride(from: 0, to: picture.height, by: 2).map { row in
      switch palette {
      case .direct, .indexed: coloured(picture, row)
      case .shades: String((0..<picture.width).map { shade(picture, row, $0) })
      case .ascii: String((0..<picture.width).map { letter(picture, row, $0) })
      }
    }
  }

  // MARK: Colours

  private func coloured(_ picture: PixelImage, _ row: Int) -> String {
    var line = ""
    // Colours last until they change; none is written twice.
    var (foreground, background) = ("", "")
    for column in 0..<picture.width {
      let upper = code(picture.colour(row, column))
      let lower = code(picture.colour(row + 1, column))
      var codes: [String] = []
      if upper != lower, upper != foreground {
        codes.append("38;\(upper)")
        foreground = upper
      }
      if lower != background {
        codes.append("48;\(lower)")
        background = lower
      }
      if !codes.isEmpty { line += "\u{1B}[\(codes.joined(separator: ";"))m" }
      line += upper == lower ? " " : "▀"
    }
    return line + "\u{1B}[0m"
  }

  /// The end of the sequence that chooses a colour.
  private func code(_ colour: (red: UInt8, green: UInt8, blue: UInt8)) -> String {
    palette == .direct
      ? "2;\(colour.red);\(colour.green);\(colour.blue)" : "5;\(Self.index(of: colour))"
  }

  /// The nearest of xterm's colours: 16 to 231 are a cube of six steps, 232 to 255 grays from 8 to
  /// 238, ten apart.
  private static func index(of colour: (red: UInt8, green: UInt8, blue: UInt8)) -> Int {
    let (red, green, blue) = (Int(colour.red), Int(colour.green), Int(colour.blue))
    if red == green, green == blue {
      if red < 4 { return 16 }
      return red > 246 ? 231 : 232 + min(max(red - 3, 0) / 10, 23)
    }
    // The steps are 0, 95, 135, 175, 215, 255.
    func step(_ value: Int) -> Int { value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40 }
    return 16 + 36 * step(red) + 6 * step(green) + step(blue)
  }

  // MARK: No colours

  private func shade(_ picture: PixelImage, _ row: Int, _ column: Int) -> Character {
    let (upper, lower) = (picture.brightness(row, column), picture.brightness(row + 1, column))
    // An edge between the two pixels shows more than their mean.
    if upper - lower > 110 { return "▀" }
    if lower - upper > 110 { return "▄" }
    return Array(" ░▒▓█")[((upper + lower) / 2 * 4 + 127) / 255]
  }

  private func letter(_ picture: PixelImage, _ row: Int, _ column: Int) -> Character {
    let mean = (picture.brightness(row, column) + picture.brightness(row + 1, column)) / 2
    return Array(" .:-=+*#%@")[(mean * 9 + 127) / 255]
  }
}

extension PixelImage {
  /// A pixel, black below the picture.
  fileprivate func colour(
    _ row: Int, _ column: Int
  ) -> (red: UInt8, green: UInt8, blue: UInt8) {
    guard row < height else { return (0, 0, 0) }
    let first = (row * width + column) * channels
    return (pixels[first], pixels[first + channels / 2], pixels[first + channels - 1])
  }

  /// A pixel's luma, 0 to 255, by the weights of ITU-R BT.601.
  fileprivate func brightness(_ row: Int, _ column: Int) -> Int {
    let (red, green, blue) = colour(row, column)
    return (299 * Int(red) + 587 * Int(green) + 114 * Int(blue)) / 1_000
  }
}
