/// Rows under names, as Markdown has them.
struct MarkdownTable {
  private let names: [String]
  private var rows: [[String]] = []

  /// A table without rows.
  init(_ names: String...) { self.init(names) }

  /// A table without rows.
  init(_ names: [String]) { self.names = names }

  /// Adds a row: a cell for each name.
  mutating func add(_ cells: String...) { add(cells) }

  /// Adds a row: a cell for each name.
  mutating func add(_ cells: [String]) {
    precondition(cells.count == names.count, "\(cells.count) cells under \(names.count) names")
    rows.append(cells)
  }

  /// The text, without an end of line.
  var text: String {
    ([names, names.map { _ in "---" }] + rows)
      .map { row in
        "| " + row.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
      }
      .joined(separator: "\n")
  }
}
