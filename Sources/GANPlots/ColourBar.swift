/// The key to the colours of a plot's lowest heat map.
struct ColourBar {
  let map: HeatMap
  /// Values from end to end.
  let range: ClosedRange<Double>
  /// Pixels from the frame to the right end of the bar's words.
  let width: Double
  private let ticks: Ticks
  /// Lines of what stands beside the bar.
  private let nameLines: [String]

  /// Lays a bar out beside a frame; nil for plots without a heat map.
  init?(_ plot: Plot, beside frame: Box) {
    let maps = plot.layers.compactMap { if case .heatMap(let map) = $0 { map } else { nil } }
    guard let map = maps.first else { return nil }
    self.map = map
    range = map.colourRange
    let axis = Mapping(scale: map.scale, range: range, start: frame.maxY, end: frame.minY)
    ticks = Ticks.fitting(axis, pixelsApart: 50) { _ in Measure.tick * 1.6 }
    let widest =
      ticks.major.map { FontMetrics.width(of: $0.label, size: Measure.tick) }.max() ?? 0
    let power = ticks.exponent == 0 ? "" : " \u{d7}10" + superscript(ticks.exponent)
    nameLines = FontMetrics.wrapped(map.label + power, to: frame.height, size: Measure.label)
    let name =
      nameLines.isEmpty
      ? 0 : Double(nameLines.count) * Measure.label * FontMetrics.lineHeight + Measure.gap
    width = Measure.space + Measure.barWidth + Measure.tickLength + Measure.gap + widest + name
  }

  /// Draws the bar beside a frame.
  func elements(beside frame: Box) -> [Scene.Element] {
    let bar = Box(
      minX: frame.maxX + Measure.space, minY: frame.minY,
      maxX: frame.maxX + Measure.space + Measure.barWidth, maxY: frame.maxY)
    let steps = (0..<ColourMap.stepCount).reversed().map { UInt8($0) }
    let picture = map.map.picture(columns: 1, rows: steps.count, steps: steps)
    let axis = Mapping(scale: map.scale, range: range, start: bar.maxY, end: bar.minY)
    var elements: [Scene.Element] = [.image(picture, bar, opacity: map.opacity)]
    var marks: [[Point]] = []
    for tick in ticks.major {
      guard let y = axis.position(tick.value) else { continue }
      marks.append([Point(bar.maxX, y), Point(bar.maxX + Measure.tickLength, y)])
      elements.append(
        .text(
          Scene.Text(
            string: tick.label,
            origin: Point(
              bar.maxX + Measure.tickLength + Measure.gap, y + FontMetrics.halfHeight * Measure.tick
            ), size: Measure.tick, ink: .muted)))
    }
    elements.append(.lines(marks, Scene.Stroke(ink: .muted, width: 1)))
    for (index, line) in nameLines.reversed().enumerated() {
      let above =
        (FontMetrics.descent + Double(index) * FontMetrics.lineHeight) * Measure.label
      elements.append(
        .text(
          Scene.Text(
            string: line, origin: Point(frame.maxX + width - above, bar.midY),
            size: Measure.label, anchor: .middle, degrees: -90)))
    }
    return elements
  }
}

extension HeatMap {
  /// The values from end to end of the colours.
  var colourRange: ClosedRange<Double> {
    if let range, scale.canShow(range.lowerBound), scale.canShow(range.upperBound) {
      return Extent.widened(range, on: scale)
    }
    var extent = Extent(scale)
    extent.cover(values)
    return extent.axisRange(margin: 0)
  }
}
