import Foundation

extension Panel {
  /// Everything between the axes, the first layer lowest; words come later.
  var data: [Scene.Element] {
    let barLayers = plot.layers.indices.filter {
      if case .bars = plot.layers[$0] { true } else { false }
    }
    return zip(plot.layers.indices, plot.series).flatMap { index, series in
      switch plot.layers[index] {
      case .line(let line): elements(of: line, series)
      case .points(let points): elements(of: points, series)
      case .heatMap(let map): elements(of: map)
      case .bars(let bars):
        elements(
          of: bars, series, place: barLayers.firstIndex(of: index) ?? 0, of: barLayers.count)
      case .histogram(let histogram): elements(of: histogram, series)
      case .rule(let rule): elements(of: rule)
      }
    }
  }

  /// True where no layer has anything to show.
  var isEmpty: Bool {
    !plot.layers.contains { layer in
      switch layer {
      case .line(let line): zip(line.x, line.y).contains { place($0, $1) != nil }
      case .points(let points): zip(points.x, points.y).contains { place($0, $1) != nil }
      case .heatMap(let map): map.values.contains { map.scale.canShow($0) }
      case .bars(let bars): bars.values.contains { y.position($0) != nil }
      case .histogram(let histogram): histogram.values.contains { y.position($0) != nil }
      case .rule: true
      }
    }
  }

  private func place(_ across: Double, _ upwards: Double) -> Point? {
    guard let x = x.position(across), let y = y.position(upwards) else { return nil }
    return Point(x, y)
  }

  private func elements(of line: Line, _ series: Int) -> [Scene.Element] {
    let runs = runs(of: line)
    let ink = Ink.series(series)
    var elements = line.band.map { shade($0, along: line.x, ink) } ?? []
    let parts = runs.flatMap { frame.clipped(line: CurveReduction.reduced($0)) }
    if !parts.isEmpty { elements.append(.lines(parts, stroke(of: line, series))) }
    // A point between two gaps has no curve to stand for it.
    let marks = line.hasMarks ? runs : runs.filter { $0.count == 1 }
    let shown = marks.flatMap { $0 }.filter(frame.contains)
    if !shown.isEmpty {
      elements.append(.dots(shown, radius: Measure.markRadius, Scene.Fill(ink: ink)))
    }
    return elements
  }

  /// The parts of a curve between its gaps.
  private func runs(of line: Line) -> [[Point]] {
    zip(line.x, line.y).map(place).split(separator: nil).map { $0.compactMap { $0 } }
  }

  /// The stroke of a curve, here and in the legend.
  func stroke(of line: Line, _ series: Int) -> Scene.Stroke {
    Scene.Stroke(
      ink: .series(series), width: Measure.lineWidth,
      dash: line.dash ?? (isNoisy(line) ? .solid : .ofSeries(series)))
  }

  /// True where a curve goes up and down so much that dashes would only look like more noise.
  private func isNoisy(_ line: Line) -> Bool {
    let shown = runs(of: line).flatMap { frame.clipped(line: CurveReduction.reduced($0)) }
    let lengths = shown.map { part in
      zip(part, part.dropFirst()).reduce(0) { $0 + $1.1.distance(to: $1.0) }
    }
    // A smooth curve that climbs the frame once and falls again is no longer than this.
    return lengths.reduce(0, +) > frame.width + 2 * frame.height
  }

  private func shade(_ band: Line.Band, along x: [Double], _ ink: Ink) -> [Scene.Element] {
    let edges = zip(x, zip(band.lower, band.upper)).map { x, ends -> (Point, Point)? in
      guard let lower = place(x, floored(ends.0)), let upper = place(x, ends.1) else { return nil }
      return (lower, upper)
    }
    return edges.split(whereSeparator: { $0 == nil }).compactMap { run in
      let run = run.compactMap { $0 }
      let upper = CurveReduction.reduced(run.map(\.1))
      let lower = CurveReduction.reduced(run.map(\.0))
      let polygon = frame.clipped(polygon: upper + lower.reversed())
      return polygon.count > 2 ? .area(polygon, Scene.Fill(ink: ink, opacity: 0.2)) : nil
    }
  }

  /// The lower end of an interval, which may be zero or less and so have no logarithm; on such an
  /// axis the interval goes down to the end of the axis.
  private func floored(_ lower: Double) -> Double {
    y.scale == .log10 && lower <= 0 && lower.isFinite ? y.range.lowerBound : lower
  }

  /// More points than this are drawn on half pixels.
  private static let fewPoints = 2000

  private func elements(of points: Points, _ series: Int) -> [Scene.Element] {
    let ink = Ink.series(series)
    let shown = zip(points.x, points.y).compactMap(place).filter(frame.contains)
    let count = shown.count
    let radius =
      points.radius ?? (count <= 50 ? 3.5 : count <= 500 ? 2.5 : count <= 3000 ? 1.8 : 1.3)
    // Over the colours of a heat map thin ones would be lost.
    let thin = plot.isFilled ? 0.8 : count <= 500 ? 0.7 : 0.45
    let opacity = points.opacity ?? (count <= 50 ? 1 : thin)
    // Discs of one element do not darken each other; a few sheets of them do, nearly as all would.
    let sheetCount = opacity == 1 ? 1 : min(8, max(1, count / 20))
    var elements: [Scene.Element] = []
    if !points.intervals.isEmpty {
      elements += whiskers(zip(points.x, points.intervals).map { (x.position($0), $1) }, ink)
    }
    for sheet in 0..<sheetCount {
      var dots = stride(from: sheet, to: count, by: sheetCount).map { shown[$0] }
      if count > Self.fewPoints { dots = CurveReduction.quantised(dots) }
      if !dots.isEmpty {
        elements.append(.dots(dots, radius: radius, Scene.Fill(ink: ink, opacity: opacity)))
      }
    }
    return elements
  }

  /// Upright intervals with feet.
  private func whiskers(
    _ intervals: [(x: Double?, range: ClosedRange<Double>)], _ ink: Ink
  ) -> [Scene.Element] {
    let foot = 3.0
    let parts = intervals.flatMap { place, range -> [[Point]] in
      guard let place, (frame.minX...frame.maxX).contains(place),
        let upper = y.position(range.upperBound),
        let lower = y.position(floored(range.lowerBound))
      else { return [] }
      let stem = frame.clipped(line: [Point(place, upper), Point(place, lower)])
      let feet = [upper, lower].filter((frame.minY...frame.maxY).contains).map {
        [Point(place - foot, $0), Point(place + foot, $0)]
      }
      return stem + feet
    }
    return parts.isEmpty ? [] : [.lines(parts, Scene.Stroke(ink: ink, width: 1.2))]
  }

  /// The fill of a bar, here and in the legend: its interval shows on it.
  static func barFill(_ series: Int) -> Scene.Fill {
    Scene.Fill(ink: .series(series), opacity: 0.7)
  }

  private func elements(
    of bars: Bars, _ series: Int, place: Int, of layerCount: Int
  ) -> [Scene.Element] {
    let slot = 0.76
    let width = slot / Double(layerCount)
    let base = y.position(0) ?? frame.maxY
    var elements: [Scene.Element] = []
    var middles: [Double?] = []
    for (category, value) in bars.values.enumerated() {
      let left = Double(category) - slot / 2 + Double(place) * width
      middles.append(x.position(left + width / 2))
      guard let from = x.position(left), let to = x.position(left + width),
        let top = y.position(value)
      else { continue }
      // A pixel of paper between neighbours.
      let box = Box(
        minX: from + 0.5, minY: min(top, base), maxX: to - 0.5, maxY: max(top, base))
      guard let shown = box.intersection(frame) else { continue }
      // Lines of the grid would shine through.
      elements.append(.rectangle(shown, Scene.Fill(ink: .background)))
      elements.append(.rectangle(shown, Self.barFill(series)))
    }
    if !bars.intervals.isEmpty {
      elements += whiskers(Array(zip(middles, bars.intervals)).map { ($0, $1) }, .text)
    }
    return elements
  }

  private func elements(of histogram: Histogram, _ series: Int) -> [Scene.Element] {
    let base = y.position(0) ?? frame.maxY
    let cells = histogram.values.indices.map { index -> [Point]? in
      guard let left = x.position(histogram.edges[index]),
        let right = x.position(histogram.edges[index + 1]),
        let top = y.position(histogram.values[index])
      else { return nil }
      return [Point(left, top), Point(right, top)]
    }
    let ink = Ink.series(series)
    return cells.split(separator: nil).flatMap { run -> [Scene.Element] in
      let steps = run.compactMap { $0 }.flatMap { $0 }
      guard let first = steps.first, let last = steps.last else { return [] }
      let outline = [Point(first.x, base)] + steps + [Point(last.x, base)]
      let polygon = frame.clipped(polygon: outline)
      guard polygon.count > 2 else { return [] }
      return [
        .area(polygon, Scene.Fill(ink: ink, opacity: 0.3)),
        .lines(frame.clipped(line: outline), Scene.Stroke(ink: ink, width: 1.2)),
      ]
    }
  }

  private func elements(of rule: Rule) -> [Scene.Element] {
    guard let line = line(of: rule) else { return [] }
    return [.lines([line], Scene.Stroke(ink: .muted, width: 1.2, dash: rule.dash))]
  }

  /// The ends of a rule; nil outside the frame.
  func line(of rule: Rule) -> [Point]? {
    switch rule.axis {
    case .vertical:
      guard let y = y.position(rule.value), (frame.minY...frame.maxY).contains(y) else {
        return nil
      }
      return [Point(frame.minX, y), Point(frame.maxX, y)]
    case .horizontal:
      guard let x = x.position(rule.value), (frame.minX...frame.maxX).contains(x) else {
        return nil
      }
      return [Point(x, frame.minY), Point(x, frame.maxY)]
    }
  }
}
