import Foundation
import GANLearning

extension RunDiagnosis {
  /// The rules, those of the worst ends first.
  static let rules: [@Sendable (Evidence) -> Finding?] = [saturation, noise, collapse, tooFewSteps]

  // Thresholds: docs/troubleshooting.md has the runs they were chosen by.

  /// Samples that lie less than so much as far apart as real ones are nearly the same.
  static let leastSpread = 0.35
  /// A discriminator is sure of everything where its mean scores are so near to 1 and 0.
  static let sureScore = 0.02
  /// Neighbouring pixels that differ so much more than real ones' are noise.
  static let mostRoughness = 1.8
  /// A run of less than this part of its recipe's steps is short.
  static let leastLength = 0.1

  @Sendable private static func collapse(_ evidence: Evidence) -> Finding? {
    guard let spread = evidence.samples.spread, spread < leastSpread else { return nil }
    return Finding(.collapse, "they lie \(number(spread)) as far apart as real ones")
  }

  /// Scores are probabilities where a sigmoid of the logits is one.
  @Sendable private static func saturation(_ evidence: Evidence) -> Finding? {
    guard evidence.options.objective.givesProbabilities else { return nil }
    let tail = evidence.history.tail
    let (real, fake) = (mean(tail.map(\.realScore)), mean(tail.map(\.fakeScore)))
    guard let real, let fake, real > 1 - sureScore, fake < sureScore else { return nil }
    return Finding(.saturation, "D(x) \(number(real)), D(G(z)) \(number(fake))")
  }

  @Sendable private static func noise(_ evidence: Evidence) -> Finding? {
    guard let roughness = evidence.samples.roughness, roughness > mostRoughness else { return nil }
    return Finding(
      .noise, "neighbouring pixels differ \(number(roughness)) times as much as real ones'")
  }

  @Sendable private static func tooFewSteps(_ evidence: Evidence) -> Finding? {
    let steps = evidence.options.totalSteps
    guard let recipe = try? Recipe.named(evidence.options.recipe),
      Double(steps) < leastLength * Double(recipe.wantedSteps)
    else { return nil }
    return Finding(.tooFewSteps, "\(steps) of about \(recipe.wantedSteps) steps")
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  private static func number(_ value: Double) -> String { String(format: "%.2f", value) }
}

extension RunHistory {
  /// The last tenth of the reports, at least one.
  fileprivate var tail: ArraySlice<Point> {
    let points = self.points
    return points.suffix(max(1, points.count / 10))
  }
}
