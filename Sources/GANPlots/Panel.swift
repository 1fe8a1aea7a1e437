/// Sizes of a plot's words and distances, in pixels.
enum Measure {
  static let figureTitle = 16.0
  static let title = 14.0
  static let caption = 11.5
  static let label = 12.0
  static let tick = 11.0
  static let legend = 11.0
  static let tickLength = 4.0
  static let minorTickLength = 2.5
  /// Between a thing and the words beside it.
  static let gap = 4.0
  /// Between groups of things.
  static let space = 10.0
  static let barWidth = 12.0
  static let swatch = 24.0
  /// Of a curve.
  static let lineWidth = 1.8
  /// Of a disc on a curve.
  static let markRadius = 3.0
}

/// One plot in its place: where the frame between the axes is, and what the axes say.
struct Panel {
  let plot: Plot
  let box: Box
  /// Between the axes.
  private(set) var frame: Box
  private(set) var x: Mapping
  private(set) var y: Mapping
  private(set) var xLabels: AxisLabels
  private(set) var yTicks: Ticks
  /// The key to the colours of a heat map.
  private(set) var colourBar: ColourBar?
  /// Lines of the title and of the caption.
  let titleLines: [String]
  let captionLines: [String]
  /// Pixels from the box's upper edge that titles take, here or in a neighbour.
  let headerHeight: Double

  /// Lays a plot out.
  ///
  /// - Parameters:
  ///   - headerHeight: Room for titles at least; neighbours in a row begin at the same height.
  ///   - legendWidth: Room to leave at the right for a legend; 0 for none.
  init(_ plot: Plot, in box: Box, headerHeight: Double = 0, legendWidth: Double = 0) {
    self.plot = plot
    self.box = box
    titleLines = FontMetrics.wrapped(
      plot.title, to: box.width, size: Measure.title, isBold: true)
    captionLines = FontMetrics.wrapped(plot.caption, to: box.width, size: Measure.caption)
    self.headerHeight = max(headerHeight, Self.headerHeight(titleLines, captionLines))
    frame = box
    let (xRange, yRange) = (plot.xRange, plot.yRange)
    x = Mapping(scale: plot.x.scale, range: xRange, start: box.minX, end: box.maxX)
    y = Mapping(scale: plot.y.scale, range: yRange, start: box.maxY, end: box.minY)
    colourBar = ColourBar(plot, beside: box)
    xLabels = AxisLabels(plot.x, along: x)
    yTicks = Ticks(yRange, scale: plot.y.scale, about: 5)

    // Words take room from the frame, and the frame says which words there are: few rounds settle
    // it, since a margin never shrinks again.
    var margins = Box(
      minX: 0, minY: self.headerHeight, maxX: legendWidth > 0 ? legendWidth + Measure.space : 0,
      maxY: 0)
    let legendRoom = margins.maxX
    for _ in 0..<4 {
      yTicks = Ticks.fitting(y, pixelsApart: 50) { _ in Measure.tick * 1.6 }
      xLabels = AxisLabels(plot.x, along: x)
      colourBar = ColourBar(plot, beside: frame)
      margins = Box(
        minX: max(margins.minX, leftMargin),
        minY: max(margins.minY, self.headerHeight + exponentHeight),
        maxX: max(
          margins.maxX, legendRoom + (colourBar?.width ?? 0), xLabels.overhang.right + 2),
        maxY: max(margins.maxY, bottomMargin))
      place(within: margins)
    }
  }

  private mutating func place(within margins: Box) {
    frame = Box(
      minX: box.minX + margins.minX, minY: box.minY + margins.minY,
      maxX: max(box.maxX - margins.maxX, box.minX + margins.minX + 20),
      maxY: max(box.maxY - margins.maxY, box.minY + margins.minY + 20))
    if plot.hasEqualUnits, plot.x.scale == .linear, plot.y.scale == .linear {
      let spanX = x.range.upperBound - x.range.lowerBound
      let spanY = y.range.upperBound - y.range.lowerBound
      let unit = min(frame.width / spanX, frame.height / spanY)
      // A needle would show nothing.
      if min(unit * spanX, unit * spanY) >= 60 {
        frame.maxX = frame.minX + unit * spanX
        frame.maxY = frame.minY + unit * spanY
      }
    }
    frame = Box(
      minX: frame.minX.crisp, minY: frame.minY.crisp, maxX: frame.maxX.crisp,
      maxY: frame.maxY.crisp)
    x = Mapping(scale: x.scale, range: x.range, start: frame.minX, end: frame.maxX)
    y = Mapping(scale: y.scale, range: y.range, start: frame.maxY, end: frame.minY)
  }

  private static func headerHeight(_ titles: [String], _ captions: [String]) -> Double {
    let title = Double(titles.count) * Measure.title * FontMetrics.lineHeight
    let caption = Double(captions.count) * Measure.caption * FontMetrics.lineHeight
    // Without words half a label of the vertical axis stands above the frame.
    return max(title + caption + (title + caption > 0 ? Measure.gap * 2 : 0), Measure.tick)
  }

  private var exponentHeight: Double { yTicks.exponent == 0 ? 0 : Measure.tick * 1.5 }

  /// The lower edge of the words below the frame.
  var bottom: Double { frame.maxY + bottomMargin }

  /// Lines of the name of the horizontal axis.
  var xLabelLines: [String] {
    FontMetrics.wrapped(plot.x.label, to: frame.width, size: Measure.label)
  }

  /// The line below the horizontal axis that its power of ten stands in: the name's first, or one
  /// of its own where the name leaves no room.
  var exponentLine: Int {
    let widest = xLabelLines.map { FontMetrics.width(of: $0, size: Measure.label) }.max() ?? 0
    return widest + 8 * Measure.label > frame.width ? xLabelLines.count : 0
  }

  /// Lines of the name of the vertical axis.
  var yLabelLines: [String] {
    FontMetrics.wrapped(plot.y.label, to: frame.height, size: Measure.label)
  }

  private var leftMargin: Double {
    let label =
      yLabelLines.isEmpty
      ? 0 : Double(yLabelLines.count) * Measure.label * FontMetrics.lineHeight + Measure.gap
    let widest =
      yTicks.major.map { FontMetrics.width(of: $0.label, size: Measure.tick) }.max() ?? 0
    return max(label + widest + Measure.gap + Measure.tickLength, xLabels.overhang.left)
  }

  private var bottomMargin: Double {
    let lines = max(xLabelLines.count, xLabels.exponent == 0 ? 0 : exponentLine + 1)
    return Measure.tickLength + xLabels.height + Measure.gap * 3
      + Double(lines) * Measure.label * FontMetrics.lineHeight
  }
}

extension Ticks {
  /// As many marks as suit an axis, their labels apart from each other.
  ///
  /// - Parameters:
  ///   - pixelsApart: The distance wished for.
  ///   - room: Pixels along the axis that a label takes, distance to the next included.
  static func fitting(
    _ mapping: Mapping, pixelsApart: Double, _ room: (String) -> Double
  ) -> Ticks {
    let length = abs(mapping.end - mapping.start)
    let wish = min(max(Int(length / pixelsApart), counts.lowerBound), counts.upperBound)
    var ticks = Ticks(mapping.range, scale: mapping.scale, about: wish)
    for count in stride(from: wish - 1, through: counts.lowerBound, by: -1)
    where !ticks.isApart(on: mapping, room) {
      ticks = Ticks(mapping.range, scale: mapping.scale, about: count)
    }
    return ticks.thinned(on: mapping, room)
  }

  private func isApart(on mapping: Mapping, _ room: (String) -> Double) -> Bool {
    zip(major, major.dropFirst()).allSatisfy { first, second in
      guard let a = mapping.position(first.value), let b = mapping.position(second.value) else {
        return true
      }
      return abs(b - a) >= (room(first.label) + room(second.label)) / 2
    }
  }

  /// The marks whose labels are apart; what stands between becomes a small one.
  private func thinned(on mapping: Mapping, _ room: (String) -> Double) -> Ticks {
    var ticks = self
    for keep in 1...major.count + 1 where !ticks.isApart(on: mapping, room) {
      ticks.major = major.enumerated().filter { $0.offset.isMultiple(of: keep) }.map(\.element)
      let kept = Set(ticks.major.map(\.value))
      ticks.minor = (minor + major.map(\.value).filter { !kept.contains($0) }).sorted()
    }
    return ticks
  }
}

extension Double {
  /// The middle of a pixel, where an upright or level line of one pixel is sharp.
  var crisp: Double { rounded(.down) + 0.5 }
}
