import Foundation

/// Values of an axis to pixels of a scene.
struct Mapping: Hashable, Sendable {
  let scale: Scale
  let range: ClosedRange<Double>
  /// The place where the range begins.
  let start: Double
  /// The place where it ends; before `start` on vertical axes, since pixels count downwards.
  let end: Double

  /// Farther than any scene, near enough for exact arithmetic.
  private static let farthest = 1e7

  /// The place of a value, which may be outside the plot; nil where it has none.
  func position(_ value: Double) -> Double? {
    guard let share = share(value) else { return nil }
    return min(max(start + share * (end - start), -Self.farthest), Self.farthest)
  }

  /// The share of the range before a value; nil where it has no place.
  func share(_ value: Double) -> Double? {
    guard scale.canShow(value) else { return nil }
    let (lower, upper) = (range.lowerBound, range.upperBound)
    return switch scale {
    case .linear: (value - lower) / (upper - lower)
    case .log10: Foundation.log10(value / lower) / Foundation.log10(upper / lower)
    }
  }

  /// The value at a place.
  func value(at position: Double) -> Double {
    let share = (position - start) / (end - start)
    let (lower, upper) = (range.lowerBound, range.upperBound)
    return switch scale {
    case .linear: lower + share * (upper - lower)
    case .log10: lower * pow(upper / lower, share)
    }
  }
}

/// The least and the largest of the values that a scale can show.
struct Extent {
  let scale: Scale
  private(set) var range: ClosedRange<Double>?

  init(_ scale: Scale) { self.scale = scale }

  mutating func cover(_ value: Double) {
    guard scale.canShow(value) else { return }
    range = range.map { min($0.lowerBound, value)...max($0.upperBound, value) } ?? value...value
  }

  mutating func cover(_ values: [Double]) {
    for value in values { cover(value) }
  }

  /// A range that an axis can show: the values', and some room on both sides.
  ///
  /// - Parameter margin: Room on each side, as a share of the range. It never crosses zero.
  func axisRange(margin: Double) -> ClosedRange<Double> {
    guard let range else { return scale == .linear ? 0...1 : 0.1...10 }
    let wide = Self.widened(range, on: scale)
    let (lower, upper) = (wide.lowerBound, wide.upperBound)
    switch scale {
    case .linear:
      let room = (upper - lower) * margin
      let padded = (lower - room, upper + room)
      return (range.lowerBound >= 0 ? max(padded.0, min(lower, 0)) : padded.0)...padded.1
    case .log10:
      let factor = pow(upper / lower, margin)
      return max(lower / factor, 1e-300)...min(upper * factor, 1e300)
    }
  }

  /// The same range where marks within it can be told apart, else one around it.
  static func widened(_ range: ClosedRange<Double>, on scale: Scale) -> ClosedRange<Double> {
    let (lower, upper) = (range.lowerBound, range.upperBound)
    let size = max(abs(lower), abs(upper))
    // Sixteen digits make a double; twelve leave marks four to be told apart by.
    guard upper - lower <= max(size * 1e-12, 1e-290) else { return range }
    if scale == .log10 { return max(lower / 2, 1e-300)...min(upper * 2, 1e300) }
    guard size > 1e-280 else { return -1...1 }
    return (lower - size / 10)...(upper + size / 10)
  }
}
