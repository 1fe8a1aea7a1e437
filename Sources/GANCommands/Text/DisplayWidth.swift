import Foundation

extension String {
  /// Columns of a terminal that the text takes, without its control characters.
  package var columnCount: Int { reduce(0) { $0 + $1.columnCount } }

  /// The text with spaces behind it, up to so many columns.
  package func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - columnCount))
  }

  /// The text on one line for a terminal: letters in one piece each, as most terminals expect them
  /// (Apple's file systems keep `ㄱㅏㅇ` for `강`), and ends of lines and terminal commands as escapes.
  package var onOneLine: String {
    precomposedStringWithCanonicalMapping.unicodeScalars.map { scalar in
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: scalar.escaped(asASCII: true)
      // Marks that reverse the direction of what follows.
      case .format where Self.directions.contains(scalar.value): scalar.escaped(asASCII: true)
      default: String(scalar)
      }
    }.joined()
  }

  private static let directions: Set<UInt32> = Set(0x202A...0x202E).union(0x2066...0x2069)
}

extension Character {
  /// Columns of a terminal that the character takes: two for those of East Asia and for pictures.
  ///
  /// - Source: Unicode Standard Annex #11, East Asian Width: the ranges that are wide or fullwidth.
  fileprivate var columnCount: Int {
    guard let first = unicodeScalars.first else { return 0 }
    switch first.properties.generalCategory {
    case .control, .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    let isWide = Self.wide.contains { $0.contains(first.value) }
    // A sign that is asked to look like a picture.
    return isWide || unicodeScalars.contains { $0.value == 0xFE0F } ? 2 : 1
  }

  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
    0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
    0x20000...0x3FFFD,
  ]
}
