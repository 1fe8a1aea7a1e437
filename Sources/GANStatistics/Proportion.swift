/// A share of samples with its 95 % confidence interval.
///
/// - Source: Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927.
package struct Proportion: Hashable, Sendable, Codable {
  /// The number of samples that count.
  package let count: Int
  /// Of how many.
  package let total: Int
  /// `count / total`; nil, and null in JSON, of no samples.
  package let share: Double?
  /// The interval's lower end; 0 of no samples.
  package let lower: Double
  /// The interval's upper end; 1 of no samples.
  package let upper: Double

  /// The standard deviations that hold 95 % of a normal distribution.
  private static let quantile = 1.959963984540054

  /// A share of samples.
  ///
  /// - Parameter count: `0 ... total`.
  package init(count: Int, total: Int) {
    precondition((0...max(total, 0)).contains(count), "\(count) of \(total) is no share")
    self.count = count
    self.total = total
    guard total > 0 else {
      (share, lower, upper) = (nil, 0, 1)
      return
    }
    let n = Double(total)
    let p = Double(count) / n
    let z = Self.quantile
    let centre = p + z * z / (2 * n)
    let spread = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    share = p
    // At either end of the scale one bound is exactly that end, which rounding would miss.
    lower = count == 0 ? 0 : (centre - spread) / (1 + z * z / n)
    upper = count == total ? 1 : (centre + spread) / (1 + z * z / n)
  }

  /// Encodes a missing share as null, not by leaving it out.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(count, forKey: .count)
    try container.encode(total, forKey: .total)
    try container.encode(share, forKey: .share)
    try container.encode(lower, forKey: .lower)
    try container.encode(upper, forKey: .upper)
  }
}
