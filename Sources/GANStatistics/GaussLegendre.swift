import Foundation

/// Points in `[-1, 1]` and weights that integrate polynomials up to degree `2 count - 1` exactly.
struct GaussLegendre: Sendable {
  let points: [Double]
  let weights: [Double]

  /// Finds the roots of the Legendre polynomial of degree `count` by Newton's method.
  ///
  /// - Source: Press, Teukolsky, Vetterling, Flannery, "Numerical Recipes", section 4.6.
  init(count: Int) {
    let pairs = (1...count).map { index in
      // Within a few hundredths of the gap to the next root, so Newton converges to this one.
      var root = cos(Double.pi * (Double(index) - 0.25) / (Double(count) + 0.5))
      var slope = 0.0
      for _ in 0..<10 {
        let (value, derivative) = Self.legendre(degree: count, at: root)
        slope = derivative
        root -= value / derivative
      }
      return (point: root, weight: 2 / ((1 - root * root) * slope * slope))
    }
    points = pairs.map(\.point)
    weights = pairs.map(\.weight)
  }

  /// The polynomial and its derivative, by the recurrence over degrees.
  private static func legendre(degree: Int, at x: Double) -> (value: Double, derivative: Double) {
    var (previous, current) = (1.0, x)
    for n in stride(from: 2, through: degree, by: 1) {
      (previous, current) = (
        current, (Double(2 * n - 1) * x * current - Double(n - 1) * previous) / Double(n)
      )
    }
    return (current, Double(degree) * (x * current - previous) / (x * x - 1))
  }
}
