import Foundation
import GANTestSupport

@testable import GANPlots

/// Plots with whatever a caller may draw, bad values and awkward words among it.
enum RandomPlot {
  static func figure(seed: UInt64) -> Figure {
    var random = SplitMix(seed: seed)
    let columns = Int.random(in: 1...2, using: &random)
    let plots = (0..<Int.random(in: 1...3, using: &random)).map { _ in plot(&random) }
    return Figure(
      random.oneIn(2) ? words(&random) : "", caption: random.oneIn(2) ? words(&random) : "",
      plots: plots, columns: columns, hasSharedLegend: random.oneIn(4),
      width: Double(columns) * Double.random(in: 320...720, using: &random),
      rowHeight: Double.random(in: 260...520, using: &random))
  }

  private static func plot(_ random: inout SplitMix) -> Plot {
    let categories =
      random.oneIn(4) ? (0..<Int.random(in: 1...9, using: &random)).map { _ in name(&random) } : []
    var plot = Plot(
      random.oneIn(3) ? "" : words(&random), caption: random.oneIn(2) ? "" : words(&random),
      x: axis(&random), y: axis(&random), hasEqualUnits: random.oneIn(5),
      legend: random.choice([.automatic, .automatic, .outside, .none]), layers: [])
    if !categories.isEmpty {
      plot.x = Axis(name(&random), categories: categories)
      plot.hasEqualUnits = false
    }
    let size = pow(10, Double.random(in: -9...9, using: &random))
    for _ in 0..<Int.random(in: 0...5, using: &random) {
      plot.layers.append(layer(&random, categories.count, size))
    }
    return plot
  }

  private static func axis(_ random: inout SplitMix) -> Axis {
    let lower = Double.random(in: -2...2, using: &random)
    return Axis(
      random.oneIn(4) ? "" : name(&random), scale: random.oneIn(3) ? .log10 : .linear,
      range: random.oneIn(5) ? lower...lower + Double.random(in: 0...3, using: &random) : nil)
  }

  private static func layer(
    _ random: inout SplitMix, _ categoryCount: Int, _ size: Double
  ) -> PlotLayer {
    let name = random.oneIn(4) ? "" : name(&random)
    let count = random.choice([0, 1, 5, 40, 3000])
    let x = (0..<count).map { Double($0) / 10 }
    let y = values(count, size, &random)
    switch Int.random(in: 0..<7, using: &random) {
    case 0, 1:
      let band = Line.Band(lower: y.map { $0 - size / 5 }, upper: y.map { $0 + size / 5 })
      return .line(Line(name, x: x, y: y, band: random.oneIn(2) ? band : nil))
    case 2: return .points(Points(name, x: values(count, 3, &random), y: y))
    case 3:
      return .heatMap(
        HeatMap(x: -1...2, y: 0...3, columns: 7, values: values(42, size, &random), label: name))
    case 4:
      return .bars(Bars(name, values: values(max(categoryCount, 3), size, &random)))
    case 5:
      return .histogram(
        Histogram(name, edges: (0...20).map { Double($0) / 8 }, values: values(20, size, &random)))
    default:
      let value = Double.random(in: -size...size, using: &random)
      return .rule(random.oneIn(2) ? Rule(name, x: value) : Rule(name, y: value))
    }
  }

  private static func values(_ count: Int, _ size: Double, _ random: inout SplitMix) -> [Double] {
    (0..<count).map { _ in
      random.oneIn(20)
        ? random.choice([.nan, .infinity, -.infinity, 0])
        : Double.random(in: -size...size, using: &random)
    }
  }

  private static func name(_ random: inout SplitMix) -> String {
    random.choice([
      "D(x) < ½ & \"real\"", "λ = 10⁻³", "step", "Wasserstein with penalty", "μ ± σ, 5 seeds",
      "nats", "−log 4", "generated", "</text>", "a\u{1}b",
    ])
  }

  private static func words(_ random: inout SplitMix) -> String {
    (0..<Int.random(in: 1...5, using: &random)).map { _ in name(&random) }.joined(separator: " ")
  }
}
