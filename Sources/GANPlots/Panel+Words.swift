extension Panel {
  /// Draws a plot in a box, its legend between the axes where there is room, else beside them.
  ///
  /// - Parameters:
  ///   - headerHeight: Room for titles at least.
  ///   - hasOwnLegend: False where the figure names the layers; rules without room for their
  ///     labels are then still named here.
  /// - Returns: What to draw, with its layout, and where it ends: above the box's lower edge where equal units left
  ///   room, below it where a legend is longer.
  static func elements(
    of plot: Plot, in box: Box, headerHeight: Double, hasOwnLegend: Bool
  ) -> (elements: [Scene.Element], bottom: Double, panel: Panel) {
    let inside = Panel(plot, in: box, headerHeight: headerHeight)
    let names = plot.legend == .none || !hasOwnLegend ? [] : inside.legendEntries
    if plot.legend != .outside || names.isEmpty,
      let elements = inside.elements(naming: names, legendWidth: nil)
    {
      return (elements, inside.bottom, inside)
    }
    // Labels of rules may have to join, so all their names count for the width.
    let width = Legend(names + plot.ruleEntries, widest: box.width * 0.36).width
    let panel = Panel(plot, in: box, headerHeight: headerHeight, legendWidth: width)
    let elements = panel.elements(naming: names, legendWidth: width) ?? []
    let words = elements.compactMap { element in
      if case .text(let text) = element { text.corners.map(\.y).max() } else { nil }
    }
    return (elements, max(panel.bottom, words.max() ?? 0), panel)
  }

  /// Draws everything; nil where the legend found no room between the axes and none is beside.
  private func elements(naming names: [Legend.Entry], legendWidth: Double?) -> [Scene.Element]? {
    let data = data
    var occupancy = Occupancy(frame)
    for element in data { occupancy.take(element) }
    let (labels, unplaced) = ruleLabels(&occupancy)

    let entries = plot.legend == .none ? [] : names + unplaced
    let legend = Legend(entries, widest: legendWidth ?? frame.width * 0.6)
    var words = labels
    if legendWidth != nil {
      let left = frame.maxX + (colourBar?.width ?? 0) + Measure.space
      words += legend.elements(at: Point(left, frame.minY))
    } else if !entries.isEmpty {
      guard let place = freePlace(for: legend, occupancy) else { return nil }
      // Lines of the grid would cross the words.
      let paper = Scene.Fill(ink: .background, opacity: 0.85)
      words += [.rectangle(place, paper)] + legend.elements(at: Point(place.minX, place.minY))
    }
    if isEmpty {
      words.append(
        .text(
          Scene.Text(
            string: "no data", origin: Point(frame.midX, frame.midY), size: Measure.label,
            anchor: .middle, ink: .muted)))
    }
    let bar = colourBar.map { $0.elements(beside: frame) } ?? []
    return header + (plot.isFilled || isEmpty ? [] : grid) + data + axes + bar + words
  }

  /// A place where a legend hides nothing: the corners first, then the middles of the sides.
  private func freePlace(for legend: Legend, _ occupancy: Occupancy) -> Box? {
    let margin = Measure.space
    let left = frame.minX + margin
    let right = frame.maxX - margin - legend.width
    let top = frame.minY + margin
    let bottom = frame.maxY - margin - legend.height
    let (centre, middle) = ((left + right) / 2, (top + bottom) / 2)
    let corners = [
      Point(right, top), Point(right, bottom), Point(left, top), Point(left, bottom),
      Point(centre, top), Point(centre, bottom), Point(right, middle), Point(left, middle),
    ]
    return corners.lazy.map { corner in
      Box(
        minX: corner.x, minY: corner.y, maxX: corner.x + legend.width,
        maxY: corner.y + legend.height)
    }
    .first { occupancy.isFree($0.grown(by: margin - Measure.gap)) }
  }

  /// Labels beside their rules, and entries for those that found no room there.
  private func ruleLabels(
    _ occupancy: inout Occupancy
  ) -> (labels: [Scene.Element], unplaced: [Legend.Entry]) {
    var labels: [Scene.Element] = []
    var unplaced: [Legend.Entry] = []
    for case .rule(let rule) in plot.layers where !rule.label.isEmpty {
      guard let line = line(of: rule) else { continue }
      let places = rule.axis == .vertical ? above(line[0].y) : beside(line[0].x)
      let texts = places.map { place in
        Scene.Text(
          string: rule.label, origin: place.0, size: Measure.legend, anchor: place.1, ink: .muted)
      }
      if let free = texts.first(where: { occupancy.isFree($0.levelBox.grown(by: 1.5)) }) {
        labels.append(.text(free))
        occupancy.take(free.levelBox.grown(by: 2))
      } else {
        unplaced.append(rule.legendEntry)
      }
    }
    return (labels, unplaced)
  }

  /// Between a rule and its label: enough that the label's surroundings miss the rule's cells.
  private var clearance: Double { Measure.gap + 2 }

  /// Places along a line that lies at `y`: above it, then below, from the right.
  private func above(_ y: Double) -> [(Point, Scene.Anchor)] {
    let size = Measure.legend
    let baselines = [
      y - clearance - FontMetrics.descent * size, y + clearance + FontMetrics.ascent * size,
    ]
    return baselines.flatMap { baseline in
      [
        (Point(frame.maxX - Measure.gap, baseline), .end),
        (Point(frame.minX + Measure.gap, baseline), .start),
        (Point(frame.midX, baseline), .middle),
        (Point(frame.minX + frame.width * 0.75, baseline), .middle),
        (Point(frame.minX + frame.width * 0.25, baseline), .middle),
      ]
    }
  }

  /// Places along a line that stands at `x`: right of it, then left, from the top.
  private func beside(_ x: Double) -> [(Point, Scene.Anchor)] {
    let size = Measure.legend
    return [0.0, 0.25, 0.5, 0.75, 1].flatMap { share -> [(Point, Scene.Anchor)] in
      let top = frame.minY + Measure.gap + share * (frame.height - size - Measure.gap * 2)
      let baseline = top + FontMetrics.ascent * size
      return [
        (Point(x + clearance, baseline), .start),
        (Point(x - clearance, baseline), .end),
      ]
    }
  }
}

extension Plot {
  /// The legend's entries for rules that cannot be labelled in place.
  fileprivate var ruleEntries: [Legend.Entry] {
    layers.compactMap { layer in
      if case .rule(let rule) = layer, !rule.label.isEmpty { rule.legendEntry } else { nil }
    }
  }
}

extension Rule {
  fileprivate var legendEntry: Legend.Entry {
    Legend.Entry(
      name: label,
      sample: .line(
        Scene.Stroke(ink: .muted, width: 1.2, dash: dash), hasBand: false, hasDots: false))
  }
}
