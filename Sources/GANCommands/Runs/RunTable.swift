import Foundation
import GANTraining

/// Runs beside each other: what they are, in what they differ, how they ended.
struct RunTable {
  let entries: [RunEntry]
  /// The options in which they differ.
  let differences: [RunColumn]

  init(_ entries: [RunEntry]) {
    self.entries = entries
    differences = RunColumn.differences(among: entries)
  }

  /// The names of results in tables.
  static let headings = [
    "discriminatorLoss": "d_loss", "generatorLoss": "g_loss", "realScore": "D(x)",
    "fakeScore": "D(G(z))",
  ]

  /// The results that any of them has, in their order.
  var results: [RunColumn] {
    var names: [String] = []
    for entry in entries {
      for result in entry.results where !names.contains(result.name) { names.append(result.name) }
    }
    return names.map { name in
      var column = RunColumn(result: name)
      column.heading = Self.headings[name] ?? name
      return column
    }
  }

  /// A row for each run.
  ///
  /// - Parameter isWhole: True for every result; else losses and scores, and the metric that chooses.
  func lines(columns: Int, isWhole: Bool = false) -> [String] {
    let chosen = Set(entries.map(\.options.evaluation.metric.rawValue))
    let results = results.filter {
      isWhole || Self.headings[$0.name] != nil || chosen.contains($0.name)
    }
    let facts = ["run", "state", "time"]
    let table = ColumnTable(
      headings: facts + differences.map(\.heading) + results.map(\.heading),
      rows: entries.map { entry in
        [label(entry), Self.state(entry), entry.elapsedSeconds.map(durationWords) ?? "-"]
          + differences.map { $0.text(entry) ?? "-" } + results.map { cell($0.number(entry)) }
      },
      numbers: Set(results.indices.map { facts.count + differences.count + $0 }))
    return table.lines(columns: columns)
  }

  /// A column for each run.
  func comparison(columns: Int) -> [String] {
    let headings = [""] + entries.map(label)
    let rows: [[String]] =
      [["state"] + entries.map(Self.state)]
      + [["time"] + entries.map { $0.elapsedSeconds.map(durationWords) ?? "-" }]
      + differences.map { column in [column.heading] + entries.map { column.text($0) ?? "-" } }
      + changedNames.flatMap(changeRows)
      + results.map { column in [column.heading] + entries.map { cell(column.number($0)) } }
    return ColumnTable(headings: headings, rows: rows).lines(columns: columns)
  }

  /// The hyperparameters that were changed while any of them went on.
  private var changedNames: [String] {
    Set(entries.flatMap { $0.changes.map(\.name) }).sorted()
  }

  /// `generator.learningRate changed`, and in each run's column `to 0.001 from step 301`; a row for each
  /// further change.
  private func changeRows(of name: String) -> [[String]] {
    let changes = entries.map { entry in
      entry.changes.filter { $0.name == name }.map { change in
        "to \(change.to.map { "\($0)" } ?? "the options'") from step \(change.step)"
      }
    }
    let heading = name.split(separator: ".").suffix(2).joined(separator: ".") + " changed"
    let rowCount = changes.map(\.count).max() ?? 0
    return (0..<rowCount).map { row -> [String] in
      let (head, none) = row == 0 ? (heading, "-") : ("", "")
      let cells = changes.map { own -> String in row < own.count ? own[row] : none }
      return [head] + cells
    }
  }

  /// A run's number, where it is the only one of that number, or its name.
  func label(_ entry: RunEntry) -> String {
    guard let number = entry.number, entries.count(where: { $0.number == number }) == 1 else {
      return entries.count(where: { $0.name == entry.name }) == 1 ? entry.name : entry.folder.path
    }
    return "\(number)"
  }

  /// `done`, `training 12%`, `stopped 12%`, `failed 12%`.
  static func state(_ entry: RunEntry) -> String {
    let share = "\(Int(100 * entry.share))%"
    return switch entry.state {
    case .finished: "done"
    case .training: "training \(share)"
    case .stopped: "stopped \(share)"
    case .failed: "failed \(share)"
    }
  }

  /// What makes some of their metrics incomparable; nil where nothing does.
  var warning: String? {
    let features = Set(entries.compactMap(\.judgement?.features.sha256))
    let counts = Set(entries.compactMap(\.judgement?.count))
    let data = Set(entries.filter { $0.judgement != nil }.map(\.options.dataset))
    if features.count > 1 || data.count > 1 {
      return "metrics by different features or data cannot be compared"
    }
    return counts.count > 1 ? "metrics of different counts of images cannot be compared" : nil
  }
}
