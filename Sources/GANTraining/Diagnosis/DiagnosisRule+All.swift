import Foundation
import GANLearning
import GANNetworks

extension DiagnosisRule {
  /// Every rule. Thresholds: docs/troubleshooting.md has the runs they were chosen by.
  static let all: [DiagnosisRule] = [
    saturation, overfitting, stuckGenerator, deadUnits, collapse, lostCoverage, copying,
    oscillation,
  ]

  /// A discriminator's loss below this part of what it is where nothing can be told.
  static let sureLoss = 0.03
  /// Likewise, of a discriminator that has few images.
  static let knowingLoss = 0.06
  /// Real logits of which so much more are positive than negative.
  static let sureSign = 0.95
  /// Epochs after which few images can be known by heart.
  static let leastEpochs = 20
  /// The part of a ReLU's units that may be 0 for every sample: toy worlds do well with 0.82.
  static let mostDeadUnits = 0.95
  /// Samples that lie less than so much as far apart as real ones are nearly the same.
  static let leastSpread = 0.35
  /// Samples whose nearest neighbours are so much nearer than real ones' are few different ones.
  static let leastDistance = 0.1
  /// The part of a toy world's modes that a generator must make.
  static let leastModes = 0.5
  /// The part of its own best coverage to which a generator may fall.
  static let leastCoverage = 0.25
  /// Samples so much nearer to training images than those to each other are copies.
  static let leastCloseness = 0.4
  /// Scores of generated items between which the players swing, and how often within the last reports.
  static let swing = (low: 0.2, high: 0.8, count: 6)

  private static let saturation = DiagnosisRule(.saturation, points: 5, steps: 1_000, atEnd: 5) {
    point, _, options in
    guard let whole = options.objective.indifferentLoss, let loss = point.discriminatorLoss else {
      return .silent
    }
    guard loss < sureLoss * whole, !isKnowing(point, options) else { return .absent }
    return .present(
      "the discriminator's loss is \(number(loss)), \(number(whole)) where it can tell nothing"
        + scores(point, options))
  }

  private static let overfitting = DiagnosisRule(.overfitting, points: 5, steps: 1_000, atEnd: 5) {
    point, _, options in
    guard point.discriminatorLoss != nil, point.realSign != nil else { return .silent }
    guard isKnowing(point, options), let sign = point.realSign else { return .absent }
    return .present(
      "mean sign of D(x) \(number(sign)), \(options.datasetCount) images seen \(point.epoch - 1) times"
        + scores(point, options))
  }

  /// A relativistic discriminator's logits have no zero, so their signs say nothing.
  private static func isKnowing(_ point: DiagnosisPoint, _ options: TrainingOptions) -> Bool {
    guard options.makesImages, options.datasetCount < Recipe.manyPictures,
      options.objective != .relativistic, point.epoch > leastEpochs,
      let whole = options.objective.indifferentLoss, let loss = point.discriminatorLoss,
      let sign = point.realSign
    else { return false }
    return loss < knowingLoss * whole && sign > sureSign
  }

  /// Adam divides by the root of a second moment plus epsilon: below epsilon a step shrinks with its
  /// gradient.
  private static let stuckGenerator = DiagnosisRule(
    .stuckGenerator, points: 5, steps: 500, atEnd: 5
  ) { point, _, options in
    guard let norm = point.generatorGradientNorm else { return .silent }
    let count = options.network(of: .generator).parameterCount
    let least = options.optimizer.generator.epsilon * Double(count).squareRoot()
    guard norm < least else { return .absent }
    return .present(
      "its gradient has the length \(number(norm)), and below \(number(least)) Adam's epsilon outweighs it"
    )
  }

  private static let deadUnits = DiagnosisRule(.deadUnits, points: 3, steps: 200, atEnd: 1) {
    point, _, _ in
    guard let share = point.samples?.deadUnits else { return .silent }
    guard share > mostDeadUnits else { return .absent }
    return .present("\(number(share)) of the units of one ReLU are 0 for every sample")
  }

  private static let collapse = DiagnosisRule(.collapse, points: 3, steps: 200, atEnd: 1) {
    point, _, _ in
    guard let samples = point.samples else { return .silent }
    if let modes = samples.modes {
      guard Double(modes.found) < leastModes * Double(modes.total) else { return .absent }
      return .present("\(modes.found) of \(modes.total) modes")
    }
    if let spread = samples.spread, spread < leastSpread {
      return .present("samples lie \(number(spread)) times as far apart as real ones")
    }
    if let nearest = samples.nearest, nearest < leastDistance {
      return .present(
        "samples lie \(number(nearest)) times as far from their nearest neighbours as real ones")
    }
    return samples.spread == nil && samples.nearest == nil ? .silent : .absent
  }

  private static let lostCoverage = DiagnosisRule(.collapse, points: 2, atEnd: 2) {
    point, memory, _ in
    guard let coverage = point.coverage else { return .silent }
    let best = memory.greatestCoverage
    guard best > 0.2, coverage < leastCoverage * best else { return .absent }
    return .present("its Clipped Coverage is \(number(coverage)) and was \(number(best))")
  }

  private static let copying = DiagnosisRule(.copying, points: 3, steps: 200, atEnd: 1) {
    point, _, _ in
    guard let closeness = point.samples?.closeness else { return .silent }
    guard closeness < leastCloseness else { return .absent }
    return .present(
      "samples lie \(number(closeness)) times as far from training images as those from each other")
  }

  private static let oscillation = DiagnosisRule(.oscillation, points: 3, steps: 200, atEnd: 3) {
    point, memory, options in
    guard options.objective.givesProbabilities, point.fakeScore != nil else { return .silent }
    let count = memory.swings(below: swing.low, above: swing.high)
    guard count >= swing.count else { return .absent }
    return .present(
      "D(G(z)) went from below \(swing.low) to above \(swing.high) or back \(count) times in "
        + "\(memory.fakeScores.count) reports")
  }

  private static func scores(_ point: DiagnosisPoint, _ options: TrainingOptions) -> String {
    guard options.objective.givesProbabilities, options.objective != .relativistic,
      let real = point.realScore, let fake = point.fakeScore
    else { return "" }
    return "; D(x) \(number(real)), D(G(z)) \(number(fake))"
  }

  /// Two digits after the point, in powers of ten where a number is tiny.
  static func number(_ value: Double) -> String {
    String(format: value == 0 || abs(value) >= 0.01 ? "%.2f" : "%.1e", value)
  }
}

extension Objective {
  /// The discriminator's loss where it can tell nothing; nil of critics, whose losses have no scale.
  var indifferentLoss: Double? {
    switch self {
    case .nonSaturating, .minimax: 2 * log(2.0)
    case .leastSquares: 0.25
    case .hinge: 2
    case .relativistic: log(2.0)
    case .wasserstein: nil
    }
  }
}
