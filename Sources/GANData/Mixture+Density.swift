import Foundation
package import GANTensor

extension Mixture: KnownDistribution {
  /// The natural logarithm of `sum over k of w_k p_k(x)`; `-infinity` where no component reaches.
  ///
  /// - Complexity: One pass over the components. An exponential is taken of those alone that
  ///   change the sum.
  package func logDensity(at point: SIMD2<Double>) -> Double {
    let (x, y) = (point.x, point.y)
    var largest = -Double.infinity
    var sum = 0.0
    for term in terms {
      let exponent = term.exponent(x, y)
      if exponent > largest {
        sum = sum * exp(largest - exponent) + 1
        largest = exponent
      } else if exponent > largest - Self.negligible {
        sum += exp(exponent - largest)
      }
    }
    return largest + log(sum)
  }

  /// `exp(-44)` is below half a unit in the last place of 1, even a thousand times.
  private static let negligible = 44.0

  /// Standard deviations of a Gaussian beyond which 2e-19 of it lies.
  private static let reach = 9.0

  package var cuts: [[Double]] {
    let (lower, upper) = bounds(deviations: Self.reach)
    let boxes = components.filter { $0.weight > 0 && $0.kind == .uniform }
    return (0..<dimension).map { axis in
      let jumps = boxes.flatMap {
        [$0.centre[axis] - $0.extents[axis], $0.centre[axis] + $0.extents[axis]]
      }
      return Set(jumps + [lower[axis], upper[axis]]).sorted()
    }
  }

  /// Along each axis two standard deviations of the narrowest Gaussian within six of the box: a
  /// rule of eight points sees it, and adaptive refinement does the rest.
  package func resolution(from lower: SIMD2<Double>, to upper: SIMD2<Double>) -> SIMD2<Double> {
    var finest = SIMD2(repeating: Double.infinity)
    for component in components where component.kind == .gaussian && component.weight > 0 {
      let extents = component.extents
      let first = component.centre - 6 * extents
      let last = component.centre + 6 * extents
      let isNear = (0..<dimension).allSatisfy { last[$0] >= lower[$0] && first[$0] <= upper[$0] }
      if isNear { finest = pointwiseMin(finest, 2 * extents) }
    }
    return finest
  }

  package func probability(from lower: SIMD2<Double>, to upper: SIMD2<Double>) -> Double {
    var sum = 0.0
    for component in components where component.weight > 0 {
      var mass = component.weight
      for axis in 0..<dimension where mass > 0 {
        mass *= component.mass(from: lower[axis], to: upper[axis], axis: axis)
      }
      sum += mass
    }
    return sum
  }

  package func bounds(deviations: Double) -> (lower: SIMD2<Double>, upper: SIMD2<Double>) {
    var lower = SIMD2(repeating: Double.infinity)
    var upper = SIMD2(repeating: -Double.infinity)
    for component in components where component.weight > 0 {
      let reach = component.extents * (component.kind == .gaussian ? deviations : 1)
      lower = pointwiseMin(lower, component.centre - reach)
      upper = pointwiseMax(upper, component.centre + reach)
    }
    return dimension == 1 ? (SIMD2(lower.x, 0), SIMD2(upper.x, 0)) : (lower, upper)
  }

  package var modes: [Mode] {
    guard isCountedByMode else { return [] }
    return components.filter { $0.weight > 0 && $0.kind == .gaussian }
      .map { Mode(centre: $0.centre, deviations: $0.extents, weight: $0.weight) }
  }
}

extension Mixture.Component {
  /// The mass between two bounds along one axis.
  ///
  /// For a Gaussian `1/2 erf((b - mu) / (sigma sqrt 2)) - 1/2 erf((a - mu) / (sigma sqrt 2))`,
  /// taken on the side of the mean where nothing cancels.
  fileprivate func mass(from lower: Double, to upper: Double, axis: Int) -> Double {
    let a = (lower - centre[axis]) / extents[axis]
    let b = (upper - centre[axis]) / extents[axis]
    switch kind {
    case .uniform:
      return max(0, min(1, b) - max(-1, a)) / 2
    case .gaussian:
      let half = 0.5.squareRoot()
      return a > 0
        ? (erfc(a * half) - erfc(b * half)) / 2
        : (erfc(-b * half) - erfc(-a * half)) / 2
    }
  }
}

extension Mixture {
  /// A component as the hot loop wants it.
  struct Term: Hashable, Sendable {
    private let isUniform: Bool
    /// The logarithm of the weight times the density at the centre.
    private let logPeak: Double
    private let x: Double
    private let y: Double
    private let inverseX: Double
    /// 0 over the line, so that the second coordinate drops out.
    private let inverseY: Double

    init(_ component: Component, dimension: Int) {
      isUniform = component.kind == .uniform
      x = component.centre.x
      y = component.centre.y
      inverseX = 1 / component.extents.x
      inverseY = dimension == 1 ? 0 : 1 / component.extents.y
      let unit = isUniform ? log(2) : log(2 * Double.pi) / 2
      let logExtents =
        log(component.extents.x) + (dimension == 1 ? 0 : log(component.extents.y))
      logPeak = log(component.weight) - Double(dimension) * unit - logExtents
    }

    /// The logarithm of the weighted density at a point.
    func exponent(_ pointX: Double, _ pointY: Double) -> Double {
      let dx = (pointX - x) * inverseX
      let dy = (pointY - y) * inverseY
      if isUniform { return abs(dx) <= 1 && abs(dy) <= 1 ? logPeak : -.infinity }
      return logPeak - (dx * dx + dy * dy) / 2
    }
  }
}
