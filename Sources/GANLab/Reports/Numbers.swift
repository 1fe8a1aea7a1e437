import Foundation

/// A number with as many digits after the point as are worth reading.
func fixed(_ value: Double, _ digits: Int) -> String {
  guard value.isFinite else { return value.isNaN ? "none" : value < 0 ? "-infinity" : "infinity" }
  return String(format: "%.\(digits)f", value)
}

/// A number with as many digits as are worth reading, in powers of ten where it is tiny or huge.
func significant(_ value: Double, _ digits: Int = 3) -> String {
  guard value.isFinite else { return fixed(value, 0) }
  return String(format: "%.\(digits)g", value)
}

/// `1 seed`, `2 seeds`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

/// `seed 0`, `seeds 0, 1`.
func words(ofSeeds seeds: [UInt64]) -> String {
  (seeds.count == 1 ? "seed " : "seeds ") + seeds.map(String.init).joined(separator: ", ")
}

/// A share as a percentage.
func percentage(_ share: Double, _ digits: Int = 1) -> String { fixed(100 * share, digits) + " %" }

/// A number in JSON: null where it is infinite or NaN.
struct Finite: Encodable, Hashable, Sendable {
  let value: Double

  init(_ value: Double) { self.value = value }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if value.isFinite { try container.encode(value) } else { try container.encodeNil() }
  }
}
