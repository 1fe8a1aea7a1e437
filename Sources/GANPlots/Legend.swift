/// The names of a plot's layers, beside samples of their colours.
struct Legend {
  /// One name.
  struct Entry {
    let name: String
    let sample: Sample
  }

  /// The sample before a name.
  enum Sample {
    case line(Scene.Stroke, hasBand: Bool, hasDots: Bool)
    case dot(Scene.Fill)
    case box(Scene.Fill)
  }

  let entries: [(lines: [String], sample: Sample)]
  /// Pixels that samples take from left to right.
  private let swatch: Double

  /// Room that the legend takes.
  let width: Double
  var height: Double {
    Double(entries.reduce(0) { $0 + $1.lines.count }) * Self.lineHeight
      + Double(max(entries.count - 1, 0)) * Self.entryGap
  }

  private static let lineHeight = Measure.legend * FontMetrics.lineHeight
  private static let entryGap = 3.0
  private static let boxWidth = 14.0

  /// Breaks names into lines, so that the whole is at most `widest` pixels wide where words allow.
  init(_ entries: [Entry], widest: Double) {
    let hasLines = entries.contains { if case .line = $0.sample { true } else { false } }
    let swatch = hasLines ? Measure.swatch : Self.boxWidth
    self.swatch = swatch
    let room = widest - swatch - Measure.gap * 1.5
    self.entries = entries.map {
      (FontMetrics.wrapped($0.name, to: room, size: Measure.legend), $0.sample)
    }
    let text = self.entries.flatMap(\.lines)
      .map { FontMetrics.width(of: $0, size: Measure.legend) }.max()
    width = text.map { $0 + swatch + Measure.gap * 1.5 } ?? 0
  }

  /// Draws the legend with its upper left corner at a place.
  func elements(at corner: Point) -> [Scene.Element] {
    var elements: [Scene.Element] = []
    var top = corner.y
    for (lines, sample) in entries {
      let middle = top + Self.lineHeight / 2
      elements += self.elements(of: sample, at: Point(corner.x, middle))
      for line in lines {
        let baseline = top + Self.lineHeight / 2 + FontMetrics.halfHeight * Measure.legend
        elements.append(
          .text(
            Scene.Text(
              string: line,
              origin: Point(corner.x + swatch + Measure.gap * 1.5, baseline),
              size: Measure.legend)))
        top += Self.lineHeight
      }
      top += Self.entryGap
    }
    return elements
  }

  private func elements(of sample: Sample, at left: Point) -> [Scene.Element] {
    let middle = Point(left.x + swatch / 2, left.y)
    func box(_ width: Double, _ height: Double) -> Box {
      Box(
        minX: middle.x - width / 2, minY: middle.y - height / 2, maxX: middle.x + width / 2,
        maxY: middle.y + height / 2)
    }
    switch sample {
    case .line(let stroke, let hasBand, let hasDots):
      let line = [Point(left.x, left.y), Point(left.x + swatch, left.y)]
      let band = Scene.Fill(ink: stroke.ink, opacity: 0.2)
      return (hasBand ? [.rectangle(box(swatch, 10), band)] : [])
        + [.lines([line], stroke)]
        + (hasDots
          ? [.dots([middle], radius: Measure.markRadius, Scene.Fill(ink: stroke.ink))] : [])
    case .dot(let fill): return [.dots([middle], radius: 3.5, fill)]
    case .box(let fill): return [.rectangle(box(Self.boxWidth, 10), fill)]
    }
  }
}

extension Legend {
  /// Names side by side in as many rows as it takes, from a place to the right.
  ///
  /// - Returns: What to draw, and the pixels it takes downwards.
  static func rows(
    _ entries: [Entry], at corner: Point, width: Double
  ) -> (elements: [Scene.Element], height: Double) {
    var elements: [Scene.Element] = []
    var place = corner
    for entry in entries {
      let legend = Legend([entry], widest: width)
      if place.x > corner.x, place.x + legend.width > corner.x + width {
        place = Point(corner.x, place.y + lineHeight + entryGap)
      }
      elements += legend.elements(at: place)
      place.x += legend.width + 2 * Measure.space
    }
    return (elements, entries.isEmpty ? 0 : place.y + lineHeight - corner.y)
  }
}

extension Panel {
  /// The names of all layers that have one; rules are not among them, for they are labelled in
  /// place where they can be.
  var legendEntries: [Legend.Entry] {
    zip(plot.layers, plot.series).compactMap { layer, series in
      let fill = Scene.Fill(ink: .series(series))
      switch layer {
      case .line(let line):
        return Legend.Entry(
          name: line.name,
          sample: .line(
            stroke(of: line, series), hasBand: line.band != nil, hasDots: line.hasMarks))
      case .points(let points): return Legend.Entry(name: points.name, sample: .dot(fill))
      case .bars(let bars):
        return Legend.Entry(name: bars.name, sample: .box(Panel.barFill(series)))
      case .histogram(let histogram):
        let pale = Scene.Fill(ink: fill.ink, opacity: 0.3)
        return Legend.Entry(name: histogram.name, sample: .box(pale))
      case .heatMap, .rule: return nil
      }
    }
    .filter { !$0.name.isEmpty }
  }
}
