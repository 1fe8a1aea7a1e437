import Foundation
import GANTraining

/// The list of runs.
struct RunList: Codable, Sendable {
  let folder: String
  /// All there are, listed or not.
  let count: Int
  let runs: [RunCard]
}

/// A run in the list.
struct RunCard: Codable, Sendable {
  let name, dataset, recipe, seed: String
  let status: RunStatus
  let step, totalSteps, epoch, epochCount: Int
  let elapsedSeconds: Double
  /// The newest picture's epoch.
  let picture: Int?
  let discriminatorLoss, generatorLoss: Double?
  /// What looks wrong at the end: kinds, the worst first; nil before the end.
  let findings: [String]?
  /// True where a value was not finite.
  let isNonfinite: Bool
  /// Options that are not the recipe's.
  let changed: [String: String]

  init(_ record: RunRecord, live: LiveRun?) throws {
    let options = try record.options()
    let state = try RunState(record, live: live)
    (name, dataset, recipe, seed) = (
      record.name, options.dataset, options.recipe, "\(options.seed)"
    )
    (status, step, totalSteps) = (state.status, state.step, state.totalSteps)
    (epoch, epochCount, elapsedSeconds) = (state.epoch, state.epochCount, state.elapsedSeconds)
    picture = state.pictures.last?[1]
    discriminatorLoss = state.values["discriminator.loss"] ?? nil
    generatorLoss = state.values["generator.loss"] ?? nil
    findings = state.verdict.map { $0.findings.map(\.kind) }
    isNonfinite = !state.nonfinite.isEmpty
    let usual = try? Recipe.named(options.recipe).options
    changed = Dictionary(
      uniqueKeysWithValues: OptionKey.all.compactMap { key in
        let value = key.value(in: options).description
        return usual.map { key.value(in: $0).description != value } ?? false
          ? (key.path, value) : nil
      })
  }
}
