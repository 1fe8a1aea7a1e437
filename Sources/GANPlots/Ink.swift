/// Light or dark surroundings.
package enum Theme: CaseIterable, Hashable, Sendable {
  /// Dark ink on white.
  case light
  /// Light ink on near black.
  case dark
}

/// The use of a colour; a theme says which colour that is.
package enum Ink: Hashable, Sendable {
  /// The paper.
  case background
  /// Titles and the names of axes.
  case text
  /// Captions, ticks and their labels, reference lines.
  case muted
  /// Lines behind the data.
  case grid
  /// Data of one series, counted from 0; the palette starts over after the last.
  case series(Int)

  /// Series with colours of their own.
  package static let seriesCount = series.count

  /// The colour on a theme's paper.
  package func colour(in theme: Theme) -> Colour {
    let pair: (light: UInt32, dark: UInt32)
    switch self {
    case .background: pair = (0xffffff, 0x14171c)
    case .text: pair = (0x1b1f24, 0xe8eaed)
    case .muted: pair = (0x5c636b, 0xa0a7b0)
    case .grid: pair = (0xe7e9ec, 0x2a2f36)
    case .series(let index): pair = Self.series[Self.wrapped(index)]
    }
    return Colour(theme == .light ? pair.light : pair.dark)
  }

  /// A place in the palette for any index.
  static func wrapped(_ index: Int) -> Int {
    let rest = index % series.count
    return rest < 0 ? rest + series.count : rest
  }

  /// Near the hues of Okabe and Ito, moved by a random search until every two differ for readers
  /// of any colour vision and all stand out from the paper; `ColourTests` holds both.
  ///
  /// - Source: Okabe, Ito, "Color Universal Design", 2008.
  private static let series: [(light: UInt32, dark: UInt32)] = [
    (0x0b4285, 0x4d8eff),  // blue
    (0xf25a0f, 0xff6827),  // vermillion
    (0x1da485, 0x54e1bc),  // bluish green
    (0x8b5eb0, 0xc182a4),  // purple
    (0x6e4721, 0xffd42b),  // brown on white, yellow on black
    (0x1e2828, 0xf9ffff),  // black on white, white on black
  ]
}

/// The pattern of a broken line.
package enum Dash: CaseIterable, Hashable, Sendable {
  /// Not at all.
  case solid
  /// Long strokes.
  case dashed
  /// Dots.
  case dotted
  /// Long strokes and dots by turns.
  case dashDotted

  /// Lengths of strokes and gaps by turns, in line widths; empty for a solid line.
  package var pattern: [Double] {
    switch self {
    case .solid: []
    case .dashed: [5, 2.5]
    case .dotted: [1.2, 2]
    case .dashDotted: [6, 2, 1.2, 2]
    }
  }

  /// Tells series apart where colours do not: all four are within any four neighbours.
  static func ofSeries(_ index: Int) -> Dash { allCases[Ink.wrapped(index) % allCases.count] }
}
