package import GANFormats

/// A picture as a list of things to draw, the last on top; all that the SVG and the PNG share.
package struct Scene: Hashable, Sendable {
  /// Pixels from left to right.
  package let width: Double
  /// Pixels from top to bottom.
  package let height: Double
  /// The picture's name, for screen readers.
  package let title: String
  /// The picture's contents, for screen readers.
  package let description: String
  /// The elements, the last on top.
  package var elements: [Element] = []

  /// One thing to draw.
  package enum Element: Hashable, Sendable {
    /// Open lines, painted as one: where they cross nothing gets darker.
    case lines([[Point]], Stroke)
    /// A polygon, closed by itself.
    case area([Point], Fill)
    /// An upright rectangle.
    case rectangle(Box, Fill)
    /// Discs, painted as one.
    case dots([Point], radius: Double, Fill)
    /// One line of text.
    case text(Text)
    /// A raster stretched over a box, each of its pixels a sharp rectangle.
    case image(IndexedImage, Box, opacity: Double)
  }

  /// A line's look: round joins, flat ends.
  package struct Stroke: Hashable, Sendable {
    /// The colour.
    package var ink: Ink
    /// In pixels.
    package var width: Double
    /// The pattern of the line.
    package var dash = Dash.solid
  }

  /// A surface's look.
  package struct Fill: Hashable, Sendable {
    /// The colour.
    package var ink: Ink
    /// 0 (invisible) to 1.
    package var opacity = 1.0
  }

  /// One line of text.
  package struct Text: Hashable, Sendable {
    /// The words.
    package var string: String
    /// The place of the baseline's anchor.
    package var origin: Point
    /// Height of a line's letters, in pixels to the em.
    package var size: Double
    /// The end of the baseline that the anchor is.
    package var anchor = Anchor.start
    /// The colour.
    package var ink = Ink.text
    /// True for heavy letters.
    package var isBold = false
    /// Turned about the origin, in degrees, clockwise; negative climbs.
    package var degrees = 0.0
  }

  /// A place on a baseline.
  package enum Anchor: String, Hashable, Sendable {
    /// The first letter begins at the origin.
    case start
    /// The middle is at the origin.
    case middle
    /// The last letter ends at the origin.
    case end
  }
}
