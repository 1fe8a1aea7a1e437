import Foundation
import GANPlots
import GANTraining

extension SweepTable {
  /// The measures that say most: of runs that were evaluated metrics, else losses and scores.
  private var telling: [String] {
    let chosen = Set(results.map(\.run.options.evaluation.metric.rawValue)).sorted()
    let metrics = (chosen + ["precision", "recall", "coverage"]).filter(measures.contains)
    var told: [String] = []
    for name in metrics where !told.contains(name) { told.append(name) }
    return told.isEmpty ? measures : told
  }

  /// A row for each group: means, with standard errors where there are several runs.
  ///
  /// - Parameter isWhole: True for every measure.
  func lines(columns: Int, isWhole: Bool) -> [String] {
    let shown = isWhole ? measures : telling
    let headings =
      (labelNames.isEmpty ? ["sweep"] : labelNames) + ["runs"]
      + shown.map { RunTable.headings[$0] ?? $0 }
    let rows = groups.map { group -> [String] in
      let labels = group.labels.map(\.value)
      let count = "\(group.finishedCount)/\(group.results.count)"
      return (labels.isEmpty ? ["all"] : labels) + [count]
        + shown.map { measure in
          group.spread(of: measure).map { spread in
            cell(spread.mean) + (spread.standardError.map { " ± " + cell($0) } ?? "")
          } ?? "-"
        }
    }
    let floors = shown.map { measure -> String in
      let floors = groups.compactMap { $0.floor(of: measure) }
      return floors.first.map { cell($0) } ?? ""
    }
    let real =
      ["real images"]
      + headings.dropFirst().prefix(headings.count - shown.count - 1)
      .map { _ in "" }
    return ColumnTable(
      headings: headings,
      rows: rows + (floors.contains { !$0.isEmpty } ? [real + floors] : [])
    ).lines(columns: columns)
      + ["", "mean ± standard error over the seeds that came to their end"]
  }

  /// A bar for each group and measure, and what real images get.
  func figure(titled title: String) -> Figure {
    let categories = groups.map(\.label)
    let plots = telling.map { measure -> Plot in
      let spreads = groups.map { $0.spread(of: measure) }
      let bars = Bars(
        values: spreads.map { $0?.mean ?? .nan },
        intervals: spreads.map { spread in
          let (mean, error) = (spread?.mean ?? 0, spread?.standardError ?? 0)
          return mean - error...mean + error
        })
      let floor = groups.compactMap { $0.floor(of: measure) }.first
      let name = RunTable.headings[measure] ?? measure
      return Plot(
        name, x: Axis(categories: categories), y: Axis(name), legend: .none,
        layers: [PlotLayer.bars(bars)]
          + (floor.map { [PlotLayer.rule(Rule("real images", y: $0))] } ?? []))
    }
    let blank = Plot("no run has come to its end", layers: [])
    let hasFloors = telling.contains { measure in
      groups.contains { $0.floor(of: measure) != nil }
    }
    return Figure(
      title,
      caption: "means over \(groups.map(\.finishedCount).max() ?? 0) seeds at the end of each run; "
        + "marks are standard errors" + (hasFloors ? ", lines what real images get" : ""),
      plots: plots.isEmpty ? [blank] : plots, columns: min(2, max(plots.count, 1)),
      width: plots.count > 1 ? 960 : 720, rowHeight: 320)
  }
}
