import Foundation
package import GANData
import GANLearning
package import GANTraining

/// The early-training trap: how little the generator gets to learn from log(1 - D(G(z))) while its
/// images are easily told from real ones.
package struct GradientExperiment: Experiment {
  package static let name = "gradients"

  /// The tutorial's networks and optimisers, with what the user chose.
  package var options: TrainingOptions
  private let images: any TrainingData
  private let dataDigest: String

  /// D(G(z)) at which the factor between the gradients is reported.
  package static let threshold = 0.05

  private enum CodingKeys: String, CodingKey { case options, dataDigest }

  /// Takes real images.
  ///
  /// - Parameters:
  ///   - options: The objective is ignored: one run has each.
  ///   - images: What the discriminator takes for real.
  package init(_ options: TrainingOptions, on images: any TrainingData) {
    self.options = options
    self.options.adopt(images)
    self.images = images
    dataDigest = images.digest()
  }

  /// Slopes, one run measured step by step, and another beside it.
  package struct Results: Encodable, Sendable {
    /// Exact: the slopes of both losses in the discriminator's logit.
    let slopes: Slopes
    /// A run that minimises -log D, both gradients at each step's weights and latents.
    let nonSaturatingRun: [GradientReading]
    /// Another run from the same start, which minimises log(1 - D).
    let minimaxRun: [GradientReading]

    /// The first step with D(G(z)) below the threshold in the run that minimises -log D.
    var firstBelow: GradientReading? {
      nonSaturatingRun.first { $0.fakeScore < GradientExperiment.threshold }
    }

    private enum CodingKeys: String, CodingKey {
      case slopes, firstBelow, threshold, nonSaturatingRun, minimaxRun
    }

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(slopes, forKey: .slopes)
      try container.encode(firstBelow, forKey: .firstBelow)
      try container.encode(GradientExperiment.threshold, forKey: .threshold)
      try container.encode(nonSaturatingRun, forKey: .nonSaturatingRun)
      try container.encode(minimaxRun, forKey: .minimaxRun)
    }
  }

  /// Slopes in the logit t, where D = 1 / (1 + e^-t).
  struct Slopes: Encodable, Sendable {
    /// D(G(z)) from 1e-6 to 1.
    let score: [Double]
    /// The slope of log(1 - D): -D.
    let minimax: [Double]
    /// The slope of -log D: -(1 - D).
    let nonSaturating: [Double]

    init() {
      score = (0...600).map { pow(10, -6 + 6 * Double($0) / 600) }
      minimax = score.map { -$0 }
      nonSaturating = score.map { -(1 - $0) }
    }
  }

  package func run(
    on engine: Engine, progress: @escaping @Sendable (String) -> Void
  ) async throws -> Results {
    func readings(_ objective: Objective) async throws -> [GradientReading] {
      var options = options
      options.objective = objective
      return try await engine.gradientReadings(of: options, on: images, progress: progress)
    }
    return Results(
      slopes: Slopes(), nonSaturatingRun: try await readings(.nonSaturating),
      minimaxRun: try await readings(.minimax))
  }
}

extension Engine {
  /// Trains, and measures both gradients before every step and after the last.
  fileprivate func gradientReadings(
    of options: TrainingOptions, on images: any TrainingData,
    progress: @escaping @Sendable (String) -> Void
  ) async throws -> [GradientReading] {
    let session = try TrainingSession(options.setup, dataset: images)
    let probe = try GradientProbe(
      of: session.setup.game, batchSize: options.batchSize, in: session)
    var readings = [try probe.reading(step: 0)]
    let look = Observer<TrainingSession>.everyStep { session in
      let reading = try probe.reading(step: session.step)
      readings.append(reading)
      if session.step.isMultiple(of: max(1, options.totalSteps / 5)) {
        progress(
          "\(options.objective.rawValue), step \(session.step) of \(options.totalSteps): D(G(z)) "
            + "\(significant(reading.fakeScore)), factor \(significant(reading.factor))")
      }
    }
    try await run(session, until: options.totalSteps, observers: [look])
    return readings
  }
}
