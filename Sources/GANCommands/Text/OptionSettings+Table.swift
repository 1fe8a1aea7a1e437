import GANTraining

extension OptionSettings {
  /// Every option as `path: value`, and where the value came from, in columns: a configuration file.
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
    let width = 1 + (rows.map(\.0.count).max() ?? 0)
    let values = rows.map(\.1.asYAML)
    let valueWidth = values.map(\.count).filter { $0 < 40 }.max() ?? 0
    return zip(rows, values).map { row, value in
      // A comment ends with its line, whatever a name in it contains.
      let words = "\(origin(of: row.path))".replacing(/\R/, with: " ")
      return "\(row.path):".padded(to: width) + " " + value.padded(to: valueWidth) + "  # \(words)"
    }.joined(separator: "\n")
  }
}

extension String {
  /// The text as YAML has a value: in quotes where it would be read as something else.
  fileprivate var asYAML: String {
    let plain =
      /[A-Za-z0-9\/._]([A-Za-z0-9\/._+(),\- ]*[A-Za-z0-9\/._+(),\-])?|\[[A-Za-z0-9._,\-]*\]/
    guard wholeMatch(of: plain) == nil else { return self }
    let escaped = unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case _ where scalar.value < 0x20 || scalar.value == 0x7f:
        "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: String(scalar)
      }
    }
    return "\"\(escaped.joined())\""
  }
}
