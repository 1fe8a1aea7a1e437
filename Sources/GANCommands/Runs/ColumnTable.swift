import Foundation

/// Cells in columns, for a terminal.
///
/// What is wider than it goes on below, each part with the first column again.
struct ColumnTable {
  /// The headings of the columns.
  let headings: [String]
  /// Rows of as many cells.
  let rows: [[String]]
  /// Columns whose cells stand at the right.
  var numbers: Set<Int> = []

  /// Columns of a terminal that a cell takes at most.
  private static let widest = 30

  /// Its lines, none longer than `columns` where the first column and any other one fit.
  func lines(columns: Int) -> [String] {
    let cells = ([headings] + rows).map { $0.map { Self.cut($0) } }
    let widths = headings.indices.map { column in cells.map { $0[column].columnCount }.max() ?? 0 }
    var parts: [[Int]] = []
    var room = 0
    for column in headings.indices.dropFirst() {
      let width = widths[column] + 2
      if parts.isEmpty || width > room {
        parts.append([0])
        room = columns - widths[0]
      }
      parts[parts.count - 1].append(column)
      room -= width
    }
    if parts.isEmpty { parts = headings.isEmpty ? [] : [[0]] }
    return Array(
      parts.map { part in
        cells.map { row in
          let texts = part.map { column in
            numbers.contains(column)
              ? String(repeating: " ", count: widths[column] - row[column].columnCount)
                + row[column]
              : row[column].padded(to: widths[column])
          }
          return texts.joined(separator: "  ").trimmingSpaces
        }
      }.joined(separator: [""]))
  }

  private static func cut(_ text: String) -> String {
    let text = text.onOneLine
    guard text.columnCount > widest else { return text }
    return text.prefix(widest - 1) + "…"
  }
}

extension String {
  /// The text without spaces at its end.
  fileprivate var trimmingSpaces: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}

/// A number with as many digits as are worth reading beside others; `-` for none.
func cell(_ value: Double?) -> String {
  guard let value, value.isFinite else { return "-" }
  return value == value.rounded() && abs(value) < 1e6
    ? "\(Int(value))"
    : abs(value) < 1e-3 || abs(value) >= 1e5
      ? String(format: "%.2e", value)
      : String(format: abs(value) < 10 ? "%.4f" : "%.2f", value)
}
