package import GANLearning
import GANPlots

extension RunHistory {
  /// The curves of a run: both losses over its steps, and both scores where they are probabilities.
  ///
  /// - Parameters:
  ///   - options: The run's, which name it.
  ///   - changes: Those of its hyperparameters, which are marked.
  func curves(of options: TrainingOptions, _ changes: [HyperparameterChange]) -> Figure {
    let points = self.points
    let steps = points.map { Double($0.step) }
    func line(_ name: String, _ value: (Point) -> Double, _ series: Int) -> PlotLayer {
      .line(Line(name, x: steps, y: points.map(value), series: series))
    }
    let changed = Set(changes.map(\.step)).sorted()
    let marks = changed.map { step in
      PlotLayer.rule(Rule(step == changed.first ? "changed" : "", x: Double(step)))
    }
    let losses = Plot(
      "Losses", x: Axis("step"), y: Axis("loss"),
      layers: [
        line("discriminator", \.discriminatorLoss, 0), line("generator", \.generatorLoss, 1),
      ] + marks)
    let scores = Plot(
      "Scores",
      caption: "D(x) of real items, D(G(z)) of generated ones; where both are 0.5 the "
        + "discriminator cannot tell them apart",
      x: Axis("step"), y: Axis("probability of being real", range: 0...1),
      layers: [
        line("D(x)", \.realScore, 0), line("D(G(z))", \.fakeScore, 1), .rule(Rule(y: 0.5)),
      ] + marks)
    return Figure(
      "\(options.dataset), \(options.recipe), seed \(options.seed)",
      caption: "Means over the steps from one report to the next",
      plots: [losses] + (options.objective.givesProbabilities ? [scores] : []), rowHeight: 300)
  }
}

extension Objective {
  /// True if a sigmoid of the logits is a probability of being real; a critic's values have no scale.
  package var givesProbabilities: Bool { self != .wasserstein }
}
