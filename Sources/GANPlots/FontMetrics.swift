import Foundation

/// The room that text takes, from a table: layout must not depend on a machine's fonts.
///
/// The widths are DejaVu Sans', which are nearly Verdana's and exceed those of Helvetica, Arial
/// and Liberation Sans: what fits with these fits with any usual font.
enum FontMetrics {
  /// From the baseline to the top of capitals and of tall letters, in ems.
  static let ascent = 0.76
  /// From the baseline to the bottom of letters that hang, in ems.
  static let descent = 0.24
  /// Half the height of digits and capitals, in ems: lowers a baseline to centre text on a place.
  static let halfHeight = 0.36
  /// From baseline to baseline, in ems.
  static let lineHeight = 1.3

  /// Pixels that a line of text takes from left to right.
  static func width(of string: String, size: Double, isBold: Bool = false) -> Double {
    let thousandths = string.unicodeScalars.reduce(0) { $0 + advance(of: $1, isBold: isBold) }
    return Double(thousandths) / 1000 * size
  }

  /// Splits a text at spaces into lines no wider than `width`, where words allow it.
  static func wrapped(
    _ string: String, to width: Double, size: Double, isBold: Bool = false
  ) -> [String] {
    var lines: [String] = []
    for word in string.split(separator: " ") {
      let longer = (lines.last.map { $0 + " " } ?? "") + word
      if !lines.isEmpty, self.width(of: longer, size: size, isBold: isBold) <= width {
        lines[lines.count - 1] = longer
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  /// Thousandths of an em; never less than the font's.
  static func advance(of scalar: Unicode.Scalar, isBold: Bool) -> Int {
    switch scalar.value {
    case 0x20...0x7e: (isBold ? bold : regular)[Int(scalar.value) - 0x20]
    case 0x2009, 0x202f: 200
    case 0xb2, 0xb3, 0xb9, 0x2070...0x207b: 528
    case 0x391...0x3c9: isBold ? 1000 : 870
    case 0..<0x2000: 1180
    // − √ ∞ ∫ ≈ ≤ ≥
    case 0x2212, 0x221a, 0x221e, 0x222b, 0x2248, 0x2264, 0x2265: 838
    default: 1450
    }
  }

  // From the space to the tilde.
  private static let regular = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
    575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685,
    611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
  ]

  private static let bold = [
    348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, 696, 696, 696,
    696, 696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683,
    683, 821, 837, 372, 372, 775, 637, 995, 837, 850, 733, 850, 770, 720, 682, 812, 774, 1103, 771,
    724, 725, 457, 365, 457, 838, 500, 500, 675, 716, 593, 716, 678, 435, 716, 712, 343, 343, 665,
    343, 1042, 712, 687, 716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712, 365, 712, 838,
  ]
}

extension Scene.Text {
  /// The characters to draw, each in one piece: Apple's file systems keep `ㄱㅏㅇ` for `강`.
  var letters: [Unicode.Scalar] {
    Array(string.precomposedStringWithCanonicalMapping.unicodeScalars)
  }

  /// Room that the text takes before it is turned.
  package var levelBox: Box {
    let width = FontMetrics.width(of: string, size: size, isBold: isBold)
    let left =
      switch anchor {
      case .start: origin.x
      case .middle: origin.x - width / 2
      case .end: origin.x - width
      }
    return Box(
      minX: left, minY: origin.y - FontMetrics.ascent * size,
      maxX: left + width, maxY: origin.y + FontMetrics.descent * size)
  }

  /// The corners of the room it takes, turned.
  package var corners: [Point] {
    let (sine, cosine) = (sin(degrees * .pi / 180), cos(degrees * .pi / 180))
    return levelBox.corners.map { corner in
      let (dx, dy) = (corner.x - origin.x, corner.y - origin.y)
      return Point(origin.x + dx * cosine - dy * sine, origin.y + dx * sine + dy * cosine)
    }
  }
}
