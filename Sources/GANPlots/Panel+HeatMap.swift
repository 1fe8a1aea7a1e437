import GANFormats

extension Panel {
  /// The visible part of a heat map, as one picture of a pixel for each cell, or for each pixel of
  /// the scene where the axes cut or bend the cells.
  func elements(of map: HeatMap) -> [Scene.Element] {
    guard let left = x.position(map.x.lowerBound), let right = x.position(map.x.upperBound),
      let top = y.position(map.y.upperBound), let bottom = y.position(map.y.lowerBound),
      left < right, top < bottom,
      let visible = Box(minX: left, minY: top, maxX: right, maxY: bottom).intersection(frame)
    else { return [] }
    let whole = Box(minX: left, minY: top, maxX: right, maxY: bottom)
    let isWhole = frame.grown(by: 0.01).contains(whole)
    let isStraight = x.scale == .linear && y.scale == .linear
    let keepsCells =
      isWhole && isStraight && Double(map.columns) <= 2 * whole.width
      && Double(map.rows) <= 2 * whole.height
    let columns = keepsCells ? map.columns : max(1, Int(visible.width.rounded()))
    let rows = keepsCells ? map.rows : max(1, Int(visible.height.rounded()))

    let colours = Mapping(scale: map.scale, range: map.colourRange, start: 0, end: 1)
    var steps: [UInt8] = []
    steps.reserveCapacity(columns * rows)
    for row in 0..<rows {
      let place = visible.minY + (Double(row) + 0.5) / Double(rows) * visible.height
      let cellRow = map.cell(of: y.value(at: place), in: map.y, count: map.rows)
      for column in 0..<columns {
        let place = visible.minX + (Double(column) + 0.5) / Double(columns) * visible.width
        let cellColumn = map.cell(of: x.value(at: place), in: map.x, count: map.columns)
        let value = map.values[cellRow * map.columns + cellColumn]
        steps.append(ColourMap.step(at: colours.share(value) ?? .nan))
      }
    }
    let picture = map.map.picture(columns: columns, rows: rows, steps: steps)
    return [.image(picture, visible, opacity: map.opacity)]
  }
}

extension HeatMap {
  /// The cell of a side that a value is in.
  fileprivate func cell(of value: Double, in range: ClosedRange<Double>, count: Int) -> Int {
    let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    return min(max(Int(share * Double(count)), 0), count - 1)
  }
}
