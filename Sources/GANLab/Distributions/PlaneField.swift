import GANPlots
import GANTensor

/// A square of the plane in cells, to draw functions over.
struct PlaneField {
  /// From its left side to its right one.
  let x: ClosedRange<Double>
  /// From below to above.
  let y: ClosedRange<Double>
  private let columns: Int

  /// A square around distributions.
  init(around distributions: [any KnownDistribution], deviations: Double, columns: Int = 121) {
    let bounds = distributions.map { $0.bounds(deviations: deviations) }
    let lower = bounds.reduce(SIMD2(repeating: Double.infinity)) { pointwiseMin($0, $1.lower) }
    let upper = bounds.reduce(SIMD2(repeating: -Double.infinity)) { pointwiseMax($0, $1.upper) }
    self.init(from: lower, to: upper, columns: columns)
  }

  /// A square around a box.
  ///
  /// - Parameter margin: What lies on each side of the box, as a share of its longer side.
  init(
    from lower: SIMD2<Double>, to upper: SIMD2<Double>, margin: Double = 0, columns: Int = 121
  ) {
    let half = max(upper.x - lower.x, upper.y - lower.y) * (0.5 + margin)
    let centre = (lower + upper) / 2
    x = centre.x - half...centre.x + half
    y = centre.y - half...centre.y + half
    self.columns = columns
  }

  /// The middles of the cells, row by row from below.
  var points: [SIMD2<Double>] {
    let cell = (x.upperBound - x.lowerBound) / Double(columns)
    let offsets = (0..<columns).map { (Double($0) + 0.5) * cell }
    return offsets.flatMap { up in
      offsets.map { SIMD2(x.lowerBound + $0, y.lowerBound + up) }
    }
  }

  /// A function of the plane as colours.
  func map(
    _ label: String = "", range: ClosedRange<Double>? = nil, map: ColourMap = .sequential,
    _ value: (SIMD2<Double>) -> Double
  ) -> HeatMap {
    heatMap(points.map(value), label, range: range, map: map)
  }

  /// Values at `points` as colours.
  func heatMap(
    _ values: [Double], _ label: String = "", range: ClosedRange<Double>? = nil,
    map: ColourMap = .sequential, opacity: Double = 1
  ) -> HeatMap {
    HeatMap(
      x: x, y: y, columns: columns, values: values, label: label, range: range, map: map,
      opacity: opacity)
  }
}
