package import GANPlots
package import GANTraining

/// Draws curves of one run or of several.
package struct RunCurves: Sendable {
  /// A run with what it wrote.
  package struct Source: Sendable {
    /// The name in a legend.
    package let name: String
    package let options: TrainingOptions
    package let history: StatisticsHistory
    /// The changes of its hyperparameters.
    package let changes: [HyperparameterChange]

    /// Names a run.
    package init(
      name: String, options: TrainingOptions, history: StatisticsHistory,
      changes: [HyperparameterChange]
    ) {
      (self.name, self.options, self.history, self.changes) = (name, options, history, changes)
    }
  }

  private let sources: [Source]
  private let request: CurveRequest

  /// Draws these runs, in this order.
  package init(_ sources: [Source], _ request: CurveRequest) {
    (self.sources, self.request) = (sources, request)
  }

  /// A drawn line, for a cross-hair.
  package struct Series: Codable, Sendable {
    /// As in the legend.
    package let name: String
    /// The number of its colour.
    package let colour: Int
    /// At most 600 points, or as many as there are.
    package let x, y: [Double?]
  }

  /// A panel: of one run all its readings in one plot, of several runs a plot for each reading.
  ///
  /// - Returns: Plots with the lines in them; none where no run has such readings.
  package func plots(of panel: CurvePanel) -> [(plot: Plot, series: [Series])] {
    let readings = panel.readings.filter { reading in
      sources.contains { $0.history.columns[reading] != nil }
    }
    guard !readings.isEmpty else { return [] }
    guard sources.count > 1 else {
      let lines = readings.enumerated().map { index, reading in
        line(CurvePanel.words(reading), curve(of: sources[0], reading), index)
      }
      return [plot(panel, title: "", readings, lines)]
    }
    return readings.map { reading in
      plot(panel, title: CurvePanel.words(reading), [reading], lines(of: reading))
    }
  }

  /// The plots of a panel as they are among others: each says in its title what it is of.
  package func titledPlots(of panel: CurvePanel) -> [Plot] {
    plots(of: panel).map { drawn in
      var plot = drawn.plot
      plot.title = [panel.title, plot.title].filter { !$0.isEmpty }.joined(separator: ": ")
      return plot
    }
  }

  /// A metric over the judgements of every run, with what real images get.
  package func plot(ofMetric name: String) -> (plot: Plot, series: [Series])? {
    let judged = sources.filter { source in
      source.history.judgements.contains { $0.metrics[name] != nil }
    }
    guard !judged.isEmpty else { return nil }
    let lines = judged.enumerated().map { index, source in
      let judgements = source.history.judgements
      return line(
        sources.count > 1 ? source.name : name,
        Curve(
          x: judgements.map { abscissa(step: $0.step, of: source) },
          y: judgements.map { $0.metrics[name]?.value ?? .nan }), index)
    }
    let floor = judged[0].history.judgements.last?.metrics[name]?.floor
    var drawn = plot(
      CurvePanel(id: name, title: name, label: name, readings: []), title: name, [], lines)
    if let floor, floor.isFinite { drawn.plot.layers.append(.rule(Rule("real images", y: floor))) }
    return drawn
  }

  // MARK: Lines

  private func lines(of reading: String) -> [(layers: [PlotLayer], series: Series)] {
    guard request.joinsSeeds else {
      return sources.enumerated().map { index, source in
        marked(line(source.name, curve(of: source, reading), index), source)
      }
    }
    var groups: [(options: TrainingOptions, changes: [HyperparameterChange], members: [Source])] =
      []
    for source in sources {
      var options = source.options
      (options.seed, options.threads) = (0, 1)
      if let index = groups.firstIndex(where: {
        $0.options == options && $0.changes == source.changes
      }) {
        groups[index].members.append(source)
      } else {
        groups.append((options, source.changes, [source]))
      }
    }
    return groups.enumerated().map { index, group in
      let curves = group.members.map { curve(of: $0, reading) }
      let first = group.members[0]
      guard curves.count > 1 else { return marked(line(first.name, curves[0], index), first) }
      let (mean, deviation) = Curve.mean(of: curves)
      let band = Line.Band(
        lower: zip(mean.y, deviation).map { $0 - $1 }, upper: zip(mean.y, deviation).map { $0 + $1 }
      )
      let name = "\(first.name) and \(curves.count - 1) more seeds"
      return marked(line(name, mean, index, band: band), first)
    }
  }

  /// A run's line among others, with dots where its hyperparameters were changed.
  private func marked(
    _ line: (layers: [PlotLayer], series: Series), _ source: Source
  ) -> (layers: [PlotLayer], series: Series) {
    guard case .line(let drawn) = line.layers.first else { return line }
    let places = changedSteps(of: source).compactMap { step in
      let x = abscissa(step: step, of: source)
      return drawn.x.firstIndex { $0 >= x }
    }
    guard !places.isEmpty else { return line }
    let dots = Points(
      x: places.map { drawn.x[$0] }, y: places.map { drawn.y[$0] }, radius: 5,
      series: drawn.series)
    return (line.layers + [.points(dots)], line.series)
  }

  /// The steps from which on hyperparameters were other ones, the last of them.
  private func changedSteps(of source: Source) -> [Int] {
    Array(Set(source.changes.map(\.step)).sorted().suffix(20))
  }

  private func line(
    _ name: String, _ curve: Curve, _ colour: Int, band: Line.Band? = nil
  ) -> (layers: [PlotLayer], series: Series) {
    let thin = curve.thinned(to: 600)
    return (
      [.line(Line(name, x: curve.x, y: curve.y, band: band, series: colour))],
      Series(
        name: name, colour: colour % Ink.seriesCount, x: thin.x.map { $0.isFinite ? $0 : nil },
        y: thin.y.map { $0.isFinite ? $0 : nil })
    )
  }

  private func curve(of source: Source, _ reading: String) -> Curve {
    let history = source.history
    let x = zip(history.steps, zip(history.images, history.seconds)).map { step, rest in
      switch request.abscissa {
      case .step: Double(step)
      case .images: Double(rest.0)
      case .epoch: Double(step) / Double(source.options.stepsPerEpoch)
      case .seconds: rest.1
      }
    }
    return Curve(x: x, y: history.columns[reading] ?? x.map { _ in .nan })
      .smoothed(by: request.smoothing)
  }

  private func abscissa(step: Int, of source: Source) -> Double {
    switch request.abscissa {
    case .step: return Double(step)
    case .epoch: return Double(step) / Double(source.options.stepsPerEpoch)
    case .images, .seconds:
      let history = source.history
      guard let line = history.steps.lastIndex(where: { $0 <= step }) else { return 0 }
      return request.abscissa == .images ? Double(history.images[line]) : history.seconds[line]
    }
  }

  // MARK: Plots

  private func plot(
    _ panel: CurvePanel, title: String, _ readings: [String],
    _ lines: [(layers: [PlotLayer], series: Series)]
  ) -> (plot: Plot, series: [Series]) {
    let isProbability = panel.id == "scores"
    let range: ClosedRange<Double>? = isProbability && !request.hasLogarithmicValues ? 0...1 : nil
    let plot = Plot(
      title, caption: caption(readings, lines),
      x: Axis(
        request.abscissa.label, scale: request.hasLogarithmicAbscissa ? .log10 : .linear),
      y: Axis(panel.label, scale: request.hasLogarithmicValues ? .log10 : .linear, range: range),
      layers: lines.flatMap(\.layers) + rules(readings)
        + (isProbability ? [.rule(Rule(y: 0.5))] : []))
    return (plot, lines.map(\.series))
  }

  /// Where another process went on, where hyperparameters were changed, and where a reading is first not finite: of one run alone.
  private func rules(_ readings: [String]) -> [PlotLayer] {
    guard sources.count == 1, let source = sources.first else { return [] }
    let restarts = source.history.restarts.map { index in
      PlotLayer.rule(
        Rule(
          index == source.history.restarts.first ? "resumed" : "",
          x: abscissa(step: source.history.steps[index], of: source), dash: .dotted))
    }
    let faults = readings.compactMap { source.history.firstNonfinite[$0] }.min().map { step in
      PlotLayer.rule(Rule("not finite", x: abscissa(step: step, of: source), dash: .dashDotted))
    }
    let steps = changedSteps(of: source)
    let changes = steps.map { step in
      PlotLayer.rule(
        Rule(
          step == steps.first ? "changed" : "", x: abscissa(step: step, of: source), dash: .dashed))
    }
    return Array(restarts.suffix(20)) + changes + (faults.map { [$0] } ?? [])
  }

  private func caption(_ readings: [String], _ lines: [(layers: [PlotLayer], series: Series)])
    -> String
  {
    var facts: [String] = []
    if request.smoothing > 0 {
      facts.append("moving average, weight of the past \(request.smoothing)")
    }
    if request.hasLogarithmicValues {
      let hidden = lines.reduce(0) { $0 + $1.series.y.count { $0.map { $0 <= 0 } ?? false } }
      if hidden > 0 { facts.append("values of 0 and below have no place on a logarithmic axis") }
    }
    if lines.contains(where: { $0.layers.count > 1 }) {
      facts.append("dots: hyperparameters changed")
    }
    if request.joinsSeeds { facts.append("bands: a standard deviation over seeds") }
    for source in sources {
      guard let step = readings.compactMap({ source.history.firstNonfinite[$0] }).min() else {
        continue
      }
      facts.append((sources.count > 1 ? "\(source.name): " : "") + "not finite from step \(step)")
    }
    return facts.joined(separator: "; ")
  }
}
