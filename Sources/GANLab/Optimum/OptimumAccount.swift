import Foundation
import GANPlots
import GANTensor

extension OptimumExperiment {
  package func account(of results: Results) -> Account {
    var table = MarkdownTable(
      "p", "q", "JSD", "V(D*)", "V(D*) - V(D)", "sup of |D - D*|", "95 % of |D - D*|",
      "seconds a seed")
    for result in results {
      let runs = result.runs
      table.add(
        "`\(result.data)`", "`\(result.generator)`", fixed(result.jensenShannon, 6),
        fixed(result.optimalValue, 6), Spread(runs.map(\.gap)).words(6),
        result.region == nil
          ? "" : Spread(runs.compactMap(\.supremum)).words(4),
        Spread(runs.map(\.percentile95)).words(4),
        fixed(runs.map(\.elapsedSeconds).max() ?? 0, 0))
    }
    return Account(
      title: "How near to p / (p + q) does a discriminator come?",
      text: """
        The generator stands still: its distribution q is known, as the data's p is. Only the \
        discriminator learns, and no sample is ever seen twice, so what it lacks at the end is \
        what its network cannot express or has not learnt, not what it has seen too little of.

        \(table.text)

        Values in nats, over \(words(seeds)).

        **How obtained.** V(D) = E_p log D + E_q log(1 - D) is integrated by quadrature over the \
        known densities, on points adapted to them, with D the trained network: nothing is sampled. \
        (`sampled` in the report is the same from \(sampleCount) fresh samples of each kind.) \
        The best value is -log 4 + 2 JSD(p, q) on the same points, where no D can exceed it. The \
        supremum is over 2001 evenly spaced places of the interval that holds all of \
        m = (p + q) / 2 but \(significant(ExactOptimum.outside, 1)) of its mass; in the plane the \
        number given is what |D - D*| stays below on 95 % of m's mass.

        \(describe(results))
        """,
      pictures: results.enumerated().flatMap { number, result in
        let name = results.count == 1 ? "optimum" : "optimum-\(number + 1)"
        return [Account.Picture(name, figure(of: result))]
      })
  }

  private func words(_ seeds: [UInt64]) -> String {
    seeds.count == 1
      ? "seed \(seeds[0])"
      : "seeds \(seeds.map(String.init).joined(separator: ", ")): mean \u{b1} standard error"
  }

  /// The networks that learnt, and how.
  private func describe(_ results: Results) -> String {
    var lines: [String] = []
    for (training, place, isUsed) in [
      (line, "On the line", results.contains { $0.region != nil }),
      (plane, "In the plane", results.contains { $0.region == nil }),
    ] where isUsed {
      let widths = training.hidden.map(String.init).joined(separator: " and ")
      lines.append(
        "\(place): hidden layers of \(widths) with \(training.activation.rawValue), \(training.steps) updates by Adam on "
          + "\(training.batchSize) new samples of each kind, step size from "
          + "\(significant(training.learningRate)) along a line to 0: the last updates average "
          + "over many batches, and what noise they leave shrinks with them.")
    }
    return lines.joined(separator: "\n\n")
  }

  private func figure(of result: PairResult) -> Figure {
    let fit = result.exact.square.map { planePlots(result, over: $0) } ?? [linePlot(result)]
    return Figure(
      "D against p / (p + q)",
      caption: "p = \(result.data), q = \(result.generator); D of seed \(seeds[0])",
      plots: fit + [gapPlot(result)], columns: result.exact.square == nil ? 1 : 3,
      width: result.exact.square == nil ? 720 : 1180,
      rowHeight: result.exact.square == nil ? 340 : 400)
  }

  private func linePlot(_ result: PairResult) -> Plot {
    let exact = result.exact
    let x = exact.places.map(\.x)
    return Plot(
      x: Axis("x"), y: Axis("probability of being real", range: 0...1),
      layers: [
        .line(Line("p / (p + q)", x: x, y: exact.optimal)),
        .line(Line("D, trained", x: x, y: result.runs[0].discriminator, dash: .dashed)),
      ])
  }

  private func planePlots(_ result: PairResult, over square: PlaneField) -> [Plot] {
    [("p / (p + q)", result.exact.optimal), ("D, trained", result.runs[0].discriminator)].map {
      Plot(
        $0, x: Axis("x"), y: Axis("y"), hasEqualUnits: true,
        layers: [.heatMap(square.heatMap($1, range: 0...1, map: .diverging))])
    }
  }

  private func gapPlot(_ result: PairResult) -> Plot {
    Plot(
      x: Axis("updates", scale: .log10), y: Axis("V(D*) - V(D), nats", scale: .log10),
      layers: result.runs.map {
        .line(Line("seed \($0.seed)", x: $0.steps.map(Double.init), y: $0.gaps))
      } + [.rule(Rule("0.01", y: 0.01))])
  }
}
