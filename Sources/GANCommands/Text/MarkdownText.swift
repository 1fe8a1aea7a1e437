import Foundation

extension String {
  /// Our own Markdown as a terminal shows it: paragraphs broken into lines, tables in columns, without
  /// marks for bold letters and code.
  func withoutMarkdown(columns: Int) -> String {
    components(separatedBy: "\n\n").map { block in
      let lines = block.split(separator: "\n").map(String.init)
      guard lines.allSatisfy({ $0.hasPrefix("|") }) else {
        return block.replacing("\n", with: " ").plain.broken(atMost: columns).joined(
          separator: "\n")
      }
      return Self.table(lines.map(\.cells))
    }.joined(separator: "\n\n")
  }

  /// A row for each line, the first of names, the second of dashes that give way to a line.
  private static func table(_ rows: [[String]]) -> String {
    let shown = rows.enumerated().filter { $0.offset != 1 }.map(\.element)
    let widths = (shown.first ?? []).indices.map { column in
      shown.map { $0.indices.contains(column) ? $0[column].columnCount : 0 }.max() ?? 0
    }
    return shown.map { row in
      let line = zip(row, widths).map { $0.padded(to: $1) }.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }

  /// The cells of a line of a table; a bar in a cell is written with a stroke before it.
  private var cells: [String] {
    let bar = "\u{0}"
    return dropFirst().dropLast().replacing("\\|", with: bar)
      .split(separator: "|", omittingEmptySubsequences: false)
      .map { cell in
        let words = cell.split(separator: " ").joined(separator: " ")
        return words.replacing(bar, with: "|").plain
      }
  }

  /// The text without marks for bold letters and code.
  private var plain: String { replacing("**", with: "").replacing("`", with: "") }
}
