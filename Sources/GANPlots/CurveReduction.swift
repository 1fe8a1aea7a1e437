/// Leaves out points that no pixel would show.
enum CurveReduction {
  /// Of each column of pixels the first, the lowest, the highest and the last point.
  ///
  /// Curves that turn back, and those with fewer points than that, stay what they are.
  ///
  /// - Source: Jugel, Jerzak, Hackenbroich, Markl, "M4: A Visualization-Oriented Time Series Data
  ///   Aggregation", 2014.
  static func reduced(_ curve: [Point]) -> [Point] {
    guard let first = curve.first, let last = curve.last,
      Double(curve.count) > 4 * (last.x - first.x),
      zip(curve, curve.dropFirst()).allSatisfy({ $0.x <= $1.x })
    else { return curve }
    var kept: [Point] = []
    var start = 0
    while start < curve.count {
      let column = curve[start].x.rounded(.down)
      let end = curve[start...].firstIndex { $0.x.rounded(.down) != column } ?? curve.count
      let indices = start..<end
      let extremes = [
        start, indices.min { curve[$0].y < curve[$1].y } ?? start,
        indices.max { curve[$0].y < curve[$1].y } ?? start, end - 1,
      ]
      for index in Set(extremes).sorted() { kept.append(curve[index]) }
      start = end
    }
    return kept
  }

  /// Points on a raster of half pixels, each once, row by row: beyond a few thousand, finer
  /// places cost bytes and show nothing.
  static func quantised(_ cloud: [Point]) -> [Point] {
    Set(cloud.map { Point(($0.x * 2).rounded() / 2, ($0.y * 2).rounded() / 2) })
      .sorted { ($0.y, $0.x) < ($1.y, $1.x) }
  }
}
