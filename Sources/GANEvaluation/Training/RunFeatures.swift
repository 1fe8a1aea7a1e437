import Foundation
import GANFormats
import GANTraining

/// The features by which a run is judged, from its first judgement to its end: `evaluation.json`.
struct RunFeatures: Codable, Hashable, Sendable {
  /// The network.
  let features: RunJudgement.Features
  /// The name of the data it compares with.
  let data: String
}

extension RunFolder {
  /// The record of the features by which the run is judged.
  var evaluation: String { "\(path)/evaluation.json" }

  /// The features by which the run was judged so far; nil before its first judgement.
  ///
  /// - Throws: `FormatError`; `TrainingError.foreign` where the record is damaged.
  func runFeatures() throws -> RunFeatures? {
    let json: [UInt8]
    do throws(FormatError) {
      json = try InputFile(path: evaluation).bytes(upTo: 1_000_000)
    } catch {
      guard error.reason == .notFound else { throw error }
      return nil
    }
    do {
      return try JSONDecoder().decode(RunFeatures.self, from: Data(json))
    } catch {
      throw TrainingError.foreign(
        path: evaluation, reason: "not the record of a run's features, in JSON")
    }
  }

  /// Records the features by which the run is judged, or makes sure that they are those of before.
  ///
  /// - Throws: `TrainingError.differs`.
  func keep(_ features: RunFeatures) throws {
    guard try runFeatures() != nil else {
      try AtomicFile.write([UInt8](readableJSON(features).utf8), to: evaluation)
      return
    }
    try check(features.features)
  }

  /// Refuses other features than those by which the run was judged so far.
  ///
  /// - Throws: `TrainingError.differs`.
  func check(_ features: RunJudgement.Features) throws {
    guard let before = try runFeatures()?.features, before != features else { return }
    throw TrainingError.differs(
      path: path,
      differences: [
        "it was judged by \(before.name) with the SHA-256 \(before.sha256), "
          + "this machine has \(features.name) with \(features.sha256)"
      ],
      help: "--features takes the file of the machine that began the run, from its cache")
  }
}

extension TrainingRequest {
  /// Adds the judge that the options ask for, if they do.
  ///
  /// - Parameter search: Finds the features.
  /// - Throws: `FeatureError` where these images cannot be judged; `TrainingError.differs` where the
  ///   run was judged by other features; as `FeatureSearch.presentNetwork`.
  package mutating func addJudge(features search: FeatureSearch) throws {
    guard options.evaluation.isOn else { return }
    judge = try GeneratorJudge(options, on: dataset, features: search)
    // A file is read now, so that a wrong one does not end the run later.
    let wasJudged = try folder?.runFeatures() != nil
    guard search.file != nil || wasJudged,
      let network = try search.presentNetwork(for: dataset, DataIdentity(dataset))
    else { return }
    try folder?.check(network.identity)
  }
}
