/// Something to draw in a plot; the first lies lowest.
package enum PlotLayer: Hashable, Sendable {
  /// A curve.
  case line(Line)
  /// A cloud, or a few measured values.
  case points(Points)
  /// A function of both axes, as colours.
  case heatMap(HeatMap)
  /// A value for each category of the horizontal axis.
  case bars(Bars)
  /// A count or density over cells of the horizontal axis.
  case histogram(Histogram)
  /// A value worth comparing with.
  case rule(Rule)
}

/// A curve through points in the order given; a value that an axis cannot show leaves a gap.
package struct Line: Hashable, Sendable {
  /// The name in the legend; empty to stay out of it.
  package var name: String
  /// The points' values on the horizontal axis.
  package var x: [Double]
  /// Their values on the vertical axis.
  package var y: [Double]
  /// A shade around the curve, such as the mean less and plus a deviation.
  package var band: Band?
  /// The number of a colour of the palette; nil for the next that is free.
  package var series: Int?
  /// The pattern of the line; nil for the series' own, or solid where it is too noisy to show that.
  package var dash: Dash?

  /// The two edges of a shade, one value for each point of the curve.
  package struct Band: Hashable, Sendable {
    /// The edge below.
    package var lower: [Double]
    /// The edge above.
    package var upper: [Double]

    /// Wraps two edges.
    package init(lower: [Double], upper: [Double]) {
      precondition(lower.count == upper.count, "\(lower.count) below, \(upper.count) above")
      self.lower = lower
      self.upper = upper
    }
  }

  /// Describes a curve.
  package init(
    _ name: String = "", x: [Double], y: [Double], band: Band? = nil, series: Int? = nil,
    dash: Dash? = nil
  ) {
    precondition(x.count == y.count, "\(x.count) places across, \(y.count) upwards")
    precondition(band.map { $0.lower.count == x.count } ?? true, "a band has as many points")
    self.name = name
    self.x = x
    self.y = y
    self.band = band
    self.series = series
    self.dash = dash
  }
}

extension Line {
  /// True for a curve of few points: each was measured, and is shown as one.
  var hasMarks: Bool { x.count <= 12 }
}

/// Points; one that an axis cannot show is left out.
package struct Points: Hashable, Sendable {
  /// The name in the legend; empty to stay out of it.
  package var name: String
  /// The points' values on the horizontal axis.
  package var x: [Double]
  /// Their values on the vertical axis.
  package var y: [Double]
  /// From where to where each value's interval goes; empty for none.
  package var intervals: [ClosedRange<Double>]
  /// In pixels; nil for one that suits their number.
  package var radius: Double?
  /// 0 to 1; nil for one that suits their number.
  package var opacity: Double?
  /// The number of a colour of the palette; nil for the next that is free.
  package var series: Int?

  /// Describes points.
  package init(
    _ name: String = "", x: [Double], y: [Double], intervals: [ClosedRange<Double>] = [],
    radius: Double? = nil, opacity: Double? = nil, series: Int? = nil
  ) {
    precondition(x.count == y.count, "\(x.count) places across, \(y.count) upwards")
    precondition(intervals.isEmpty || intervals.count == x.count, "one interval for each point")
    self.name = name
    self.x = x
    self.y = y
    self.intervals = intervals
    self.radius = radius
    self.opacity = opacity
    self.series = series
  }
}

/// Values over a rectangle of the plane, as colours beside a bar that explains them.
package struct HeatMap: Hashable, Sendable {
  /// From the left edge of the first column to the right edge of the last.
  package var x: ClosedRange<Double>
  /// From the lower edge of the first row to the upper edge of the last.
  package var y: ClosedRange<Double>
  /// Cells from left to right.
  package var columns: Int
  /// Cell by cell from the left, row by row from below; what the scale cannot show stays empty.
  package var values: [Double]
  /// The quantity, with its unit: the name of the bar.
  package var label: String
  /// The values from end to end of the colours; nil to take those of the cells.
  package var range: ClosedRange<Double>?
  /// The mapping of values to colours.
  package var scale: Scale
  /// The colours.
  package var map: ColourMap
  /// 0 to 1; pale colours leave room for points on top.
  package var opacity: Double

  /// Cells from below to above.
  package var rows: Int { values.count / columns }

  /// Describes values over a rectangle.
  package init(
    x: ClosedRange<Double>, y: ClosedRange<Double>, columns: Int, values: [Double],
    label: String = "", range: ClosedRange<Double>? = nil, scale: Scale = .linear,
    map: ColourMap = .sequential, opacity: Double = 1
  ) {
    precondition(
      columns > 0 && !values.isEmpty && values.count.isMultiple(of: columns),
      "\(values.count) values in rows of \(columns)")
    self.x = x
    self.y = y
    self.columns = columns
    self.values = values
    self.label = label
    self.range = range
    self.scale = scale
    self.map = map
    self.opacity = opacity
  }
}

/// A bar from zero for each category; several such layers stand side by side.
package struct Bars: Hashable, Sendable {
  /// The name in the legend; empty to stay out of it.
  package var name: String
  /// One for each category, in their order; a value that the axis cannot show leaves a gap.
  package var values: [Double]
  /// From where to where each value's interval goes; empty for none.
  package var intervals: [ClosedRange<Double>]
  /// The number of a colour of the palette; nil for the next that is free.
  package var series: Int?

  /// Describes bars.
  package init(
    _ name: String = "", values: [Double], intervals: [ClosedRange<Double>] = [],
    series: Int? = nil
  ) {
    precondition(intervals.isEmpty || intervals.count == values.count, "one interval for each bar")
    self.name = name
    self.values = values
    self.intervals = intervals
    self.series = series
  }
}

/// Cells of the horizontal axis filled from zero up to a value each.
package struct Histogram: Hashable, Sendable {
  /// The name in the legend; empty to stay out of it.
  package var name: String
  /// Borders of the cells, ascending: one more than there are cells.
  package var edges: [Double]
  /// One for each cell; a value that the axis cannot show leaves a gap.
  package var values: [Double]
  /// The number of a colour of the palette; nil for the next that is free.
  package var series: Int?

  /// Describes filled cells.
  package init(_ name: String = "", edges: [Double], values: [Double], series: Int? = nil) {
    precondition(edges.count == values.count + 1, "\(edges.count) edges, \(values.count) cells")
    self.name = name
    self.edges = edges
    self.values = values
    self.series = series
  }
}

/// A straight line at one value, from end to end of the plot.
package struct Rule: Hashable, Sendable {
  /// The words beside it where there is room, else in the legend.
  package var label: String
  /// The axis of the value: the line stands on the horizontal one and lies across the
  /// vertical one.
  package var axis: Direction
  /// The value on its axis.
  package var value: Double
  /// The pattern of the line.
  package var dash: Dash

  /// An axis of a plot.
  package enum Direction: Hashable, Sendable {
    /// From left to right.
    case horizontal
    /// From below to above.
    case vertical
  }

  /// A line that lies at a value of the vertical axis.
  package init(_ label: String = "", y: Double, dash: Dash = .dashed) {
    self.label = label
    self.dash = dash
    axis = .vertical
    value = y
  }

  /// A line that stands at a value of the horizontal axis.
  package init(_ label: String = "", x: Double, dash: Dash = .dashed) {
    self.label = label
    self.dash = dash
    axis = .horizontal
    value = x
  }
}
