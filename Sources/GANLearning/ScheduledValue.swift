/// A hyperparameter over a run: a number, or a change from one to another over a number of images.
///
/// As text a number, or `FROM to TO over IMAGES CURVE`, a line without a curve, such as
/// `0.0002 to 5e-05 over 2000000 cosine`. In JSON a number, or that text.
package struct ScheduledValue: Hashable, Sendable {
  /// The value before the first image.
  package var start: Double
  /// Its change; nil for a constant.
  package var change: Change?

  /// A change to another value.
  package struct Change: Hashable, Sendable {
    /// The value from the last of `images` on.
    package var end: Double
    /// Real images, of all data, on the way; at least 1.
    package var images: Int
    /// The curve on the way.
    package var curve: Curve

    /// Creates a change.
    package init(to end: Double, over images: Int, _ curve: Curve) {
      precondition(images >= 1, "a value changes over at least one image; got \(images)")
      (self.end, self.images, self.curve) = (end, images, curve)
    }
  }

  /// The shape of a change.
  package enum Curve: String, CaseIterable, Hashable, Sendable {
    /// Equal steps.
    case linear
    /// Half a wave: slow at both ends.
    case cosine
  }

  /// A value that stays.
  package init(_ value: Double) { start = value }

  /// A value that changes.
  package init(from start: Double, to end: Double, over images: Int, _ curve: Curve) {
    (self.start, change) = (start, Change(to: end, over: images, curve))
  }

  /// The value after `count` images: `a + (b - a) s(min(n / N, 1))`, where `s(x)` is x along a line
  /// and `(1 - cos πx) / 2` along half a wave; exactly `a` and `b` at the ends.
  ///
  /// - Source: the burn-in of Huang et al., "The GAN is dead; long live the GAN! A Modern GAN Baseline",
  ///   2025, arXiv:2501.05441, is the cosine.
  package func value(afterImages count: Int) -> Double {
    guard let change else { return start }
    guard count > 0 else { return start }
    guard count < change.images else { return change.end }
    let fraction = Double(count) / Double(change.images)
    let share =
      switch change.curve {
      case .linear: fraction
      case .cosine: (1 - cosine(.pi * fraction)) / 2
      }
    return start + (change.end - start) * share
  }

  /// The two values between which all others lie.
  package var extremes: [Double] { [start, change?.end ?? start] }

  /// True if the value is ever above 0.
  package var isEverPositive: Bool { extremes.contains { $0 > 0 } }
}

extension ScheduledValue: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  package init(floatLiteral value: Double) { self.init(value) }
  package init(integerLiteral value: Int) { self.init(Double(value)) }
}

// MARK: Text

extension ScheduledValue: CustomStringConvertible {
  package var description: String {
    guard let change else { return "\(start)" }
    return "\(start) to \(change.end) over \(change.images) \(change.curve.rawValue)"
  }

  /// Reads the text; nil if it is neither a number nor a change.
  package init?(_ text: String) {
    let words = text.split(separator: " ")
    if words.count == 1, let value = Double(words[0]) {
      self.init(value)
      return
    }
    guard let (start, end, images, name) = Self.change(in: text),
      let curve = name.isEmpty ? .linear : Curve(rawValue: name)
    else { return nil }
    self.init(from: start, to: end, over: images, curve)
  }

  /// The name of a curve that is none of `Curve` in the text of a change; nil in any other text.
  package static func unknownCurve(in text: String) -> String? {
    guard let name = change(in: text)?.curve, !name.isEmpty, Curve(rawValue: name) == nil else {
      return nil
    }
    return name
  }

  /// The parts of a change, its curve as the rest of the text; nil if it is none.
  private static func change(
    in text: String
  ) -> (start: Double, end: Double, images: Int, curve: String)? {
    let words = text.split(separator: " ")
    guard words.count >= 5, words[1] == "to", words[3] == "over", let start = Double(words[0]),
      let end = Double(words[2]), let images = Double(words[4]), let count = Int(exactly: images),
      count >= 1
    else { return nil }
    return (start, end, count, words[5...].joined(separator: " "))
  }
}

extension ScheduledValue: Encodable {
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if change == nil { try container.encode(start) } else { try container.encode(description) }
  }
}
