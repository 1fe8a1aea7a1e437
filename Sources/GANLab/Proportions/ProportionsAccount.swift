import GANData
import GANNetworks
import GANPlots
import GANTensor
import GANTraining

extension ProportionsExperiment {
  package func account(of results: Results) -> Account {
    let options = games[0].options
    return Account(
      title: "Which proportions does the generator learn?",
      text: """
        The data are `\(games[0].world.specification)`: modes that weigh \
        \(results.weights.map { percentage($0, 0) }.joined(separator: ", ")).

        \(table(results))

        Shares of the points of high quality, in percent: the mean over seeds and, in brackets, \
        the least and the greatest. KL is that of the shares to the data's weights, in nats; \
        samples of the data themselves get \
        \(significant(results.games.first?.noiseFloor ?? .nan, 2)).

        **How obtained.** Seeds \(seeds.map(String.init).joined(separator: ", ")); \
        \(options.datasetCount) points of data, \(options.totalSteps) steps of \
        \(options.batchSize), hidden layers \(options.generator.hidden) and \
        \(options.discriminator.hidden), the same networks and budget for every objective; \
        \(sampleCount) generated points. A point has high quality within three standard \
        deviations of the nearest mode. `report.json` has the options and, for every share, the \
        interval of its sampling (Wilson, 95 %).
        """,
      pictures: [Account.Picture("proportions", figure(results))])
  }

  private func table(_ results: Results) -> String {
    let names =
      ["objective"] + results.weights.map { "of \(percentage($0, 0))" } + ["high quality, %", "KL"]
    var table = MarkdownTable(names)
    for result in results.games {
      let shares = result.shares.map { spread in
        fixed(100 * spread.mean, 1)
          + " (\(fixed(100 * spread.range.lowerBound, 1)) to \(fixed(100 * spread.range.upperBound, 1)))"
      }
      let isEmpty = shares.isEmpty
      table.add(
        [result.label] + (isEmpty ? results.weights.map { _ in result.reasonForNone } : shares) + [
          result.highQuality.map { fixed(100 * $0.mean, 1) } ?? "",
          result.reverseKLToWeights.map { significant($0.mean, 2) } ?? "",
        ])
    }
    return table.text
  }

  private func figure(_ results: Results) -> Figure {
    let ours = results.games.filter { !$0.shares.isEmpty }
    let modes = results.weights.enumerated().map { mode, weight in
      PlotLayer.bars(
        Bars(
          "mode of \(percentage(weight, 0))", values: [weight] + ours.map { $0.shares[mode].mean },
          intervals: [weight...weight] + ours.map { $0.shares[mode].range }))
    }
    return Figure(
      Plot(
        "Shares of the modes among generated points",
        caption: "means over \(counted(seeds.count, "seed")), from the least to the greatest",
        x: Axis("", categories: ["data"] + ours.map(\.label)), y: Axis("share", range: 0...1),
        legend: .outside, layers: modes), width: 1000)
  }
}
