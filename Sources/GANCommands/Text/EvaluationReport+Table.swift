import Foundation
import GANEvaluation
import GANPlots
import GANStatistics
import GANTraining

extension EvaluationReport {
  /// The metrics of several sources, unless others are asked for.
  static let headline: [Metric] = [
    .frechetDistance, .kernelDistance, .precision, .recall, .clippedDensity, .clippedCoverage,
    .classifierScore,
  ]

  /// The name of one source over a table with a row for each metric, or a table with a row for each of several
  /// sources; and what it was made with.
  ///
  /// - Parameter columns: The greatest width.
  func table(columns: Int) -> String {
    let lines =
      results.count == 1
      ? [results[0].label] + TextTable(rows(of: results[0])).lines
      : TextTable(severalRows(columns: columns)).lines
    return (lines + [""] + notes).joined(separator: "\n")
  }

  // MARK: One source

  private func rows(of result: EvaluationReport.Result) -> [[String]] {
    [["metric", "value", "low", "high", "real images"]]
      + result.metrics.map { metric, value in
        [metric.rawValue] + [value.value, value.low, value.high, value.floor].map(\.words)
      }
  }

  // MARK: Several

  /// As many metrics as fit, with the intervals of all of them where there is room for that.
  private func severalRows(columns: Int) -> [[String]] {
    var metrics = results.first?.metrics.map(\.metric) ?? []
    let whole = rows(of: metrics, hasIntervals: true)
    if TextTable(whole).width <= columns { return whole }
    while metrics.count > 1, TextTable(rows(of: metrics, hasIntervals: false)).width > columns {
      metrics.removeLast()
    }
    return rows(of: metrics, hasIntervals: false)
  }

  private func rows(of metrics: [Metric], hasIntervals: Bool) -> [[String]] {
    let hasCounts = Set(results.map(\.count)).count > 1
    func row(_ name: String, _ count: String, _ cells: [String]) -> [String] {
      [name] + (hasCounts ? [count] : []) + cells
    }
    let values = results.map { result in
      row(
        result.label, "\(result.count)",
        metrics.map { metric in
          let value = result.metrics.first { $0.metric == metric }?.value
          guard hasIntervals, let low = value?.low, let high = value?.high else {
            return (value?.value).words
          }
          return "\((value?.value).words) (\(low.words) to \(high.words))"
        })
    }
    let floors = metrics.map { metric in
      (results.first?.metrics.first { $0.metric == metric }?.value.floor).words
    }
    // Floors are of one count.
    let real = hasCounts ? [] : [row("real images", "", floors)]
    return [row("run", "count", metrics.map(\.rawValue))] + values + real
  }

  // MARK: What it was made with

  private var notes: [String] {
    let counts = Set(results.map(\.count)).sorted()
    let sets = Set(results.map(\.sets)).sorted()
    var lines = [
      "features: \(features.name), SHA-256 \(features.sha256)"
        + (reference.testAccuracy.map {
          String(format: "; right on %.2f %% of test images", 100 * $0)
        } ?? ""),
      "reference: \(reference.count) images of \(reference.name); real images: as many others of them",
      "count: \(counts.map(String.init).joined(separator: ", ")) images in each of "
        + "\(sets.map(String.init).joined(separator: ", ")) sets, seed "
        + "\(results.first?.seed ?? 0)",
    ]
    if counts.count > 1 {
      lines.append("counts differ: values of different counts cannot be compared")
    }
    return lines
  }

  // MARK: Plot

  /// The values over the epochs of runs; nil where there are none.
  var figure: Figure? {
    let points = results.filter { $0.epoch != nil }
    guard let metrics = points.first?.metrics.map(\.metric) else { return nil }
    let plots = metrics.map { plot(of: $0, points) }
    return Figure(
      "Against real images of \(reference.name)",
      caption: "\(features.name), \(reference.count) images; shades are 95 % "
        + "intervals over the sets, dashed lines real images",
      plots: plots, columns: min(2, plots.count), hasSharedLegend: plots.count > 1,
      width: plots.count > 1 ? 960 : 720, rowHeight: 300)
  }

  private func plot(of metric: Metric, _ points: [Result]) -> Plot {
    var sources: [String] = []
    for point in points where !sources.contains(point.name) { sources.append(point.name) }
    let lines = sources.map { source -> PlotLayer in
      let own = points.filter { $0.name == source }.sorted { ($0.step ?? 0) < ($1.step ?? 0) }
      func column(_ value: (Value) -> Double?) -> [Double] {
        own.map { point in
          point.metrics.first { $0.metric == metric }.flatMap { value($0.value) } ?? .nan
        }
      }
      let hasBand = own.contains { $0.sets > 1 }
      return .line(
        Line(
          source, x: own.map { Double($0.epoch ?? 0) }, y: column(\.value),
          band: hasBand
            ? Line.Band(lower: column(\.low), upper: column(\.high)) : nil))
    }
    let floor = points.first?.metrics.first { $0.metric == metric }?.value.floor
    return Plot(
      metric.title, x: Axis("epoch"), y: Axis(""),
      layers: lines + (floor.map { [.rule(Rule("real images", y: $0))] } ?? []))
  }
}

extension EvaluationReport.Result {
  /// Its path, and the length of an average made after training.
  fileprivate var name: String { source + (averageLength.map { ", average \($0)" } ?? "") }

  /// Its name, and the epoch of a checkpoint.
  fileprivate var label: String { name + (epoch.map { ", epoch \($0)" } ?? "") }
}

extension Double {
  /// Four digits.
  fileprivate var words: String {
    abs(self) >= 1_000 ? String(format: "%.0f", self) : String(format: "%.4g", self)
  }
}

extension Double? {
  /// Four digits; a dash for none.
  fileprivate var words: String { map(\.words) ?? "-" }
}

/// Rows of cells in columns: the first to the left, the others to the right.
struct TextTable {
  private let rows: [[String]]
  private let widths: [Int]

  /// Takes rows with the same number of cells.
  init(_ rows: [[String]]) {
    self.rows = rows
    widths = (rows.first ?? []).indices.map { column in
      rows.map { $0[column].count }.max() ?? 0
    }
  }

  /// The length of a line.
  var width: Int { widths.reduce(0, +) + 2 * max(widths.count - 1, 0) }

  /// The rows as text.
  var lines: [String] {
    rows.map { row in
      row.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + space : space + cell
      }.joined(separator: "  ")
    }
  }
}
