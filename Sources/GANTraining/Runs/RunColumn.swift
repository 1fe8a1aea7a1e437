/// Something that runs can be sorted, filtered and compared by: an option, a result, a fact.
package struct RunColumn: Sendable {
  /// Its path or name.
  package let name: String
  /// Its heading: a shorter name that no other column has.
  package var heading: String
  /// The value as text; nil where a run has none.
  package let text: @Sendable (RunEntry) -> String?
  /// The value as a number; nil where it is none.
  package let number: @Sendable (RunEntry) -> Double?

  /// Facts about every run, by their names.
  package static let facts: [RunColumn] = [
    RunColumn("run", text: { $0.number.map { "\($0)" } ?? $0.name }),
    RunColumn("state", text: { $0.state.rawValue }),
    RunColumn("step", text: { "\($0.step)" }),
    RunColumn("epoch", text: { "\($0.epoch)" }),
    RunColumn("seconds", text: { $0.elapsedSeconds.map { "\($0)" } }),
    RunColumn("bytes", text: { "\($0.byteCount)" }),
    RunColumn("dataset", text: { $0.options.dataset }),
    RunColumn("recipe", text: { $0.options.recipe }),
  ]

  private init(_ name: String, text: @escaping @Sendable (RunEntry) -> String?) {
    (self.name, heading, self.text) = (name, name, text)
    number = { text($0).flatMap { Double($0) } }
  }

  /// The column of an option.
  init(_ key: OptionKey) { self.init(key.path) { key.text(of: $0.options) } }

  /// The column of a result.
  package init(result name: String) {
    (self.name, heading) = (name, name)
    text = { $0[result: name].map { "\($0)" } }
    number = { $0[result: name] }
  }

  /// The column of that name; the last parts of a path will do where no other ends so, and a player's
  /// where both have the same value.
  ///
  /// - Parameter entries: The runs whose results count as names.
  /// - Throws: `OptionsError.unknown`, with the nearest name there is.
  package static func named(
    _ name: String, among entries: [RunEntry], from origin: OptionOrigin
  ) throws(OptionsError) -> RunColumn {
    let results = Set(entries.flatMap { $0.results.map(\.name) }).sorted()
    let all = facts + OptionKey.all.map { RunColumn($0) } + results.map { RunColumn(result: $0) }
    if let column = all.first(where: { $0.name == name }) { return column }
    let ending = all.filter { $0.name.hasSuffix(".\(name)") }
    if let first = ending.first {
      let texts = ending.map { column in entries.map(column.text) }
      if ending.count == 1 || texts.allSatisfy({ $0 == texts[0] }) { return first }
    }
    throw .unknown(
      key: name, nearest: ending.first?.name ?? nearestName(to: name, among: all.map(\.name)),
      origin: origin)
  }

  /// The options in which runs differ, data and recipe among them; what both players have in common is
  /// told once.
  package static func differences(among entries: [RunEntry]) -> [RunColumn] {
    var columns: [RunColumn] = []
    var told: Set<String> = []
    for column in facts.suffix(2) + OptionKey.all.map({ RunColumn($0) }) {
      guard let first = entries.first, !told.contains(column.name) else { continue }
      let texts = entries.map(column.text)
      guard texts.contains(where: { $0 != column.text(first) }) else { continue }
      let applies =
        OptionKey.all.first { $0.path == column.name }?.appliesWhen.map { condition in
          entries.contains { condition.holds($0.options) }
        } ?? true
      guard applies else { continue }
      let other = OptionKey.all.first {
        $0.path == column.name.replacing("generator.", with: "discriminator.")
          && $0.path != column.name
      }
      if let other, entries.map(RunColumn(other).text) == texts { told.insert(other.path) }
      columns.append(column)
    }
    return columns.withShortHeadings(mergingPlayersOf: told)
  }
}

extension [RunColumn] {
  /// Headings of as few last parts of the paths as tell them apart.
  fileprivate func withShortHeadings(mergingPlayersOf told: Set<String>) -> [RunColumn] {
    map { column in
      var column = column
      let parts = column.name.split(separator: ".")
      let isMerged = told.contains(column.name.replacing("generator.", with: "discriminator."))
      for count in 1...Swift.max(parts.count, 1) {
        column.heading = parts.suffix(count).joined(separator: ".")
        let heading = column.heading
        let same = filter { $0.name == heading || $0.name.hasSuffix(".\(heading)") }
        // Of a player alone it is said whose.
        let isWhole =
          isMerged || !parts.dropLast(count).contains { $0 == "generator" || $0 == "discriminator" }
        if same.count == 1, isWhole { break }
      }
      return column
    }
  }
}
