import Foundation

/// The share of each moment of the past in a power-function average at time `t`:
/// `p(τ) = (γ + 1) τ^γ / t^(γ + 1)` for `0 ≤ τ ≤ t`, and 0 later. Its integral is 1.
///
/// - Source: Karras et al., "Analyzing and Improving the Training Dynamics of Diffusion Models", 2023,
///   arXiv:2312.02696, section 3.1 and appendix C.
package struct PowerProfile: Hashable, Sendable {
  /// γ, not negative.
  package let exponent: Double
  /// t, positive, in any unit: steps, images.
  package let end: Double

  /// A profile by its relative length.
  ///
  /// - Parameter length: The standard deviation of τ over t, from `lengths`.
  package init(length: Double, end: Double) {
    precondition(Self.lengths.contains(length) && end > 0, "got length \(length), end \(end)")
    exponent = Self.exponent(ofLength: length)
    self.end = end
  }

  /// The lengths for which a profile is computed; the last is short of that of γ = 0, 1 / √12.
  package static let lengths = 0.01...0.28

  /// γ, from `length² = (γ + 1) / ((γ + 2)² (γ + 3))`.
  package static func exponent(ofLength length: Double) -> Double {
    // The right-hand side falls as γ grows, and is less than 1 / (γ + 2)².
    var (low, high) = (0.0, 1 / length)
    while true {
      let middle = (low + high) / 2
      guard low < middle, middle < high else { return middle }
      let square = (middle + 1) / ((middle + 2) * (middle + 2) * (middle + 3))
      if square > length * length { low = middle } else { high = middle }
    }
  }

  /// The integral of the product of two profiles, per unit of time.
  package func product(with other: PowerProfile) -> Double {
    let (first, second) = end <= other.end ? (self, other) : (other, self)
    let (a, b) = (first.exponent, second.exponent)
    // ∫ up to the earlier end; by the ratio of both ends nothing overflows.
    return (a + 1) * (b + 1) / (a + b + 1) * pow(first.end / second.end, b) / second.end
  }
}

/// The weights that make one profile of others, with the least squared difference among those that add
/// up to 1.
///
/// Unlike in the paper the sum is held: what did not change in training is the same in every average,
/// however few profiles there are.
package struct ProfileFit: Sendable {
  /// The weight of each profile, in their order; some may be negative.
  package let weights: [Double]
  /// The root of the mean squared difference, relative to the profile's own root mean square.
  package let relativeError: Double

  /// Fits profiles.
  ///
  /// - Parameter profiles: At least one; no two are equal.
  /// - Complexity: O(n³) for n profiles.
  package init(_ target: PowerProfile, by profiles: [PowerProfile]) {
    precondition(
      !profiles.isEmpty && Set(profiles).count == profiles.count,
      "\(profiles.count) profiles, \(Set(profiles).count) of them different")
    // Profiles of length 1 in place of those of integral 1, whose squares differ by orders.
    let norms = profiles.map { $0.product(with: $0).squareRoot() }
    let products = profiles.enumerated().map { row, profile in
      profiles.enumerated().map { profile.product(with: $1) / (norms[row] * norms[$0]) }
    }
    let wanted = zip(profiles, norms).map { $0.product(with: target) / $1 }
    let factor = CholeskyFactor(products)
    let free = factor.solution(wanted)
    // The constraint's multiplier moves the solution along A⁻¹ s, where s are the integrals.
    let integrals = norms.map { 1 / $0 }
    let direction = factor.solution(integrals)
    func sum(_ values: [Double]) -> Double { zip(values, integrals).reduce(0) { $0 + $1.0 * $1.1 } }
    let multiplier = (1 - sum(free)) / sum(direction)
    let scaled = zip(free, direction).map { $0 + multiplier * $1 }
    weights = zip(scaled, integrals).map { $0 * $1 }
    let square = target.product(with: target)
    var error = square
    for (row, weight) in scaled.enumerated() {
      error -= 2 * weight * wanted[row]
      for (column, other) in scaled.enumerated() { error += weight * other * products[row][column] }
    }
    relativeError = (max(error, 0) / square).squareRoot()
  }
}

/// The factor `L` of a symmetric positive definite matrix `A = L Lᵀ`.
private struct CholeskyFactor {
  /// Row by row, up to the diagonal.
  private var rows: [[Double]] = []

  init(_ matrix: [[Double]]) {
    for (index, row) in matrix.enumerated() {
      var values: [Double] = []
      for column in 0...index {
        var rest = row[column]
        let other = column < index ? rows[column] : values
        for inner in 0..<column { rest -= values[inner] * other[inner] }
        if column < index {
          values.append(rest / other[column])
        } else {
          precondition(rest > 0, "row \(index) depends on those before: \(rest)")
          values.append(rest.squareRoot())
        }
      }
      rows.append(values)
    }
  }

  /// x with `A x = b`.
  func solution(_ right: [Double]) -> [Double] {
    var x = right
    for (index, row) in rows.enumerated() {
      for column in 0..<index { x[index] -= row[column] * x[column] }
      x[index] /= row[index]
    }
    for index in rows.indices.reversed() {
      x[index] /= rows[index][index]
      for column in 0..<index { x[column] -= rows[index][column] * x[index] }
    }
    return x
  }
}
