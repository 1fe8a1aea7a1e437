import ArgumentParser
import GANTraining

/// `gan runs list`.
struct RunsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Show runs in a table: in which options they differ, and how they ended.",
    discussion: """
      Columns are the run's number, its state, the time it took, the options that are not the \
      same in all of the runs, losses and scores of the last report, and of evaluated runs the metric \
      that chooses their best checkpoint, at that checkpoint.
      """)

  @Argument(
    help: ArgumentHelp("Runs, or folders of runs; all in --runs-dir by default.", valueName: "run"),
    completion: .directory)
  var runs: [String] = []

  @OptionGroup var choice: RunChoice

  @Option(
    help: ArgumentHelp(
      "Sort by an option, a result or a fact, such as step, seconds or frechet-distance.",
      valueName: "name"))
  var sort: String?

  @Flag(help: "From the greatest to the least.")
  var descending = false

  @Flag(help: "Every metric, not the one that chooses alone.")
  var all = false

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    var entries = try choice.entries(runs)
    if let sort {
      entries.sort(
        by: try RunColumn.named(sort, among: entries, from: .flag("--sort")),
        descending: descending)
    } else if descending {
      entries.reverse()
    }
    guard !json else { return print(try readableJSON(entries), terminator: "") }
    guard !entries.isEmpty else { return Console.writeToStandardError("no runs") }
    let table = RunTable(entries)
    print(
      table.lines(columns: Terminal.output.size.columns, isWhole: all).joined(separator: "\n"))
    if let warning = table.warning { Console.writeToStandardError(warning) }
  }
}

extension [RunEntry] {
  /// Sorts by a column, as numbers where they are; runs without a value come last.
  mutating func sort(by column: RunColumn, descending: Bool) {
    func isBefore(_ one: RunEntry, _ other: RunEntry) -> Bool? {
      if let a = column.number(one), let b = column.number(other) { return a == b ? nil : a < b }
      switch (column.text(one), column.text(other)) {
      case (let a?, let b?): return a == b ? nil : a < b
      default: return nil
      }
    }
    let (known, unknown) = (filter { column.text($0) != nil }, filter { column.text($0) == nil })
    let sorted = known.enumerated().sorted { one, other in
      guard let before = isBefore(one.element, other.element) else {
        return one.offset < other.offset
      }
      return before != descending
    }
    self = sorted.map(\.element) + unknown
  }
}
