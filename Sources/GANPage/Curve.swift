import Foundation

/// A quantity of a run over its course.
package struct Curve: Hashable, Sendable {
  /// Values to the right.
  package var x: [Double]
  /// Values upwards; NaN leaves a gap.
  package var y: [Double]

  /// Pairs values.
  package init(x: [Double], y: [Double]) { (self.x, self.y) = (x, y) }

  /// The moving average of the values, without the pull to zero of its start.
  ///
  /// With the weight of the past w, a_k = w a_{k-1} + (1 - w) y_k from a_0 = 0, and a_k / (1 - w^k) is drawn. A value that
  /// is not finite leaves the average as it was, and a gap in its own place.
  ///
  /// - Parameter weight: 0 (the values themselves) to below 1.
  /// - Source: Kingma, Ba, "Adam", 2015, arXiv:1412.6980, section 3, for the correction.
  package func smoothed(by weight: Double) -> Curve {
    guard weight > 0 else { return self }
    var (average, correction) = (0.0, 1.0)
    let smooth = y.map { value in
      guard value.isFinite else { return Double.nan }
      average = weight * average + (1 - weight) * value
      correction *= weight
      return average / (1 - correction)
    }
    return Curve(x: x, y: smooth)
  }

  /// At most so many of the points, evenly, the last among them.
  package func thinned(to count: Int) -> Curve {
    guard x.count > count, count > 1 else { return self }
    let indices = (0..<count).map { $0 * (x.count - 1) / (count - 1) }
    return Curve(x: indices.map { x[$0] }, y: indices.map { y[$0] })
  }

  /// The mean of several curves and their deviation from it, where every one has a point.
  ///
  /// - Returns: The deviation is that of a sample (n - 1 in the denominator), 0 for one curve.
  package static func mean(of curves: [Curve]) -> (mean: Curve, deviation: [Double]) {
    let values = curves.map { Dictionary(zip($0.x, $0.y)) { first, _ in first } }
    let shared = (curves.first?.x ?? []).filter { x in values.allSatisfy { $0[x] != nil } }
    var mean = Curve(x: shared, y: [])
    var deviation: [Double] = []
    for x in shared {
      let all = values.compactMap { $0[x] }
      let middle = all.reduce(0, +) / Double(all.count)
      let squares = all.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
      mean.y.append(middle)
      deviation.append(all.count > 1 ? (squares / Double(all.count - 1)).squareRoot() : 0)
    }
    return (mean, deviation)
  }
}
