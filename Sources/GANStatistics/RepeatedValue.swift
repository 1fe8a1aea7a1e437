import Foundation

/// A value from several disjoint sets of items, all of the same count, with the interval of its mean.
package struct RepeatedValue: Hashable, Sendable, Codable {
  /// The mean of the sets' values: the value to report.
  package let value: Double
  /// The ends of the 95 % interval of the mean, by Student's t; nil of one set.
  package let low: Double?
  package let high: Double?
  /// The number of sets.
  package let setCount: Int

  /// Summarises values.
  ///
  /// - Parameter values: One for each set; at least one.
  package init(_ values: [Double]) {
    precondition(!values.isEmpty, "a mean of nothing")
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    value = mean
    setCount = values.count
    guard values.count > 1 else {
      (low, high) = (nil, nil)
      return
    }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = (squares / (count - 1) / count).squareRoot()
    let reach = error * studentQuantile(freedom: values.count - 1)
    (low, high) = (mean - reach, mean + reach)
  }

  /// Encodes a missing end as null, not by leaving it out.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(value, forKey: .value)
    try container.encode(low, forKey: .low)
    try container.encode(high, forKey: .high)
    try container.encode(setCount, forKey: .setCount)
  }
}

/// The number of deviations within which Student's t lies with a probability of 95 %.
///
/// - Parameter freedom: Degrees of freedom; at least 1.
/// - Source: Abramowitz, Stegun, "Handbook of Mathematical Functions", 26.7.3 and 26.7.4.
func studentQuantile(freedom: Int) -> Double {
  func probability(within t: Double) -> Double {
    let angle = atan(t / Double(freedom).squareRoot())
    let (sine, cosine) = (sin(angle), cos(angle))
    let isOdd = !freedom.isMultiple(of: 2)
    var term = isOdd ? cosine : 1
    var sum = freedom == 1 ? 0 : term
    for power in stride(from: isOdd ? 3 : 2, to: freedom - 1, by: 2) {
      term *= cosine * cosine * Double(power - 1) / Double(power)
      sum += term
    }
    return isOdd ? 2 / .pi * (angle + sine * sum) : sine * sum
  }
  var (low, high) = (0.0, 13.0)
  while true {
    let middle = (low + high) / 2
    guard middle > low, middle < high else { return middle }
    if probability(within: middle) < 0.95 { low = middle } else { high = middle }
  }
}
