import Foundation
import GANTestSupport

@testable import GANPlots

/// Figures of every kind that the plots can draw.
enum Gallery {
  static let figures: [(name: String, figure: Figure)] = [
    ("curves", Figure(curves)),
    ("slopes", Figure(slopes, width: 640, height: 400)),
    ("bands", Figure(bands, width: 640, height: 380)),
    ("ring", Figure(ring(pointCount: 2500), width: 560, height: 480)),
    ("cloud", Figure(cloud, width: 600, height: 460)),
    ("density", Figure(density, width: 620, height: 480)),
    ("proportions", Figure(proportions, width: 700, height: 400)),
    ("names", Figure(longNames, width: 700, height: 420)),
    ("histogram", Figure(histogram, width: 640, height: 380)),
    ("gaps", Figure(gaps, width: 640, height: 360)),
    (
      "nothing",
      Figure(
        Plot("A run that has not begun", x: Axis("step"), y: Axis("loss"), layers: []), width: 480,
        height: 300)
    ),
    ("panels", panels),
  ]

  static let steps = (0...300).map { Double($0) }

  static var curves: Plot {
    var random = SplitMix(seed: 1)
    let x = (0...600).map { Double($0) * 200 }
    func noisy(_ value: (Double) -> Double, _ size: Double) -> [Double] {
      x.map { value($0) + Double.random(in: -size...size, using: &random) }
    }
    let falling = noisy({ 0.69 * exp(-$0 / 40_000) + 0.02 }, 0.02)
    let rising = noisy({ -1.386 + 1.3 * exp(-$0 / 50_000) }, 0.03)
    return Plot(
      "The value falls to −log 4 while the generator learns",
      caption: "Discriminator held near its optimum; 512 samples a batch, seed 0.",
      x: Axis("step"), y: Axis("nats"),
      layers: [
        .line(Line("JSD(data, generator), exact", x: x, y: falling)),
        .line(Line("value of the game", x: x, y: rising)),
        .rule(Rule("−log 4", y: -log(4))),
        .rule(Rule("noise floor", y: 0.004, dash: .dotted)),
      ])
  }

  static var slopes: Plot {
    let p = (0...240).map { pow(10, -6 + Double($0) / 40) }
    return Plot(
      "Early on the saturating loss hardly pushes",
      caption: "Slope of the generator's loss with respect to the logit of D(G(z)).",
      x: Axis("D(G(z))", scale: .log10), y: Axis("|slope|", scale: .log10),
      layers: [
        .line(Line("log(1 − D), saturating", x: p, y: p)),
        .line(Line("−log D, non-saturating", x: p, y: p.map { 1 - $0 })),
      ])
  }

  static var bands: Plot {
    let names = [
      "non-saturating", "saturating", "least squares", "hinge", "Wasserstein, penalty",
      "relativistic",
    ]
    return Plot(
      "Six objectives, the same budget", caption: "Mean ± one deviation over 10 seeds.",
      x: Axis("thousand images shown"), y: Axis("modes covered of 25", range: 0...26),
      layers: names.enumerated().map { index, name in
        let speed = 20 + Double(index) * 18
        let mean = steps.map { (25 - Double(index) * 2.5) * (1 - exp(-$0 / speed)) }
        let spread = steps.map { 0.3 + 1.2 * exp(-$0 / 90) }
        return .line(
          Line(
            name, x: steps, y: mean,
            band: .init(
              lower: zip(mean, spread).map { $0 - $1 }, upper: zip(mean, spread).map { $0 + $1 })))
      } + [.rule(Rule("all 25", y: 25))])
  }

  static func normal(_ random: inout SplitMix) -> Double {
    let radius = (-2 * log(Double.random(in: 1e-12...1, using: &random))).squareRoot()
    return radius * cos(Double.random(in: 0..<2 * .pi, using: &random))
  }

  static func ringSamples(_ count: Int, deviation: Double, seed: UInt64) -> (
    x: [Double], y: [Double]
  ) {
    var random = SplitMix(seed: seed)
    var (x, y): ([Double], [Double]) = ([], [])
    for index in 0..<count {
      let angle = Double(index % 8) / 8 * 2 * .pi
      x.append(2 * cos(angle) + deviation * normal(&random))
      y.append(2 * sin(angle) + deviation * normal(&random))
    }
    return (x, y)
  }

  static func ring(
    pointCount: Int, title: String = "The modes of a ring, and the discriminator's opinion"
  ) -> Plot {
    let cells = 90
    let values = (0..<cells * cells).map { cell -> Double in
      let x = -3 + 6 * (Double(cell % cells) + 0.5) / Double(cells)
      let y = -3 + 6 * (Double(cell / cells) + 0.5) / Double(cells)
      let radius = (x * x + y * y).squareRoot()
      return 1 / (1 + exp((radius - 2) * (radius - 2) * 6 - 1.5 + 0.4 * x))
    }
    let real = ringSamples(pointCount / 4, deviation: 0.02, seed: 3)
    let generated = ringSamples(pointCount, deviation: 0.09, seed: 4)
    return Plot(
      title, caption: "Ring of 8, radius 2; 2,500 generated samples after 20,000 steps.",
      x: Axis("x₁"), y: Axis("x₂"), hasEqualUnits: true,
      layers: [
        .heatMap(
          HeatMap(
            x: -3...3, y: -3...3, columns: cells, values: values, label: "D(x)", range: 0...1,
            map: .diverging, opacity: 0.6)),
        .points(Points("generated", x: generated.x, y: generated.y, series: 5)),
        .points(Points("real", x: real.x, y: real.y, radius: 1.2, opacity: 1, series: 3)),
      ])
  }

  static var cloud: Plot {
    var random = SplitMix(seed: 9)
    let x = (0..<10_000).map { _ in normal(&random) }
    let y = x.map { 0.6 * $0 + 0.8 * normal(&random) }
    let other = ringSamples(400, deviation: 0.2, seed: 8)
    return Plot(
      "Ten thousand samples", x: Axis("first coordinate"), y: Axis("second coordinate"),
      layers: [
        .points(Points("correlated Gaussian", x: x, y: y)),
        .points(Points("ring", x: other.x, y: other.y)),
      ])
  }

  static var density: Plot {
    let cells = 120
    let values = (0..<cells * cells).map { cell -> Double in
      let x = -4 + 8 * (Double(cell % cells) + 0.5) / Double(cells)
      let y = -4 + 8 * (Double(cell / cells) + 0.5) / Double(cells)
      if x > 3 && y > 3 { return .nan }
      return (0..<8).reduce(0) { sum, mode in
        let angle = Double(mode) / 8 * 2 * .pi
        let (dx, dy) = (x - 2.5 * cos(angle), y - 2.5 * sin(angle))
        return sum + exp(-(dx * dx + dy * dy) / 0.32) / 8 / (0.32 * .pi)
      }
    }
    return Plot(
      "The density of ring-8",
      caption: "Radius 2.5, deviation 0.4; the upper right corner is not a number.",
      x: Axis("x"), y: Axis("y"), hasEqualUnits: true,
      layers: [
        .heatMap(HeatMap(x: -4...4, y: -4...4, columns: cells, values: values, label: "density"))
      ])
  }

  static var proportions: Plot {
    let weights = [0.70, 0.20, 0.07, 0.03]
    return Plot(
      "Rare kinds are lost first",
      caption: "Share of samples nearest to each component; 95% intervals over 10 seeds.",
      x: Axis("component", categories: ["blond", "brown", "red", "glasses"]),
      y: Axis("share of samples"),
      layers: [
        .bars(Bars("data", values: weights, series: 5)),
        .bars(
          Bars(
            "non-saturating", values: [0.78, 0.18, 0.035, 0.005],
            intervals: [0.70...0.86, 0.12...0.24, 0.01...0.06, 0...0.012], series: 0)),
        .bars(
          Bars(
            "Wasserstein with gradient penalty", values: [0.71, 0.195, 0.068, 0.027],
            intervals: [0.69...0.73, 0.18...0.21, 0.06...0.076, 0.02...0.034], series: 1)),
      ])
  }

  static var longNames: Plot {
    let names = [
      "non-saturating", "saturating", "least squares", "hinge", "Wasserstein with gradient penalty",
      "relativistic average", "non-saturating with R1", "packed, two at once",
      "spectral normalisation",
    ]
    return Plot(
      "High-quality samples by objective", x: Axis(categories: names),
      y: Axis("share of high quality"),
      layers: [
        .bars(
          Bars(
            "", values: names.indices.map { 0.5 + 0.05 * Double($0) },
            intervals: names.indices.map { 0.45 + 0.05 * Double($0)...0.55 + 0.05 * Double($0) })),
        .rule(Rule("target 90%", y: 0.9)),
      ])
  }

  static var histogram: Plot {
    var random = SplitMix(seed: 12)
    let edges = (0...48).map { -4 + Double($0) / 6 }
    var counts = [Double](repeating: 0, count: 48)
    for _ in 0..<4000 {
      let cell = Int(((normal(&random) * 0.8 + 1) + 4) * 6)
      if counts.indices.contains(cell) { counts[cell] += 6.0 / 4000 }
    }
    let x = (0...400).map { -4 + Double($0) / 50 }
    func bell(_ mean: Double, _ deviation: Double) -> [Double] {
      x.map {
        exp(-($0 - mean) * ($0 - mean) / 2 / deviation / deviation) / deviation
          / (2 * .pi).squareRoot()
      }
    }
    return Plot(
      "Generated samples against both densities", x: Axis("x"), y: Axis("density"),
      layers: [
        .histogram(Histogram("4,000 samples", edges: edges, values: counts)),
        .line(Line("N(0, 1)", x: x, y: bell(0, 1))),
        .line(Line("N(1, 0.8²)", x: x, y: bell(1, 0.8))),
        .rule(Rule("mean", x: 1, dash: .dotted)),
      ])
  }

  static var gaps: Plot {
    let y = steps.map { step in
      (100...140).contains(step) ? Double.nan : step == 200 ? .infinity : 1e-7 * sin(step / 30)
    }
    return Plot(
      "Gaps stay gaps", caption: "Not a number from 100 to 140, infinite at 200.",
      x: Axis("step"), y: Axis("difference"),
      layers: [
        .line(Line("measured", x: steps, y: y)),
        .points(
          Points(
            "published", x: [50, 150, 250], y: [5e-8, -8e-8, 7e-8],
            intervals: [3e-8...7e-8, -9e-8 ... -7e-8, 6.5e-8...7.5e-8], series: 1)),
      ])
  }

  static var panels: Figure {
    let rings = [("Step 0", 300), ("Step 5,000", 600), ("Step 20,000", 800)].map { title, count in
      var plot = ring(pointCount: count, title: title)
      plot.caption = ""
      return plot
    }
    var curve = curves
    var slope = slopes
    var histogram = histogram
    curve.caption = ""
    slope.caption = ""
    histogram.caption = ""
    return Figure(
      "Panels in two rows", caption: "Each drawn by itself, in columns of the same width.",
      plots: rings + [curve, slope, histogram], columns: 3, hasSharedLegend: true, width: 1100,
      rowHeight: 320)
  }
}
