import GANTraining

extension OptionSettings {
  /// Every option as `path = value`, and where the value came from, in columns.
  var table: String { table(of: rows) }

  /// Two tables: the options whose value differs from the other settings', and the rest.
  func tables(comparedWith other: OptionSettings) -> (different: String, same: String) {
    let theirs = Dictionary(uniqueKeysWithValues: other.rows.map { ($0.path, $0.value) })
    return (
      table(of: rows.filter { theirs[$0.path] != $0.value }),
      table(of: rows.filter { theirs[$0.path] == $0.value })
    )
  }

  private func table(of rows: [(path: String, value: String)]) -> String {
    let width = rows.map(\.0.count).max() ?? 0
    let valueWidth = rows.map(\.1.count).filter { $0 < 40 }.max() ?? 0
    return rows.map { path, value in
      path.padded(to: width) + " = " + value.padded(to: valueWidth) + "  \(origin(of: path))"
    }.joined(separator: "\n")
  }
}
