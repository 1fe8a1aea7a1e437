import GANNetworks
import GANPlots
import GANStatistics
import GANTraining

extension CompareExperiment {
  package func account(of results: Results) -> Account {
    let options = games[0].options
    var table = MarkdownTable("objective", "JSD at the end, nats", "runs that stayed finite")
    for result in results.games {
      table.add(
        result.label, result.final?.words(4) ?? "none",
        "\(result.runs.count { $0.stayedFinite }) of \(result.runs.count)")
    }
    let floor = results.noiseFloor
    return Account(
      title: "Which objective comes nearest to the data with the same budget?",
      text: """
        The data are `\(games[0].world.specification)`.

        \(table.text)

        Mean and standard error over seeds \(seeds.map(String.init).joined(separator: ", ")).

        **How obtained.** JSD between the data's exact masses and the shares of \(sampleCount) \
        generated points over the cells of a histogram. Points of the data themselves get \
        \(significant(floor.mean ?? .nan)) \u{b1} \(significant(floor.deviation ?? .nan)) \
        (\(floor.draws) draws): nothing below that is a difference. \(options.datasetCount) \
        points of data, \(options.totalSteps) steps of \(options.batchSize), hidden layers \
        \(options.generator.hidden) and \(options.discriminator.hidden); the same for every \
        objective, with step sizes tuned for none.
        """,
      pictures: [Account.Picture("compare", figure(results))])
  }

  private func figure(_ results: Results) -> Figure {
    let floor = results.noiseFloor.mean.map {
      [PlotLayer.rule(Rule("noise floor, \(sampleCount) points", y: $0))]
    }
    return Figure(
      Plot(
        "How far from the data, with the same networks and budget",
        caption:
          "\(games[0].world.specification); means over \(counted(seeds.count, "seed")), from the least "
          + "to the greatest",
        x: Axis("step"), y: Axis("JSD(data, generator), nats", scale: .log10),
        legend: .outside,
        layers: results.games.map { result in
          .line(
            Line(
              result.label,
              runs: result.runs.map { $0.curve.map { ($0.step, $0.jensenShannon) } }))
        } + (floor ?? [])), width: 900, height: 460)
  }
}
