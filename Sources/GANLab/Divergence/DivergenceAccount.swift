import Foundation
import GANData
import GANPlots
import GANStatistics
import GANTensor

extension DivergenceExperiment {
  package func account(of results: Results) -> Account {
    var table = MarkdownTable("quantity", "nats", "bits", "error, nats")
    for (name, value, error) in [
      ("KL(P \u{2016} Q)", results.klForward.value, results.errors[0]),
      ("KL(Q \u{2016} P)", results.klBackward.value, results.errors[1]),
      ("JSD(P, Q)", results.jensenShannon, results.errors[2]),
      ("V(D*) = -log 4 + 2 JSD", results.optimalValue, 2 * results.errors[2]),
    ] {
      table.add(name, fixed(value, 7), fixed(value / log(2), 7), significant(error, 1))
    }
    let method =
      results.method == "sum"
      ? "Sums over the outcomes, exact but for rounding."
      : "Integrals by adaptive quadrature of the densities; the error is what the last refinement "
        + "still changed, far above the true one. Nothing is sampled."
    return Account(
      title: "How far are P and Q apart?",
      text: """
        P = `\(first.specification)`, Q = `\(second.specification)`.

        \(table.text)

        \(method) A divergence is infinite where the second distribution never does what the \
        first one does. JSD lies between 0 and log 2 = \(fixed(log(2), 4)) nats = 1 bit.
        """,
      pictures: [Account.Picture("divergence", figure(of: results))])
  }

  private func figure(of results: Results) -> Figure {
    let caption = "P = \(first.specification), Q = \(second.specification)"
    switch (first.value, second.value) {
    case (.density(let p), .density(let q)) where p.dimension == 2:
      return Figure(
        "Two densities and the best discriminator between them", caption: caption,
        plots: planePlots(p, q), columns: 3, width: 1080, rowHeight: 400)
    default:
      return Figure(
        "Two distributions, and what each place adds to their divergences", caption: caption,
        plots: results.method == "sum" ? outcomePlots(results) : linePlots(results))
    }
  }

  private func outcomePlots(_ results: Results) -> [Plot] {
    let names = results.places.map { String(Int($0) + 1) }
    let terms = results.terms
    return [
      Plot(
        x: Axis("outcome", categories: names), y: Axis("probability"),
        layers: [.bars(Bars("P", values: results.p)), .bars(Bars("Q", values: results.q))]),
      Plot(
        x: Axis("outcome", categories: names), y: Axis("term, nats"),
        layers: [
          .bars(Bars("KL(P\u{2016}Q)", values: terms.klForward.map(\.value))),
          .bars(Bars("KL(Q\u{2016}P)", values: terms.klBackward.map(\.value))),
          .bars(Bars("JSD", values: terms.jensenShannon)),
        ]),
    ]
  }

  private func linePlots(_ results: Results) -> [Plot] {
    let (x, terms) = (results.places, results.terms)
    return [
      Plot(
        x: Axis("x"), y: Axis("density"),
        layers: [
          .line(Line("P", x: x, y: results.p)), .line(Line("Q", x: x, y: results.q)),
        ]),
      Plot(
        x: Axis("x"), y: Axis("integrand, nats"),
        layers: [
          .line(Line("KL(P\u{2016}Q)", x: x, y: terms.klForward.map(\.value))),
          .line(Line("KL(Q\u{2016}P)", x: x, y: terms.klBackward.map(\.value))),
          .line(Line("JSD", x: x, y: terms.jensenShannon)), .rule(Rule(y: 0, dash: .dotted)),
        ]),
    ]
  }

  private func planePlots(_ p: Mixture, _ q: Mixture) -> [Plot] {
    let field = PlaneField(around: [p, q], deviations: 3)
    func plot(_ title: String, _ map: HeatMap) -> Plot {
      Plot(title, x: Axis("x"), y: Axis("y"), hasEqualUnits: true, layers: [.heatMap(map)])
    }
    return [
      plot("P", field.map { exp(p.logDensity(at: $0)) }),
      plot("Q", field.map { exp(q.logDensity(at: $0)) }),
      plot(
        "D* = P / (P + Q)",
        field.map(range: 0...1, map: .diverging) {
          optimalDiscriminator(of: p, against: q, at: $0)
        }),
    ]
  }
}
