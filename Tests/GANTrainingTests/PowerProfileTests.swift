import Foundation
import GANTestSupport
import Testing

@testable import GANTraining

@Suite("Power-function profiles make each other")
struct PowerProfileTests {
  /// The integral of a function over `[0, end]` by the midpoints of steps in √τ, where powers near 0 are
  /// smooth.
  private static func integral(to end: Double, _ function: (Double) -> Double) -> Double {
    let count = 40_000
    let width = 1 / Double(count)
    return (0..<count).reduce(0) { sum, index in
      let root = (Double(index) + 0.5) * width
      return sum + function(end * root * root) * 2 * root * end * width
    }
  }

  private static func value(_ profile: PowerProfile, at time: Double) -> Double {
    guard time <= profile.end else { return 0 }
    let exponent = profile.exponent
    return (exponent + 1) * pow(time / profile.end, exponent) / profile.end
  }

  // Midpoints err by a 24th of the square of their width, times the change of slope: 3e-11 and, for the
  // shortest, (2 (γ + 1))², 4e4.
  @Test(
    "A profile has the integral 1 and its length as deviation",
    arguments: [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.28])
  func length(length: Double) {
    let profile = PowerProfile(length: length, end: 700)
    func mean(_ function: (_ share: Double) -> Double) -> Double {
      Self.integral(to: 700) { function($0 / 700) * Self.value(profile, at: $0) }
    }
    #expect(abs(mean { _ in 1 } - 1) < 1e-5)
    let centre = mean { $0 }
    let variance = mean { ($0 - centre) * ($0 - centre) }
    #expect(abs(variance.squareRoot() - length) < 1e-3 * length)
  }

  @Test(
    "The product of two is their integral, in either order",
    arguments: [
      (0.05, 0.05, 1), (0.05, 0.1, 1), (0.1, 0.05, 0.7), (0.01, 0.25, 0.9), (0.25, 0.01, 0.9),
      (0.2, 0.1, 0.01),
    ] as [(Double, Double, Double)])
  func product(one: Double, other: Double, share: Double) {
    let profiles = (
      PowerProfile(length: one, end: 300 * share), PowerProfile(length: other, end: 300)
    )
    let product = profiles.0.product(with: profiles.1)
    let expected = Self.integral(to: 300 * share) {
      Self.value(profiles.0, at: $0) * Self.value(profiles.1, at: $0)
    }
    #expect(abs(product - expected) <= 1e-5 * product)
    #expect(profiles.1.product(with: profiles.0) == product)
  }

  /// Both kept profiles of evenly spaced snapshots.
  private static func kept(_ count: Int, end: Double) -> [PowerProfile] {
    (1...count).flatMap { index in
      PowerAverage.keptLengths.map {
        PowerProfile(length: $0, end: end * Double(index) / Double(count))
      }
    }
  }

  @Test("One of the profiles is made of itself alone", arguments: [1, 2, 7, 32, 128])
  func stored(count: Int) {
    let profiles = Self.kept(count, end: 50)
    for (place, profile) in profiles.enumerated().suffix(6) {
      let fit = ProfileFit(profile, by: profiles)
      // The condition of 128 snapshots is 3e6, of doubles with 1e-16.
      for (other, weight) in fit.weights.enumerated() {
        #expect(abs(weight - (other == place ? 1 : 0)) < 1e-8, "\(place), \(other)")
      }
      #expect(fit.relativeError < 1e-6)
    }
  }

  @Test("Weights add up to 1, however few profiles there are", arguments: [1, 2, 5, 64])
  func sum(count: Int) {
    for length in [0.01, 0.03, 0.07, 0.25] {
      let fit = ProfileFit(
        PowerProfile(length: length, end: 9), by: Self.kept(count, end: 9))
      #expect(abs(fit.weights.reduce(0, +) - 1) < 1e-9, "\(length)")
    }
  }

  @Test("Half of the snapshots that are kept at most make every length, 16 those from 0.03 to 0.25")
  func soundLengths() {
    #expect(AverageSnapshots.lengths == 0.01...0.25)
    for (count, lengths) in [
      (EvenRetention.mostSnapshots / 2, [0.01, 0.015, 0.02, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25]),
      (16, [0.03, 0.04, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25]),
    ] {
      for length in lengths {
        let fit = ProfileFit(
          PowerProfile(length: length, end: 1), by: Self.kept(count, end: 1))
        #expect(fit.relativeError < AverageSnapshots.mostError, "\(count), \(length)")
        if count > 16 { #expect(fit.relativeError < 0.06, "\(length)") }
      }
    }
  }

  @Test(
    "Snapshots that lie together count once, and any that there may be can be fitted",
    arguments: [
      (Array(1...1_000), 1_000, 1_000), (Array(1...5_000), 5_000, 1_000),
      ([100_000, 200_000], 200_001, 2), ([1_000_000_000 - 1], 1_000_000_000, 1), ([], 1, 1),
      ([10, 20, 30], 25, 3),
    ] as [([Int], Int, Int)])
  func spacing(there: [Int], end: Int, count: Int) {
    let steps = AverageSnapshots.telling(there, until: end)
    #expect(steps.count == count && steps.last == end && steps == steps.sorted())
    let profiles = steps.suffix(300).flatMap { step in
      PowerAverage.keptLengths.map { PowerProfile(length: $0, end: Double(step)) }
    }
    let fit = ProfileFit(PowerProfile(length: 0.05, end: Double(end)), by: profiles)
    #expect(abs(fit.weights.reduce(0, +) - 1) < 1e-6)
  }

  @Test("An average of a random walk is made as exactly as the fit says", arguments: [6, 25, 100])
  func walk(snapshots: Int) {
    let steps = 600
    var random = SplitMix(seed: UInt64(snapshots))
    var value = 5.0
    let walk = (0..<steps).map { _ in
      value += Double.random(in: -1...1, using: &random)
      return value
    }
    /// The average kept along: `a ← a + (1 - β)(x - a)` with `β = (1 - 1/n)^(γ + 1)`.
    func average(_ length: Double) -> [Double] {
      let exponent = PowerProfile.exponent(ofLength: length) + 1
      var average = 0.0
      return walk.enumerated().map { index, value in
        average += (1 - pow(1 - 1 / Double(index + 1), exponent)) * (value - average)
        return average
      }
    }
    let kept = PowerAverage.keptLengths.map(average)
    let values = (1...snapshots).flatMap { index in kept.map { $0[steps * index / snapshots - 1] } }
    let mean = walk.reduce(0, +) / Double(steps)
    let deviation = walk.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }.squareRoot()
    for length in [0.01, 0.02, 0.05, 0.08, 0.1, 0.15, 0.25] {
      let target = PowerProfile(length: length, end: Double(steps))
      let fit = ProfileFit(target, by: Self.kept(snapshots, end: Double(steps)))
      let made = zip(fit.weights, values).reduce(0) { $0 + $1.0 * $1.1 }
      // The weights add up to 1, so the mean of the walk is exact, and by Cauchy and Schwarz no more
      // than this is wrong of what is left; roundings beside it.
      let bound = fit.relativeError * target.product(with: target).squareRoot() * deviation
      #expect(abs(made - average(length)[steps - 1]) <= bound + 1e-6, "\(length)")
    }
  }
}
