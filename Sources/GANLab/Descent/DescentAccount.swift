import Foundation
import GANData
import GANLearning
import GANPlots
import GANStatistics
import GANTensor

extension DescentExperiment {
  package func account(of results: Results) -> Account {
    var table = MarkdownTable(
      "seed", "JSD at first", "JSD at the end", "log 2 + V / 2 at the end", "greatest JSD - bound",
      "from samples at the end")
    for run in results.runs {
      guard let first = run.readings.first, let last = run.readings.last else { continue }
      let lag = run.readings.map { $0.jensenShannon - $0.bound }.max() ?? 0
      table.add(
        "\(run.seed)", significant(first.jensenShannon), significant(last.jensenShannon),
        significant(last.bound), significant(lag), significant(last.estimate ?? .nan))
    }
    let floor = results.noiseFloor
    return Account(
      title: "Does the generator descend the Jensen-Shannon divergence?",
      text: """
        p = `\(data.specification)`. The generator is a mixture of \(componentCount) Gaussians, all \
        as likely, that learns their means and deviations by `\(objective.rawValue)`; so its \
        density q is known exactly, and JSD(p, q) is integrated, not sampled. The discriminator \
        makes \(warmUpSteps) updates before the generator's first and \(discriminatorSteps) for \
        each of them. Against the best discriminator V = -log 4 + 2 JSD, so log 2 + V / 2 says \
        what the discriminator in use has seen of the divergence; it cannot exceed it.

        \(table.text)

        In nats. **How obtained.** \(steps) generator updates of about \(batchSize) new samples of \
        each kind, step sizes falling along lines to 0; JSD and V by quadrature over both densities. \
        The last column is a histogram's estimate from \(sampleCount) samples: of samples of the \
        data themselves it says \(significant(floor.mean ?? .nan)) \u{b1} \
        \(significant(floor.deviation ?? .nan)) (\(floor.draws) draws), its noise floor, below \
        which nothing sampled that way can tell a generator from the data.
        """,
      pictures: [
        Account.Picture("descent", curves(results)),
        Account.Picture("densities", densities(results)),
      ])
  }

  private func curves(_ results: Results) -> Figure {
    let run = results.runs[0]
    let x = run.readings.map { Double($0.step) }
    let exact = Line("JSD(p, q), exact", x: x, y: run.readings.map(\.jensenShannon))
    let floor = results.noiseFloor.mean.map {
      [PlotLayer.rule(Rule("noise floor, \(sampleCount) samples", y: $0))]
    }
    return Figure(
      "The divergence falls while the generator learns from V",
      caption: "p = \(data.specification); \(objective.rawValue), \(discriminatorSteps) "
        + "discriminator updates for each of the generator's",
      plots: [
        Plot(
          "Seed \(run.seed), beside the value function", x: Axis("generator updates"),
          y: Axis("nats"),
          layers: [
            .line(exact), .line(Line("log 2 + V / 2, exact", x: x, y: run.readings.map(\.bound))),
          ]),
        Plot(
          "Seed \(run.seed), beside an estimate", x: Axis("generator updates"),
          y: Axis("nats", scale: .log10),
          layers: [
            .line(exact),
            .points(
              Points(
                "from samples", x: x, y: run.readings.map { $0.estimate ?? .nan }, radius: 2.5)),
          ] + (floor ?? [])),
        Plot(
          "All seeds", x: Axis("generator updates"), y: Axis("JSD(p, q), nats", scale: .log10),
          layers: results.runs.map { run in
            .line(
              Line(
                "seed \(run.seed)", x: run.readings.map { Double($0.step) },
                y: run.readings.map(\.jensenShannon)))
          }),
      ], columns: 3, width: 1320, rowHeight: 380)
  }

  private func densities(_ results: Results) -> Figure {
    let run = results.runs[0]
    let title = "The generator's density, first and last (seed \(run.seed))"
    let named =
      [("p", results.data)] + zip(["q at first", "q at the end"], run.generators).map { ($0, $1) }
    guard results.data.dimension == 1 else {
      let field = PlaneField(around: named.map(\.1), deviations: 2.5)
      return Figure(
        title,
        plots: named.map { name, mixture in
          Plot(
            name, x: Axis("x"), y: Axis("y"), hasEqualUnits: true,
            layers: [.heatMap(field.map { exp(mixture.logDensity(at: $0)) })])
        }, columns: 3, width: 1080, rowHeight: 400)
    }
    let bounds = named.map { $0.1.bounds(deviations: 3) }
    let lower = bounds.map(\.lower.x).min() ?? 0
    let upper = bounds.map(\.upper.x).max() ?? 0
    let x = (0...400).map { lower + (upper - lower) * Double($0) / 400 }
    return Figure(
      Plot(
        title, x: Axis("x"), y: Axis("density"),
        layers: named.map { name, mixture in
          .line(Line(name, x: x, y: x.map { exp(mixture.logDensity(at: SIMD2($0, 0))) }))
        }))
  }
}
