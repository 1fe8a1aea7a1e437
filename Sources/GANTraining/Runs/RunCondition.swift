/// A condition on runs, such as `objective=hinge` or `frechet-distance<20`.
package struct RunCondition: Sendable {
  /// As it was written.
  package let text: String
  private let name: String
  private let comparison: Comparison
  private let value: String

  private enum Comparison: String, CaseIterable {
    case atMost = "<="
    case atLeast = ">="
    case unequal = "!="
    case less = "<"
    case greater = ">"
    case equal = "="
  }

  /// Reads a condition; nil for text that is none.
  package init?(_ text: String) {
    let found = Comparison.allCases.compactMap { comparison in
      text.firstRange(of: comparison.rawValue).map { (comparison, $0) }
    }
    // The first sign there is, and of two that begin at one place the longer.
    guard
      let (comparison, range) = found.min(by: {
        $0.1.lowerBound == $1.1.lowerBound
          ? $0.0.rawValue.count > $1.0.rawValue.count : $0.1.lowerBound < $1.1.lowerBound
      }), range.lowerBound > text.startIndex
    else { return nil }
    self.text = text
    self.comparison = comparison
    name = String(text[..<range.lowerBound])
    value = String(text[range.upperBound...])
  }

  /// The runs that it holds for: numbers are compared as numbers; a run without a value has none that is
  /// less or greater.
  ///
  /// - Throws: `OptionsError.unknown` where nothing has that name.
  package func filter(_ entries: [RunEntry]) throws(OptionsError) -> [RunEntry] {
    let column = try RunColumn.named(name, among: entries, from: .flag("--where \(text)"))
    return entries.filter { entry in
      let (text, number) = (column.text(entry), column.number(entry))
      let order: Int? =
        if let number, let wanted = Double(value) {
          number < wanted ? -1 : number > wanted ? 1 : 0
        } else {
          text.map { $0 < value ? -1 : $0 > value ? 1 : 0 }
        }
      return switch comparison {
      case .equal: order == 0
      case .unequal: order != 0
      case .less: order == -1
      case .greater: order == 1
      case .atMost: order == -1 || order == 0
      case .atLeast: order == 1 || order == 0
      }
    }
  }
}
