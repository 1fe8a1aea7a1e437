import Foundation

/// Values of one quantity over seeds.
struct Spread: Encodable, Hashable, Sendable {
  /// One for each seed, in their order.
  let values: [Double]

  init(_ values: [Double]) {
    precondition(!values.isEmpty, "a spread of no values")
    self.values = values
  }

  /// Nil for no values.
  init?(ifAny values: [Double]) {
    guard !values.isEmpty else { return nil }
    self.init(values)
  }

  /// Their mean.
  var mean: Double { values.reduce(0, +) / Double(values.count) }

  /// The mean's standard error, `n - 1` in the deviation's denominator; nil for one value.
  var standardError: Double? {
    guard values.count > 1 else { return nil }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1) / Double(values.count)).squareRoot()
  }

  /// From the least of them to the greatest.
  var range: ClosedRange<Double> { (values.min() ?? 0)...(values.max() ?? 0) }

  /// `mean ± standard error`, or the only value.
  func words(_ digits: Int) -> String {
    fixed(mean, digits) + (standardError.map { " ± " + fixed($0, digits) } ?? "")
  }

  private enum CodingKeys: String, CodingKey { case values, mean, standardError }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(values.map(Finite.init), forKey: .values)
    try container.encode(Finite(mean), forKey: .mean)
    try container.encode(standardError.map(Finite.init), forKey: .standardError)
  }
}
