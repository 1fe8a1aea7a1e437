extension Figure {
  /// Paper around everything, in pixels.
  private static let margin = 14.0
  /// Between plots, in pixels.
  private static let gutter = 22.0

  /// Lays all plots out.
  package func scene() -> Scene { layout().scene }

  /// Lays all plots out.
  ///
  /// - Returns: What to draw, and each plot in its place.
  func layout() -> (scene: Scene, panels: [Panel]) {
    let inner = width - 2 * Self.margin
    var elements: [Scene.Element] = []
    var top = Self.margin
    func write(_ string: String, size: Double, ink: Ink, isBold: Bool) {
      for line in FontMetrics.wrapped(string, to: inner, size: size, isBold: isBold) {
        let origin = Point(Self.margin, top + FontMetrics.ascent * size)
        elements.append(
          .text(Scene.Text(string: line, origin: origin, size: size, ink: ink, isBold: isBold)))
        top += FontMetrics.lineHeight * size
      }
    }
    write(title, size: Measure.figureTitle, ink: .text, isBold: true)
    write(caption, size: Measure.caption, ink: .muted, isBold: false)
    if hasSharedLegend {
      top += Measure.gap
      let legend = Legend.rows(sharedEntries, at: Point(Self.margin, top), width: inner)
      elements += legend.elements
      top += legend.height
    }
    if !elements.isEmpty { top += Self.margin }

    var panels: [Panel] = []
    for first in stride(from: 0, to: plots.count, by: columns) {
      let row = row(Array(plots[first..<min(first + columns, plots.count)]), below: top)
      elements += row.elements
      panels += row.panels
      top = row.bottom + Self.gutter
    }
    let height = (top - Self.gutter + Self.margin).rounded(.up)
    let paper = Box(minX: 0, minY: 0, maxX: width, maxY: height)
    let scene = Scene(
      width: width, height: height, title: spokenTitle, description: spokenText,
      elements: [.rectangle(paper, Scene.Fill(ink: .background))] + elements)
    return (scene, panels)
  }

  /// Draws plots side by side; all leave the same room for titles.
  private func row(
    _ plots: [Plot], below top: Double
  ) -> (elements: [Scene.Element], bottom: Double, panels: [Panel]) {
    let boxes = plots.indices.map { box(inColumn: $0, below: top) }
    let headers = zip(plots, boxes).map { Panel($0, in: $1).headerHeight }
    let panels = zip(plots, boxes).map { plot, box in
      Panel.elements(
        of: plot, in: box, headerHeight: headers.max() ?? 0, hasOwnLegend: !hasSharedLegend)
    }
    return (
      panels.flatMap(\.elements), panels.map(\.bottom).max() ?? top, panels.map(\.panel)
    )
  }

  private func box(inColumn column: Int, below top: Double) -> Box {
    let inner = width - 2 * Self.margin
    let plotWidth = (inner - Double(columns - 1) * Self.gutter) / Double(columns)
    let left = Self.margin + Double(column) * (plotWidth + Self.gutter)
    return Box(
      minX: left, minY: top, maxX: left + plotWidth, maxY: top + rowHeight - 2 * Self.margin)
  }

  /// The names of all layers of all plots, each once.
  private var sharedEntries: [Legend.Entry] {
    var names: Set<String> = []
    return plots.flatMap { Panel($0, in: box(inColumn: 0, below: 0)).legendEntries }
      .filter { names.insert($0.name).inserted }
  }

  private var spokenTitle: String {
    let titles = title.isEmpty ? plots.map(\.title).filter { !$0.isEmpty } : [title]
    return titles.isEmpty ? "Plot" : titles.joined(separator: "; ")
  }

  /// The captions, and for each plot its axes and the names of what is drawn.
  private var spokenText: String {
    let texts = plots.flatMap { plot -> [String] in
      let names = plot.layers.compactMap(\.spokenName).filter { !$0.isEmpty }
      let axes = [plot.y.label, plot.x.label].filter { !$0.isEmpty }.joined(separator: " against ")
      return [plot.caption, axes, names.joined(separator: ", ")]
    }
    return ([caption] + texts).filter { !$0.isEmpty }.joined(separator: ". ")
  }
}

extension PlotLayer {
  fileprivate var spokenName: String? {
    switch self {
    case .line(let line): line.name
    case .points(let points): points.name
    case .heatMap(let map): map.label
    case .bars(let bars): bars.name
    case .histogram(let histogram): histogram.name
    case .rule(let rule): rule.label
    }
  }
}
