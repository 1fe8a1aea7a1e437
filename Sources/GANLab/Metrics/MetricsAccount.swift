import GANEvaluation
import GANPlots
import GANStatistics
import GANTraining

extension MetricsExperiment {
  package func account(of results: Results) -> Account {
    Account(
      title: "Which metric notices what is wrong?",
      text: """
        Real images of \(dataset) are compared with \(count) others after they were spoiled on \
        purpose. The table says from which level on a metric notices: where its value leaves the \
        range of \(Self.repetitions) untouched sets by more than that range is wide.

        \(noticed(results))

        The values, of untouched images and at the highest level:

        \(values(results))

        **How obtained.** Sets of \(count) images (\u{201c}\(Spoiling.fewer.rawValue)\u{201d} has fewer), \
        the reference another \(count), for copying tests a further \(count) as new images; \
        features \(results.features.name) \(results.features.sha256.prefix(12)); seed \(seed). \
        Classes are dropped from the first on; copies are images of the reference, which a \
        generator would have learnt from. `report.json` has every level.
        """,
      pictures: [
        Account.Picture("metrics-distances", figure(Self.distances, results)),
        Account.Picture("metrics-shares", figure(Self.shares, results)),
      ])
  }

  private static let distances: [Metric] = [.frechetDistance, .kernelDistance, .mind]
  private static let shares: [Metric] = [
    .precision, .recall, .density, .coverage, .clippedDensity, .clippedCoverage,
  ]

  /// A metric's values of untouched sets, without NaN.
  private func untouched(_ metric: Metric, _ results: Results) -> [Double] {
    (results.untouched[metric.rawValue] ?? []).map(\.value).filter(\.isFinite)
  }

  /// Whether a value lies further from the untouched sets than chance would have it.
  static func isNoticed(_ value: Double, beside untouched: [Double]) -> Bool {
    guard let least = untouched.min(), let greatest = untouched.max() else { return false }
    guard value.isFinite else { return false }
    let width = greatest - least
    return value > greatest + width || value < least - width
  }

  // MARK: Tables

  private func noticed(_ results: Results) -> String {
    var table = MarkdownTable(["metric"] + results.spoilings.map(\.spoiling.rawValue))
    for metric in Self.metrics {
      let usual = untouched(metric, results)
      table.add(
        [metric.rawValue]
          + results.spoilings.map { reaction in
            let values = reaction.values[metric.rawValue] ?? []
            // From the level on from which it always does.
            let quiet = zip(values, reaction.levels).reversed().first {
              !Self.isNoticed($0.0.value, beside: usual)
            }
            let level = reaction.levels.first { level in quiet.map { level > $0.1 } ?? true }
            return level.map(reaction.spoiling.words) ?? "never"
          })
    }
    return table.text
  }

  private func values(_ results: Results) -> String {
    var table = MarkdownTable(
      ["metric", "untouched"]
        + results.spoilings.map {
          "\($0.spoiling.rawValue), \($0.spoiling.words($0.levels.last ?? 0))"
        })
    for metric in Self.metrics {
      let usual = untouched(metric, results)
      let range =
        usual.isEmpty
        ? "none" : "\(significant(usual.min() ?? 0)) to \(significant(usual.max() ?? 0))"
      table.add(
        [metric.rawValue, range]
          + results.spoilings.map { significant($0.values[metric.rawValue]?.last?.value ?? .nan) })
    }
    return table.text
  }

  // MARK: Figures

  /// A plot for each way to spoil: metrics over its levels, level 0 untouched.
  ///
  /// Distances are shown as multiples of what untouched images get, on a logarithmic axis.
  private func figure(_ metrics: [Metric], _ results: Results) -> Figure {
    let areDistances = metrics == Self.distances
    let plots = results.spoilings.map { reaction in
      Plot(
        reaction.spoiling.rawValue, x: Axis(reaction.spoiling.unit),
        y: areDistances
          ? Axis("times untouched", scale: .log10) : Axis("value", range: 0...1.2),
        layers: metrics.enumerated().map { series, metric in
          let usual = untouched(metric, results)
          let mean = usual.reduce(0, +) / Double(max(1, usual.count))
          let values = (reaction.values[metric.rawValue] ?? []).map { value in
            // Unbiased estimates of nothing come out below 0.
            areDistances ? max(value.value, mean / 10) / mean : value.value
          }
          let start: (Double, Double) =
            (reaction.spoiling.startsAtOne ? 1 : 0, areDistances ? 1 : mean)
          return .line(
            Line(
              metric.title, x: [start.0] + reaction.levels.map(Double.init), y: [start.1] + values,
              series: series))
        })
    }
    return Figure(
      areDistances
        ? "Distances to real images, as multiples of what untouched ones get"
        : "Shares and densities of spoiled real images",
      caption: "\(dataset), sets of \(count) images, features \(results.features.name)",
      plots: plots, columns: 3, hasSharedLegend: true, width: 1_080, rowHeight: 300)
  }
}

extension Spoiling {
  /// True where level 1 is what changes nothing.
  fileprivate var startsAtOne: Bool { self == .fewer || self == .duplicates }
}
