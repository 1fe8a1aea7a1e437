import Foundation
import GANData
import GANNetworks
import GANPlots
import GANStatistics
import GANTensor
import GANTraining

extension ModesExperiment {
  package func account(of results: Results) -> Account {
    let game = games[0]
    return Account(
      title: "Which modes does the generator reach?",
      text: """
        \(table(results).text)

        Ours: `\(game.world.specification)`, \(words(ofSeeds: seeds)); mean and standard error over seeds. \
        Published rows are the papers' own numbers, with their networks and budgets.

        **How obtained.** The data are \(game.options.datasetCount) points drawn once a seed. After \
        \(game.options.totalSteps) steps of \(game.options.batchSize) points (\(costs(results))) \
        the generator makes \(sampleCount) points. One has high quality if it lies within three \
        standard deviations of a mode, and a mode is covered by one such point. The reverse KL is \
        that of the shares of the high-quality points to equal shares. A perfect generator has \
        98.9 % of high quality in the plane and, at this number of points, a reverse KL of \
        \(floorWords(results)). Networks, both players: hidden layers \
        \(game.options.generator.hidden) and \(game.options.discriminator.hidden).

        \(diverged(results))
        """,
      pictures: (scatter(results).map { [Account.Picture("points", $0)] } ?? [])
        + [Account.Picture("curves", curves(results))])
  }

  private func table(_ results: Results) -> MarkdownTable {
    let count = results.games.first?.runs.compactMap(\.final).first?.modeCount ?? 0
    var table = MarkdownTable(
      "method", "modes of \(count)", "high quality, %", "reverse KL, nats", "source")
    for result in results.games {
      table.add(
        result.label, result.modes?.words(2) ?? "diverged",
        result.highQuality.map { Spread($0.values.map { 100 * $0 }).words(1) } ?? "",
        result.reverseKL?.words(3) ?? "", "ours, \(counted(result.runs.count, "seed"))")
    }
    for row in PublishedModes.rows(of: games[0].world.specification) {
      table.add(row.method, row.modes, row.highQuality, row.reverseKL, row.source)
    }
    return table
  }

  private func costs(_ results: Results) -> String {
    results.games.map { result in
      let seconds = result.runs.map(\.elapsedSeconds).max() ?? 0
      return "\(result.label): \(significant(Double(result.multiplyAddsPerStep) / 1e6)) million "
        + "multiply-adds a step, at most \(fixed(seconds, 0)) s a seed"
    }.joined(separator: "; ")
  }

  private func floorWords(_ results: Results) -> String {
    let floor = results.games.lazy.flatMap(\.runs).compactMap(\.final).first?
      .reverseKLToUniform.noiseFloor
    return significant(floor?.mean ?? .nan, 2)
  }

  private func diverged(_ results: Results) -> String {
    let lost = results.games.flatMap { result in
      result.runs.filter { !$0.stayedFinite }.map { "\(result.label), seed \($0.seed)" }
    }
    return lost.isEmpty
      ? "" : "Not finite to the end, and so in no mean: \(lost.joined(separator: "; "))."
  }

  private func scatter(_ results: Results) -> Figure? {
    let square = Self.square(around: games[0])
    let centres = games[0].mixture.modes.map(\.centre)
    let plots = results.games.compactMap { result -> Plot? in
      guard let picture = result.runs.first?.picture else { return nil }
      let field = picture.field.map { field in
        let reach = max(field.map(abs).max() ?? 1, 1e-6)
        return PlotLayer.heatMap(
          square.heatMap(
            field, "discriminator's logit", range: -reach...reach, map: .diverging, opacity: 0.6))
      }
      return Plot(
        result.label, x: Axis("x", range: square.x), y: Axis("y", range: square.y),
        hasEqualUnits: true, legend: .none,
        layers: (field.map { [$0] } ?? []) + [
          .points(
            Points(
              "modes of the data", x: centres.map(\.x), y: centres.map(\.y), radius: 6,
              opacity: 0.35, series: 2)),
          .points(
            Points(
              "generated", x: picture.samples.map(\.x), y: picture.samples.map(\.y), radius: 1,
              opacity: 0.5, series: 0)),
        ])
    }
    guard !plots.isEmpty else { return nil }
    let columns = min(plots.count, 3)
    return Figure(
      "What the generator makes, over the discriminator's field",
      caption: "seed \(seeds[0]), \(sampleCount) points; large dots: modes of the data",
      plots: plots, columns: columns, width: 120 + 480 * Double(columns), rowHeight: 480)
  }

  private func curves(_ results: Results) -> Figure {
    func plot(_ axis: Axis, _ value: (Reading) -> Double?) -> Plot {
      Plot(
        x: Axis("step"), y: axis,
        layers: results.games.map { result in
          .line(Line(result.label, runs: result.runs.map { $0.curve.map { ($0.step, value($0)) } }))
        })
    }
    return Figure(
      "While it learns",
      caption: words(ofSeeds: seeds)
        + (seeds.count > 1 ? "; mean, and from the least to the greatest" : ""),
      plots: [
        plot(Axis("modes covered")) { Double($0.modes) },
        plot(Axis("high quality, %", range: 0...100)) { 100 * $0.highQuality },
      ], columns: 2, hasSharedLegend: true, width: 960, rowHeight: 340)
  }
}
