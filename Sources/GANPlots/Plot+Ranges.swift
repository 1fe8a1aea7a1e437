extension Plot {
  /// Room between the data and the ends of an axis, as a share of its range.
  private static let margin = 0.05

  /// The values of the horizontal axis from end to end.
  var xRange: ClosedRange<Double> {
    if !x.categories.isEmpty { return -0.5...Double(x.categories.count) - 0.5 }
    if let range = x.shownRange { return range }
    var extent = Extent(x.scale)
    var isCloud = false
    for layer in layers {
      switch layer {
      case .line(let line): extent.cover(line.x)
      case .points(let points):
        extent.cover(points.x)
        isCloud = true
      case .heatMap(let map): extent.cover([map.x.lowerBound, map.x.upperBound])
      case .bars(let bars): extent.cover([-0.5, Double(bars.values.count) - 0.5])
      case .histogram(let histogram): extent.cover(histogram.edges)
      case .rule(let rule): if rule.axis == .horizontal { extent.cover(rule.value) }
      }
    }
    // Curves go from edge to edge; points keep off it, so that none is cut.
    return extent.axisRange(margin: isCloud && !isFilled ? Self.margin : 0)
  }

  /// The values of the vertical axis from end to end.
  var yRange: ClosedRange<Double> {
    if let range = y.shownRange { return range }
    var extent = Extent(y.scale)
    for layer in layers {
      switch layer {
      case .line(let line):
        extent.cover(line.y)
        if let band = line.band { extent.cover(band.lower + band.upper) }
      case .points(let points): extent.cover(points.y + ends(of: points.intervals))
      case .heatMap(let map): extent.cover([map.y.lowerBound, map.y.upperBound])
      case .bars(let bars): extent.cover([0] + bars.values + ends(of: bars.intervals))
      case .histogram(let histogram): extent.cover([0] + histogram.values)
      case .rule(let rule): if rule.axis == .vertical { extent.cover(rule.value) }
      }
    }
    return extent.axisRange(margin: isFilled ? 0 : Self.margin)
  }

  /// True where a heat map goes from edge to edge.
  var isFilled: Bool {
    layers.contains { if case .heatMap = $0 { true } else { false } }
  }

  private func ends(of intervals: [ClosedRange<Double>]) -> [Double] {
    intervals.flatMap { [$0.lowerBound, $0.upperBound] }
  }

  /// The colour of each layer: its own, else the next that no layer asks for; 0, without
  /// meaning, for layers that are of no series.
  var series: [Int] {
    let taken = Set(layers.compactMap(\.wishedSeries))
    var next = 0
    return layers.map { layer in
      if let wish = layer.wishedSeries { return wish }
      guard layer.isOfSeries else { return 0 }
      while taken.contains(next) { next += 1 }
      defer { next += 1 }
      return next
    }
  }
}

extension PlotLayer {
  fileprivate var wishedSeries: Int? {
    switch self {
    case .line(let line): line.series
    case .points(let points): points.series
    case .bars(let bars): bars.series
    case .histogram(let histogram): histogram.series
    case .heatMap, .rule: nil
    }
  }

  fileprivate var isOfSeries: Bool {
    switch self {
    case .line, .points, .bars, .histogram: true
    case .heatMap, .rule: false
    }
  }
}

extension Axis {
  /// The range asked for, where the scale can show it.
  fileprivate var shownRange: ClosedRange<Double>? {
    guard let range, scale.canShow(range.lowerBound), scale.canShow(range.upperBound) else {
      return nil
    }
    return Extent.widened(range, on: scale)
  }
}
