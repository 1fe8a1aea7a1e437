import GANPlots
import GANTraining

extension GradientExperiment {
  package func account(of results: Results) -> Account {
    Account(
      title: "What does the generator get to learn from?",
      text: """
        The generator may minimise log(1 - D(G(z))), the game's own value, or -log D(G(z)). In the \
        discriminator's logit t, D = 1 / (1 + e^-t), their slopes are -D and -(1 - D): where images \
        are easily told from real ones, D is near 0 and the first loss has next to no slope. For \
        one image both gradients point the same way and the second is (1 - D) / D times as long.

        \(measured(results))

        **How obtained.** \(options.datasetCount) images of \(options.dataset), the tutorial's \
        networks, batches of \(options.batchSize), \(options.totalSteps) steps, seed \
        \(options.seed). Before every step, one program computes both gradients at the run's \
        weights and at the latents of the generator's coming update, and changes nothing; their \
        norms are over all of the generator's parameters. The slopes are exact.

        The third picture is another question: two runs from the same start, of which each goes \
        its own way. Their gradients are *not* at the same weights, so a difference there is not \
        the factor above.
        """,
      pictures: [
        Account.Picture("slopes", slopes(results)), Account.Picture("factor", factor(results)),
        Account.Picture("two-runs", twoRuns(results)),
      ])
  }

  private func measured(_ results: Results) -> String {
    var table = MarkdownTable(
      "", "step", "D(G(z))", "norm, log(1 - D)", "norm, -log D", "factor", "cosine")
    func add(_ name: String, _ reading: GradientReading?) {
      guard let reading else { return table.add(name, "never", "", "", "", "", "") }
      table.add(
        name, "\(reading.step)", significant(reading.fakeScore), significant(reading.minimaxNorm),
        significant(reading.nonSaturatingNorm), fixed(reading.factor, 1), fixed(reading.cosine, 3))
    }
    let run = results.nonSaturatingRun
    add("the start", run.first)
    add("first D(G(z)) < \(Self.threshold)", results.firstBelow)
    add("the greatest factor", run.max { $0.factor < $1.factor })
    add("the end", run.last)
    return "Along one run that minimises -log D:\n\n\(table.text)"
  }

  private func slopes(_ results: Results) -> Figure {
    let slopes = results.slopes
    return Figure(
      Plot(
        "How steep both losses are in the discriminator's logit",
        caption: "Exact. D(G(z)) falls to the left: the generator loses.",
        x: Axis("D(G(z))", scale: .log10), y: Axis("|slope|", scale: .log10),
        layers: [
          .line(Line("-log D: 1 - D", x: slopes.score, y: slopes.nonSaturating.map(abs))),
          .line(Line("log(1 - D): D", x: slopes.score, y: slopes.minimax.map(abs))),
        ]))
  }

  private func factor(_ results: Results) -> Figure {
    let run = results.nonSaturatingRun
    let x = run.map { Double($0.step) }
    return Figure(
      "The gradient of -log D is longer than that of log(1 - D) at the same weights and latents",
      caption: "\(options.dataset), tutorial networks, batch \(options.batchSize), seed "
        + "\(options.seed); one run, which minimises -log D",
      plots: [
        Plot(
          x: Axis("step"), y: Axis("times as long", scale: .log10),
          layers: [
            .line(
              Line("(1 - D) / D at the mean D", x: x, y: run.map { 1 / $0.fakeScore - 1 })),
            .line(Line("measured", x: x, y: run.map(\.factor))),
          ]
            + (results.firstBelow.map {
              [.rule(Rule("first D(G(z)) < \(Self.threshold)", x: Double($0.step)))]
            } ?? [])),
        Plot(
          x: Axis("step"), y: Axis("D(G(z))", range: 0...1),
          layers: [
            .line(Line("mean D(G(z))", x: x, y: run.map(\.fakeScore))),
            .rule(Rule("\(Self.threshold)", y: Self.threshold)),
          ]),
      ], rowHeight: 330)
  }

  private func twoRuns(_ results: Results) -> Figure {
    let runs = [
      ("minimises -log D", results.nonSaturatingRun, \GradientReading.nonSaturatingNorm),
      ("minimises log(1 - D)", results.minimaxRun, \GradientReading.minimaxNorm),
    ]
    func plot(
      _ axis: Axis, _ value: (GradientReading, KeyPath<GradientReading, Double>) -> Double
    ) -> Plot {
      Plot(
        x: Axis("step"), y: axis,
        layers: runs.map { name, run, norm in
          .line(Line(name, x: run.map { Double($0.step) }, y: run.map { value($0, norm) }))
        })
    }
    return Figure(
      "Two separate runs from the same start, each with its own loss",
      caption: "Not at the same weights: after the first step each run has its own.",
      plots: [
        plot(Axis("D(G(z))", range: 0...1)) { reading, _ in reading.fakeScore },
        plot(Axis("norm of its gradient", scale: .log10)) { $0[keyPath: $1] },
      ], rowHeight: 330)
  }
}
