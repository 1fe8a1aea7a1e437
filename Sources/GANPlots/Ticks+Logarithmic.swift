import Foundation

extension Ticks {
  /// Powers of ten where there are three; else 1, 2 and 5 times them; else what a linear axis has.
  static func logarithmic(_ range: ClosedRange<Double>, about count: Int) -> Ticks {
    let decades = decades(in: range)
    let strides = [1, 2, 3, 5, 10, 20, 50, 100].map { stride in
      (stride, decades.filter { $0.isMultiple(of: stride) })
    }
    let allowed = strides.filter { counts.contains($0.1.count) }
    if let (stride, chosen) = nearest(count, of: allowed, size: { $0.1.count }) {
      let between =
        stride == 1 ? multiples([2, 3, 4, 5, 6, 7, 8, 9], in: range) : decades.map(ten)
      return Ticks(
        major: chosen.map { Tick(value: ten($0).value, label: powerLabel($0, among: chosen)) },
        minor: between.map(\.value).filter { value in !chosen.contains { ten($0).value == value } })
    }
    let few = multiples([1, 2, 5], in: range)
    guard counts.contains(few.count) else { return linear(range, about: count) }
    var ticks = labelled(few)
    ticks.minor = multiples([1, 2, 3, 4, 5, 6, 7, 8, 9], in: range).map(\.value)
      .filter { value in !few.contains { $0.value == value } }
    return ticks
  }

  /// Plain digits where every label of the axis is short so, else a power.
  private static func powerLabel(_ exponent: Int, among exponents: [Int]) -> String {
    exponents.allSatisfy { (-3...3).contains($0) }
      ? ten(exponent).label(over: 0) : "10" + superscript(exponent)
  }

  private static func ten(_ exponent: Int) -> Decimal { Decimal(digits: 1, exponent: exponent) }

  /// Exponents of the powers of ten within a range, ascending.
  private static func decades(in range: ClosedRange<Double>) -> [Int] {
    let first = Int(log10(range.lowerBound).rounded(.down))
    let last = Int(log10(range.upperBound).rounded(.up))
    return (first...last).filter { range.contains(ten($0).value) }
  }

  /// Some digits times every power of ten, within a range, ascending.
  private static func multiples(_ digits: [Int], in range: ClosedRange<Double>) -> [Decimal] {
    let first = Int(log10(range.lowerBound).rounded(.down))
    let last = Int(log10(range.upperBound).rounded(.up))
    return (first...last).flatMap { exponent in
      digits.map { Decimal(digits: $0, exponent: exponent) }
    }
    .filter { range.contains($0.value) }
  }
}

/// Writes an integer above the line.
func superscript(_ number: Int) -> String {
  let digits: [Character: Character] = [
    "-": "\u{207b}", "0": "\u{2070}", "1": "\u{b9}", "2": "\u{b2}", "3": "\u{b3}",
    "4": "\u{2074}", "5": "\u{2075}", "6": "\u{2076}", "7": "\u{2077}", "8": "\u{2078}",
    "9": "\u{2079}",
  ]
  return String(String(number).compactMap { digits[$0] })
}
