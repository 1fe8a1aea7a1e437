import ArgumentParser
import Foundation
import GANFormats
import GANPage
import GANPlots
import GANTraining

/// `gan runs compare`.
struct RunsCompare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Put runs side by side: what differs, what came of it, and their curves.")

  @Argument(
    help: ArgumentHelp("Runs, or folders of runs; all in --runs-dir by default.", valueName: "run"),
    completion: .directory)
  var runs: [String] = []

  @OptionGroup var choice: RunChoice

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Also draw losses, scores and metrics over the epochs, as .png or .svg.", valueName: "path"),
    completion: .file(extensions: ["png", "svg"]))
  var output: String?

  @Flag(help: "Print one JSON document.")
  var json = false

  func validate() throws {
    guard
      output.map({ ["png", "svg"].contains(($0 as NSString).pathExtension.lowercased()) }) ?? true
    else { throw ValidationError("--output must end in .png or .svg") }
  }

  func run() throws {
    let entries = try choice.entries(runs)
    guard !entries.isEmpty else { throw CommandError(.missing, "there are no such runs") }
    let table = RunTable(entries)
    if json {
      print(try readableJSON(entries), terminator: "")
    } else {
      print(table.comparison(columns: Terminal.output.size.columns).joined(separator: "\n"))
      if let warning = table.warning { Console.writeToStandardError(warning) }
    }
    guard let output else { return }
    guard let figure = table.figure else {
      throw CommandError(.missing, "these runs have no statistics yet: nothing to draw")
    }
    try figure.write(to: output)
    Console.writeToStandardError("plot: \(output)")
  }
}

extension Figure {
  /// Writes it as its file's ending says: `.svg`, or pixels.
  ///
  /// - Throws: `PlotError` where the machine has no font; `FormatError` of kind `unwritable`.
  func write(to path: String) throws {
    if (path as NSString).pathExtension.lowercased() == "svg" {
      try AtomicFile.write([UInt8](svg().utf8), to: path)
    } else {
      try PNG.writeOverview(picture(), to: path)
    }
  }
}

extension RunTable {
  /// Curves over the epochs, a line for each run; nil before any of them has reported.
  fileprivate var figure: Figure? {
    let sources = entries.map { entry in
      var history = StatisticsHistory()
      history.read(entry.folder.statistics)
      let words = differences.prefix(3).compactMap { $0.text(entry) }
      return RunCurves.Source(
        name: ([label(entry)] + words).joined(separator: " "), options: entry.options,
        history: history, changes: entry.changes)
    }
    let curves = RunCurves(sources, CurveRequest())
    var plots: [Plot] = []
    for id in ["losses", "scores"] {
      let panel = sources.lazy.flatMap { CurvePanel.all(of: $0.history, $0.options) }
        .first { $0.id == id }
      plots += panel.map(curves.titledPlots) ?? []
    }
    for metric in Set(entries.map(\.options.evaluation.metric.rawValue)).sorted() {
      plots += curves.plot(ofMetric: metric).map { [$0.plot] } ?? []
    }
    guard !plots.isEmpty else { return nil }
    for index in plots.indices { plots[index].legend = .none }
    return Figure(
      "\(entries.count) runs", caption: "means over the steps of a report", plots: plots,
      columns: 2, hasSharedLegend: true, width: 960, rowHeight: 300)
  }
}
