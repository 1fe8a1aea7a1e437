import Foundation

/// The marks of an axis and what stands beside them.
package struct Ticks: Hashable, Sendable {
  /// A mark with a label.
  package struct Tick: Hashable, Sendable {
    /// The value it marks.
    package let value: Double
    /// The words beside it; no two of an axis are the same.
    package var label: String
  }

  /// Marks with labels, ascending.
  package var major: [Tick]
  /// Marks without, ascending; only logarithms have them.
  package var minor: [Double] = []
  /// Every label is to be multiplied by this power of ten; 0 where labels are the values.
  package var exponent = 0

  /// Marks for the values of an axis from end to end.
  ///
  /// - Parameters:
  ///   - range: Values the scale can show; not a single one.
  ///   - count: The wish; from 3 to 8 there will be.
  package init(_ range: ClosedRange<Double>, scale: Scale, about count: Int) {
    switch scale {
    case .linear: self = Self.linear(range, about: count)
    case .log10: self = Self.logarithmic(range, about: count)
    }
  }

  /// The allowed numbers of marks.
  static let counts = 3...8

  /// Equal steps of 1, 2 or 5 times a power of ten.
  ///
  /// The largest such step of which at least three fit makes 3 to 8 marks, since the next one is
  /// at most 2.5 times as large.
  static func linear(_ range: ClosedRange<Double>, about count: Int) -> Ticks {
    let span = range.upperBound - range.lowerBound
    let magnitude = Int(log10(span).rounded(.down))
    let candidates = (magnitude - 2...magnitude).flatMap { exponent in
      [1, 2, 5].map { Step(mantissa: $0, exponent: exponent).multiples(in: range) }
    }
    let chosen = nearest(count, of: candidates.filter { counts.contains($0.count) }) { $0.count }
    return labelled(chosen ?? [])
  }

  /// The candidate whose size is nearest to a wish, as a ratio; of equals the last.
  static func nearest<Candidate>(
    _ count: Int, of candidates: [Candidate], size: (Candidate) -> Int
  ) -> Candidate? {
    func distance(_ candidate: Candidate) -> Double {
      abs(log(Double(size(candidate)) / Double(max(count, 1))))
    }
    return candidates.reversed().min { distance($0) < distance($1) }
  }

  /// Labels in plain digits, or all over one power of ten where those would be long.
  static func labelled(_ values: [Decimal]) -> Ticks {
    let exponent = values.compactMap(\.magnitude).max() ?? 0
    let shift = plainMagnitudes.contains(exponent) ? 0 : exponent
    return Ticks(
      major: values.map { Tick(value: $0.value, label: $0.label(over: shift)) }, exponent: shift)
  }

  /// Powers of ten of the first digit up to which plain digits are short.
  static let plainMagnitudes = -3..<6

  init(major: [Tick], minor: [Double] = [], exponent: Int = 0) {
    self.major = major
    self.minor = minor
    self.exponent = exponent
  }
}

/// A distance between marks: `mantissa * 10^exponent`.
struct Step {
  /// 1, 2 or 5.
  let mantissa: Int
  /// Of ten.
  let exponent: Int

  /// Its multiples within a range, ascending.
  func multiples(in range: ClosedRange<Double>) -> [Ticks.Decimal] {
    let size = Ticks.Decimal(digits: mantissa, exponent: exponent).value
    let first = (range.lowerBound / size).rounded(.down)
    let last = (range.upperBound / size).rounded(.up)
    // A range this far from zero has no room for exact multiples; one this long, too many.
    guard size > 0, abs(first) < 1e15, abs(last) < 1e15, last - first < 20 else { return [] }
    return (Int(first)...Int(last))
      .map { Ticks.Decimal(digits: $0 * mantissa, exponent: exponent) }
      .filter { range.contains($0.value) }
  }
}

extension Ticks {
  /// `digits * 10^exponent`, exactly.
  struct Decimal: Hashable, Sendable {
    let digits: Int
    let exponent: Int

    /// The nearest double, as a literal of the same digits would be.
    var value: Double {
      let power = pow(10, Double(abs(exponent)))
      return exponent < 0 ? Double(digits) / power : Double(digits) * power
    }

    /// The power of ten of the first digit; nil for zero.
    var magnitude: Int? {
      digits == 0 ? nil : String(digits.magnitude).count - 1 + exponent
    }

    /// The shortest digits that are this number divided by `10^shift`.
    func label(over shift: Int) -> String {
      guard digits != 0 else { return "0" }
      var (whole, fraction) = (String(digits.magnitude), "")
      let places = exponent - shift
      if places >= 0 {
        whole += String(repeating: "0", count: places)
      } else {
        whole = String(repeating: "0", count: max(0, 1 - places - whole.count)) + whole
        fraction = String(whole.suffix(-places))
        whole = String(whole.dropLast(-places))
        while fraction.hasSuffix("0") { fraction.removeLast() }
      }
      let sign = digits < 0 ? "\u{2212}" : ""
      return sign + grouped(whole) + (fraction.isEmpty ? "" : "." + fraction)
    }

    /// Thin spaces between thousands, from five digits on.
    private func grouped(_ whole: String) -> String {
      guard whole.count > 4 else { return whole }
      var text = ""
      for (index, digit) in whole.enumerated() {
        if index > 0, (whole.count - index).isMultiple(of: 3) { text += "\u{202f}" }
        text.append(digit)
      }
      return text
    }
  }
}
