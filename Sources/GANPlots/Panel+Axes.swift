extension Panel {
  /// Title and caption.
  var header: [Scene.Element] {
    var elements: [Scene.Element] = []
    var top = box.minY
    for line in titleLines {
      elements.append(
        .text(
          Scene.Text(
            string: line, origin: Point(box.minX, top + FontMetrics.ascent * Measure.title),
            size: Measure.title, isBold: true)))
      top += FontMetrics.lineHeight * Measure.title
    }
    for line in captionLines {
      elements.append(
        .text(
          Scene.Text(
            string: line, origin: Point(box.minX, top + FontMetrics.ascent * Measure.caption),
            size: Measure.caption, ink: .muted)))
      top += FontMetrics.lineHeight * Measure.caption
    }
    return elements
  }

  /// Lines behind the data, at each label.
  var grid: [Scene.Element] {
    let across = yTicks.major.compactMap { y.position($0.value)?.crisp }.map { place in
      [Point(frame.minX, place), Point(frame.maxX, place)]
    }
    // Names are no places between which a reader would measure.
    let upright =
      plot.x.categories.isEmpty
      ? xLabels.entries.map(\.position.crisp)
        .map { [Point($0, frame.minY), Point($0, frame.maxY)] }
      : []
    return [.lines(across + upright, Scene.Stroke(ink: .grid, width: 1))]
  }

  /// Axes, their marks and all words beside them.
  var axes: [Scene.Element] {
    var marks: [[Point]] = []
    for tick in yTicks.major {
      guard let place = y.position(tick.value)?.crisp else { continue }
      marks.append([Point(frame.minX - Measure.tickLength, place), Point(frame.minX, place)])
    }
    for value in yTicks.minor {
      guard let place = y.position(value)?.crisp else { continue }
      marks.append([Point(frame.minX - Measure.minorTickLength, place), Point(frame.minX, place)])
    }
    for entry in xLabels.entries {
      let place = entry.position.crisp
      marks.append([Point(place, frame.maxY), Point(place, frame.maxY + Measure.tickLength)])
    }
    for value in xLabels.minor {
      guard let place = x.position(value)?.crisp else { continue }
      marks.append([Point(place, frame.maxY), Point(place, frame.maxY + Measure.minorTickLength)])
    }
    let corners = frame.corners
    let outline =
      plot.isFilled ? corners + [corners[0], corners[1]] : [corners[0], corners[3], corners[2]]
    return [
      .lines(marks, Scene.Stroke(ink: .muted, width: 1)),
      .lines([outline], Scene.Stroke(ink: .muted, width: 1)),
    ] + yLabels + xLabels.elements(below: frame) + names
  }

  private var yLabels: [Scene.Element] {
    var labels = yTicks.major.compactMap { tick in
      y.position(tick.value).map { place in
        Scene.Text(
          string: tick.label,
          origin: Point(
            frame.minX - Measure.tickLength - Measure.gap,
            place + FontMetrics.halfHeight * Measure.tick),
          size: Measure.tick, anchor: .end, ink: .muted)
      }
    }
    if yTicks.exponent != 0 {
      labels.append(
        Scene.Text(
          string: "\u{d7}10" + superscript(yTicks.exponent),
          origin: Point(frame.minX, frame.minY - Measure.tick * 0.7), size: Measure.tick,
          ink: .muted))
    }
    return labels.map { .text($0) }
  }

  /// The names of the axes.
  private var names: [Scene.Element] {
    var names: [Scene.Text] = []
    let below =
      frame.maxY + Measure.tickLength + xLabels.height + Measure.gap * 3
      + FontMetrics.ascent * Measure.label
    for (index, line) in xLabelLines.enumerated() {
      let y = below + Double(index) * FontMetrics.lineHeight * Measure.label
      names.append(
        Scene.Text(
          string: line, origin: Point(frame.midX, y), size: Measure.label, anchor: .middle))
    }
    for (index, line) in yLabelLines.enumerated() {
      let x =
        box.minX
        + (FontMetrics.ascent + Double(index) * FontMetrics.lineHeight) * Measure.label
      names.append(
        Scene.Text(
          string: line, origin: Point(x, frame.midY), size: Measure.label, anchor: .middle,
          degrees: -90))
    }
    if xLabels.exponent != 0 {
      names.append(
        Scene.Text(
          string: "\u{d7}10" + superscript(xLabels.exponent),
          origin: Point(
            frame.maxX, below + Double(exponentLine) * FontMetrics.lineHeight * Measure.label),
          size: Measure.tick, anchor: .end, ink: .muted))
    }
    return names.map { .text($0) }
  }
}
