import Foundation

extension String {
  /// The text in lines of at most `width` characters, broken at spaces; a longer word stands alone.
  func broken(atMost width: Int) -> [String] {
    Self.lines(of: split(separator: " ").map(String.init), atMost: width)
  }

  /// The text broken behind commas where that will do, so that `3 × 3` and `padding 1` stay whole.
  func brokenAtCommas(atMost width: Int) -> [String] {
    let parts = components(separatedBy: ", ")
    let words = parts.enumerated().flatMap { index, part in
      let text = index < parts.count - 1 ? part + "," : part
      return text.columnCount <= width ? [text] : text.split(separator: " ").map(String.init)
    }
    return Self.lines(of: words, atMost: width)
  }

  private static func lines(of words: [String], atMost width: Int) -> [String] {
    words.reduce(into: []) { lines, word in
      if let last = lines.last, last.columnCount + 1 + word.columnCount <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(word)
      }
    }
  }
}

extension Int {
  /// A number of bytes as `25.1`, in thousands.
  var kilobytes: String {
    let tenths = (self + 50) / 100
    return "\((tenths / 10).grouped).\(tenths % 10)"
  }

  /// `1,234,567`.
  package var grouped: String {
    let digits = Array("\(magnitude)")
    let text = digits.enumerated().map { index, digit in
      index > 0 && (digits.count - index).isMultiple(of: 3) ? ",\(digit)" : "\(digit)"
    }.joined()
    return self < 0 ? "-\(text)" : text
  }
}
