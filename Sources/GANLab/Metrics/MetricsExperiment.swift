package import GANData
package import GANEvaluation
import GANRuntime
import GANStatistics
import GANTensor
package import GANTraining

/// What each metric says of real images that are spoiled on purpose.
///
/// - Source: the sanity checks of "Position: All Current Generative Fidelity and Diversity Metrics are
///   Flawed", 2025, arXiv:2505.22450.
package struct MetricsExperiment: Experiment {
  package static let name = "metrics"

  /// The images, with labels.
  private let data: any TrainingData
  private let search: FeatureSearch
  /// The data's name.
  package let dataset: String
  /// Images in a set.
  package let count: Int
  /// Decides the noise.
  package var seed: UInt64 = 0
  /// Threads that compute; they change no bit.
  package var threads: Int = defaultThreadCount

  /// Untouched sets: one is spoiled, and all of them say what chance alone does.
  static let repetitions = 3

  private enum CodingKeys: String, CodingKey { case dataset, count, seed, threads }

  /// Spoils images of some data.
  ///
  /// - Parameter count: Images in a set; a sixth of the data at most.
  /// - Throws: `FeatureError` where there are too few, or they have no classes to drop.
  package init(
    _ data: any TrainingData, count: Int, features search: FeatureSearch
  ) throws(FeatureError) {
    guard data.itemShape.rank == 3 else { throw .points(data.name) }
    let most = data.count / (3 + Self.repetitions)
    guard FeatureSearch.canLearn(data), most >= Self.leastCount else {
      throw .tooFew(
        source: data.labels == nil ? "\(data.name), without labels," : data.name,
        count: data.count, needed: Self.leastCount * (3 + Self.repetitions))
    }
    (self.data, self.search, dataset) = (data, search, data.name)
    self.count = min(count, most)
  }

  /// The fewest images of a set.
  package static let leastCount = 200

  /// The metrics, in the order of the tables.
  static let metrics = Metric.ofImages.filter {
    !$0.needs.contains(.askedClasses) && $0 != .support
  }

  /// The values of untouched sets and of each level.
  package struct Results: Encodable, Sendable {
    let features: RunJudgement.Features
    /// By metric, of each untouched set.
    let untouched: [String: [Finite]]
    let spoilings: [Reaction]
  }

  /// What becomes of the metrics as one way of spoiling grows.
  struct Reaction: Encodable, Sendable {
    let spoiling: Spoiling
    let levels: [Int]
    /// By metric, at each level; NaN where these images allow none.
    let values: [String: [Finite]]
  }

  package func run(
    on engine: Engine, progress: @escaping @Sendable (String) -> Void
  ) async throws -> Results {
    try await engine.spoil(data, features: search, self, progress: progress)
  }
}

extension Engine {
  /// Computes the metrics of untouched and of spoiled images, on the engine's thread.
  fileprivate func spoil(
    _ data: any TrainingData, features search: FeatureSearch, _ experiment: MetricsExperiment,
    progress: @escaping @Sendable (String) -> Void
  ) async throws -> MetricsExperiment.Results {
    func pause() async throws {
      await passTurn()
      try Task.checkCancellation()
    }
    let device = try DeviceKind.fastest.makeDevice(threadCount: experiment.threads)
    let network = try await search.network(
      for: data, DataIdentity(data), on: device,
      note: { if let words = $0.words { progress(words) } }, pause: pause)
    let extractor = try FeatureExtractor(network, on: device)
    let images = SpoiledImages(data, count: experiment.count, seed: experiment.seed)
    let test = try await table(of: images.dataset(images.test), by: extractor)
    let reference = try await table(of: images.dataset(images.reference), by: extractor)
      .reference(training: true, test: test)
    let suite = MetricSuite(MetricsExperiment.metrics, threads: experiment.threads)

    var untouched: [[String: Double]] = []
    for set in 0..<MetricsExperiment.repetitions {
      let table = try await table(of: images.dataset(images.untouched(set)), by: extractor)
      untouched.append(try suite.namedValues(of: table, against: reference))
      progress("untouched images: set \(set + 1) of \(MetricsExperiment.repetitions)")
    }
    var reactions: [MetricsExperiment.Reaction] = []
    for spoiling in Spoiling.allCases {
      var found: [[String: Double]] = []
      for level in spoiling.levels {
        let table = try await table(of: images.images(spoiling, level: level), by: extractor)
        found.append(try suite.namedValues(of: table, against: reference))
      }
      progress("\(spoiling.rawValue): \(spoiling.levels.count) levels")
      reactions.append(
        .init(spoiling: spoiling, levels: spoiling.levels, values: byMetric(found)))
    }
    return MetricsExperiment.Results(
      features: network.identity, untouched: byMetric(untouched), spoilings: reactions)
  }

  private func table(
    of set: ImageDataset, by extractor: FeatureExtractor
  ) async throws -> FeatureTable {
    try await extractor.features(of: set, Array(0..<set.count)) { _ in
      await self.passTurn()
      try Task.checkCancellation()
    }
  }
}

extension MetricSuite {
  /// All of its metrics by name, NaN where these images allow no value.
  fileprivate func namedValues(
    of table: FeatureTable, against reference: ReferenceItems
  ) throws -> [String: Double] {
    let found = try values(of: table.items(), against: reference)
    return Dictionary(uniqueKeysWithValues: metrics.map { ($0.rawValue, found[$0] ?? .nan) })
  }
}

/// Values of sets by metric, in the order of the sets.
private func byMetric(_ sets: [[String: Double]]) -> [String: [Finite]] {
  var found: [String: [Finite]] = [:]
  for set in sets {
    for (name, value) in set { found[name, default: []].append(Finite(value)) }
  }
  return found
}
