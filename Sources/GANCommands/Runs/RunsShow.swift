import ArgumentParser
import GANTraining

/// `gan runs show`.
struct RunsShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Say how a run went, and every evaluation of it.")

  @Argument(
    help: ArgumentHelp("A run's folder, or its number in --runs-dir.", valueName: "run"),
    completion: .directory)
  var path: String

  @OptionGroup var names: RunNames

  @Flag(help: "Print one JSON document.")
  var json = false

  /// A run with its evaluations, as `--json` shows it.
  private struct Shown: Encodable {
    let run: RunSummary
    let evaluations: [RecordedJudgement]
  }

  func run() throws {
    for folder in try names.folders([path]) {
      let summary = try RunSummary(of: folder)
      let judgements = try folder.judgements()
      guard !json else {
        print(try readableJSON(Shown(run: summary, evaluations: judgements)), terminator: "")
        continue
      }
      let columns = Terminal.output.size.columns
      print(try summary.text(isWhole: false, columns: columns, restart: summary.restart))
      guard !judgements.isEmpty else { continue }
      print("\n" + Self.table(judgements).lines(columns: columns).joined(separator: "\n"))
    }
  }

  private static func table(_ judgements: [RecordedJudgement]) -> ColumnTable {
    let names = Set(judgements.flatMap(\.metrics.keys)).sorted()
    let floors = names.map { name in cell(judgements.last?.metrics[name]?.floor) }
    return ColumnTable(
      headings: ["epoch"] + names,
      rows: judgements.map { judgement in
        ["\(judgement.epoch)"] + names.map { cell(judgement.metrics[$0]?.value) }
      } + [["real"] + floors],
      numbers: Set(0...names.count))
  }
}
