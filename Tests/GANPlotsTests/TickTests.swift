import Foundation
import GANTestSupport
import Testing

@testable import GANPlots

@Suite("Ticks")
struct TickTests {
  /// Ranges of every size, sign and distance from zero that an axis can have.
  static func range(_ random: inout SplitMix) -> ClosedRange<Double> {
    let size = pow(10, Double.random(in: -250...250, using: &random))
    let near = Double.random(in: -1...1, using: &random)
    // Up to a few millionths of its own size.
    let span = pow(10, Double.random(in: -9...0.5, using: &random))
    return size * near...size * (near + span)
  }

  @Test func linearTicksObeyTheirLaws() {
    for seed in 0..<4000 as Range<UInt64> {
      var random = SplitMix(seed: seed)
      let range = Self.range(&random)
      let count = Int.random(in: 1...12, using: &random)
      let ticks = Ticks(range, scale: .linear, about: count)
      let values = ticks.major.map(\.value)
      #expect((3...8).contains(values.count), "seed \(seed): \(values.count) in \(range)")
      #expect(values.allSatisfy(range.contains), "seed \(seed): \(values) in \(range)")
      let gaps = zip(values, values.dropFirst()).map { $1 - $0 }
      let largest = max(abs(range.lowerBound), abs(range.upperBound))
      // Each value is rounded once.
      #expect(
        gaps.allSatisfy { abs($0 - gaps[0]) <= 4 * largest.ulp }, "seed \(seed): \(gaps)")
      #expect(Set(ticks.major.map(\.label)).count == values.count, "seed \(seed): \(ticks.major)")
      for tick in ticks.major {
        #expect(
          abs(Self.number(tick.label, ticks.exponent) - tick.value) <= 4 * largest.ulp,
          "seed \(seed): \(tick) times 10^\(ticks.exponent)")
      }
    }
  }

  @Test func logarithmicTicksObeyTheirLaws() {
    for seed in 0..<4000 as Range<UInt64> {
      var random = SplitMix(seed: seed)
      let lower = pow(10, Double.random(in: -290...280, using: &random))
      let decades = pow(10, Double.random(in: -5...2.4, using: &random))
      let upper = min(lower * pow(10, decades), 1e300)
      let ticks = Ticks(lower...upper, scale: .log10, about: Int.random(in: 1...12, using: &random))
      let values = ticks.major.map(\.value)
      #expect((3...8).contains(values.count), "seed \(seed): \(values) in \(lower)...\(upper)")
      for list in [values, ticks.minor] {
        #expect(list.allSatisfy((lower...upper).contains), "seed \(seed): \(list)")
        #expect(list == list.sorted() && Set(list).count == list.count, "seed \(seed): \(list)")
      }
      #expect(Set(values).isDisjoint(with: ticks.minor), "seed \(seed)")
      #expect(Set(ticks.major.map(\.label)).count == values.count, "seed \(seed): \(ticks.major)")
      for tick in ticks.major {
        let number = Self.number(tick.label, ticks.exponent)
        #expect(abs(number / tick.value - 1) < 1e-12, "seed \(seed): \(tick)")
      }
    }
  }

  /// Reads a label as a reader would.
  static func number(_ label: String, _ exponent: Int) -> Double {
    var plain = label.replacingOccurrences(of: "\u{2212}", with: "-")
      .replacingOccurrences(of: "\u{202f}", with: "")
    let raised: [Character: Character] = [
      "⁻": "-", "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7",
      "⁸": "8", "⁹": "9",
    ]
    if let power = plain.firstIndex(where: { raised[$0] != nil }) {
      plain = "1e" + String(plain[power...].compactMap { raised[$0] })
    }
    return Double(plain + "e\(exponent)") ?? Double(plain) ?? .nan
  }

  @Test(arguments: [
    (0.2, 1.7, 3, ["0.5", "1", "1.5"], 0),
    (0, 1, 5, ["0", "0.2", "0.4", "0.6", "0.8", "1"], 0),
    (-1.4, 0.1, 4, ["−1", "−0.5", "0"], 0),
    (
      0, 120_000, 6,
      [
        "0", "20\u{202f}000", "40\u{202f}000", "60\u{202f}000", "80\u{202f}000",
        "100\u{202f}000", "120\u{202f}000",
      ], 0
    ),
    (0, 5000, 5, ["0", "1000", "2000", "3000", "4000", "5000"], 0),
    (0, 4e-7, 4, ["0", "1", "2", "3", "4"], -7),
    (1e9, 2.1e9, 3, ["1", "1.5", "2"], 9),
    (100.001, 100.0035, 3, ["100.001", "100.002", "100.003"], 0),
  ])
  func linearLabelsAreTheShortestThatTellApart(
    lower: Double, upper: Double, count: Int, labels: [String], exponent: Int
  ) {
    let ticks = Ticks(lower...upper, scale: .linear, about: count)
    #expect(ticks.major.map(\.label) == labels)
    #expect(ticks.exponent == exponent)
  }

  @Test(arguments: [
    (1e-6, 1, 7, ["10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "10⁰"]),
    (0.01, 100, 5, ["0.01", "0.1", "1", "10", "100"]),
    (1.5, 60, 5, ["2", "5", "10", "20", "50"]),
    (1e-12, 1, 4, ["10⁻¹²", "10⁻⁹", "10⁻⁶", "10⁻³", "10⁰"]),
    (10.0, 11, 3, ["10", "10.5", "11"]),
  ])
  func logarithmicLabelsArePowersWhereThereAreThree(
    lower: Double, upper: Double, count: Int, labels: [String]
  ) {
    #expect(Ticks(lower...upper, scale: .log10, about: count).major.map(\.label) == labels)
  }

  @Test func smallTicksFillTheDecades() {
    let ticks = Ticks(1...1000, scale: .log10, about: 4)
    #expect(ticks.minor.count == 3 * 8)
    #expect(ticks.minor.prefix(8) == [2, 3, 4, 5, 6, 7, 8, 9])
  }
}

@Suite("Ranges of axes")
struct RangeTests {
  static let awkward: [[Double]] = [
    [], [.nan], [.infinity, -.infinity], [0], [5], [-3], [1e-300], [1e300, -1e300], [1, 1 + 1e-15],
    [1e15, 1e15 + 1], [0, .leastNonzeroMagnitude], [-1e-308, 0], [.greatestFiniteMagnitude],
    [.nan, 2, .infinity, 4],
  ]

  @Test(arguments: awkward, [Scale.linear, .log10])
  func everyRangeCanBeMarked(values: [Double], scale: Scale) {
    for margin in [0, 0.05] {
      var extent = Extent(scale)
      extent.cover(values)
      let range = extent.axisRange(margin: margin)
      #expect(range.lowerBound < range.upperBound)
      #expect(scale.canShow(range.lowerBound / 2) || scale.canShow(range.lowerBound))
      #expect((3...8).contains(Ticks(range, scale: scale, about: 5).major.count), "\(range)")
      for value in values where scale.canShow(value) { #expect(range.contains(value)) }
    }
  }

  @Test func roomDoesNotCrossZero() {
    for (values, isNonnegative) in [([0.0, 1], true), ([0.01, 1], true), ([-0.01, 1], false)] {
      var extent = Extent(.linear)
      extent.cover(values)
      #expect((extent.axisRange(margin: 0.05).lowerBound >= 0) == isNonnegative)
    }
  }
}
