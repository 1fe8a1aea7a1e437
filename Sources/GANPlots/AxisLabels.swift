import Foundation

/// The words below the horizontal axis: numbers, or names in several lines or slanting.
struct AxisLabels {
  /// Marks without labels.
  let minor: [Double]
  /// Labels are to be multiplied by this power of ten.
  let exponent: Int
  /// Lines of each label, and where its mark is.
  let entries: [(value: Double, position: Double, lines: [String])]
  /// The slope of names too long for their places, in degrees; 0 for level ones.
  let slant: Double
  /// Pixels from the top of the labels to their bottom.
  let height: Double
  /// Pixels that labels stand out beyond the ends of the axis, at the left and at the right.
  let overhang: (left: Double, right: Double)

  init(_ axis: Axis, along mapping: Mapping) {
    let ticks: Ticks? =
      axis.categories.isEmpty
      ? Ticks.fitting(mapping, pixelsApart: 80) {
        FontMetrics.width(of: $0, size: Measure.tick) + Measure.space
      }
      : nil
    let slot = abs(mapping.end - mapping.start) / Double(max(axis.categories.count, 1)) - 6
    let wrapped = axis.categories.map {
      FontMetrics.wrapped($0, to: slot, size: Measure.tick)
    }
    let fits = wrapped.allSatisfy { lines in
      lines.count <= 3
        && lines.allSatisfy { FontMetrics.width(of: $0, size: Measure.tick) <= slot }
    }
    slant = fits ? 0 : Self.slant(ofSlots: slot)
    // Upright lines still need a line's height each; where there is less, some names are left out.
    let step = fits ? 1 : max(1, Int((Measure.tick * 1.1 / max(slot, 1)).rounded(.up)))
    let names = fits ? wrapped : axis.categories.map { [$0] }
    let labels =
      ticks.map { $0.major.map { (value: $0.value, lines: [$0.label]) } }
      ?? names.enumerated().filter { $0.offset.isMultiple(of: step) }
      .map { (value: Double($0.offset), lines: $0.element) }
    let entries = labels.compactMap { label in
      mapping.position(label.value).map { (value: label.value, position: $0, lines: label.lines) }
    }
    self.entries = entries
    minor = ticks?.minor ?? []
    exponent = ticks?.exponent ?? 0

    func width(_ entry: (value: Double, position: Double, lines: [String])) -> Double {
      entry.lines.map { FontMetrics.width(of: $0, size: Measure.tick) }.max() ?? 0
    }
    let slant = slant
    let (sine, cosine) = (sin(slant * .pi / 180), cos(slant * .pi / 180))
    let lines = Double(entries.map(\.lines.count).max() ?? 1)
    height =
      slant == 0
      ? Measure.tick * (FontMetrics.ascent + FontMetrics.lineHeight * max(lines - 1, 0))
      : (entries.map(width).max() ?? 0) * sine + Measure.tick
    let left = entries.map { entry in
      mapping.start - entry.position + width(entry) * (slant == 0 ? 0.5 : cosine)
    }
    let right = entries.map { entry in
      entry.position - mapping.end + (slant == 0 ? width(entry) / 2 : Measure.tick)
    }
    overhang = (max(left.max() ?? 0, 0), max(right.max() ?? 0, 0))
  }

  /// A comfortable slant where lines so turned are apart, else upright.
  private static func slant(ofSlots slot: Double) -> Double {
    let comfortable = 35.0
    return slot * sin(comfortable * .pi / 180) >= Measure.tick * 1.05 ? comfortable : 90
  }

  /// Draws the labels below a frame.
  func elements(below frame: Box) -> [Scene.Element] {
    let top =
      frame.maxY + Measure.tickLength + Measure.gap
      + (slant == 90 ? 0 : FontMetrics.ascent * Measure.tick)
    // Turned letters stand beside their baseline, so that goes a little to the right of the mark.
    let lowering = FontMetrics.halfHeight * Measure.tick * sin(slant * .pi / 180)
    return entries.flatMap { entry in
      entry.lines.enumerated().map { index, line in
        let y = top + Double(index) * FontMetrics.lineHeight * Measure.tick
        return .text(
          Scene.Text(
            string: line, origin: Point(entry.position + lowering, y), size: Measure.tick,
            anchor: slant == 0 ? .middle : .end, ink: .muted, degrees: -slant))
      }
    }
  }
}
