import ArgumentParser
import Foundation
import GANFormats
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
    let figure = try table.figure
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
  /// Curves over the epochs, a line for each run.
  ///
  /// - Throws: `FormatError`; `TrainingError.foreign` where statistics are damaged.
  fileprivate var figure: Figure {
    get throws {
      let histories = try entries.map { entry in
        (entry, RunHistory(try entry.folder.statisticsLines()).points)
      }
      let readings: [(String, (RunHistory.Point) -> Double)] = [
        ("discriminator's loss", \.discriminatorLoss), ("generator's loss", \.generatorLoss),
        ("D(x)", \.realScore), ("D(G(z))", \.fakeScore),
      ]
      var plots = readings.map { name, value in
        plot(name) { entry in
          let points = histories.first { $0.0.folder == entry.folder }?.1 ?? []
          return points.map {
            (Double($0.step) / Double(entry.options.stepsPerEpoch), value($0))
          }
        }
      }
      let judged = try entries.map { ($0, try $0.folder.judgements()) }
      for metric in Set(entries.map(\.options.evaluation.metric.rawValue)).sorted()
      where judged.contains(where: { !$0.1.isEmpty }) {
        plots.append(
          plot(metric) { entry in
            let own = judged.first { $0.0.folder == entry.folder }?.1 ?? []
            return own.map { (Double($0.epoch), $0.metrics[metric]?.value ?? .nan) }
          })
      }
      return Figure(
        "\(entries.count) runs", caption: "means over the steps of a report", plots: plots,
        columns: 2, hasSharedLegend: true, width: 960, rowHeight: 300)
    }
  }

  private func plot(_ name: String, _ points: (RunEntry) -> [(Double, Double)]) -> Plot {
    Plot(
      name, x: Axis("epoch"), y: Axis(name), legend: .none,
      layers: entries.map { entry in
        let points = points(entry)
        let words = differences.prefix(3).compactMap { $0.text(entry) }
        return .line(
          Line(
            ([label(entry)] + words).joined(separator: " "), x: points.map(\.0),
            y: points.map(\.1)))
      })
  }
}
