import Foundation
package import GANData
import GANNetworks
import GANRuntime
import GANStatistics
package import GANTraining
import Synchronization

/// Judges the generator of a run every few epochs, as `gan evaluate` judges it afterwards with the same
/// count and the run's seed.
///
/// Its identity is what it computes once: the network of features and those of the real images.
package final class GeneratorJudge: RunJudge {
  private let options: TrainingOptions
  private let dataset: any TrainingData
  private let search: FeatureSearch
  private let prepared = Mutex<Prepared?>(nil)

  /// What does not change from one judgement to the next.
  private struct Prepared: Sendable {
    let network: FeatureNetwork
    let reference: ReferenceItems
    let count: Int
    let floors: [Metric: Double]
  }

  /// The fewest real images to compare with.
  package static let leastCount = 100

  private let suite: MetricSuite

  /// Creates the judge of a run.
  ///
  /// - Parameters:
  ///   - options: With `evaluation.interval` above 0.
  ///   - dataset: The run's.
  ///   - search: Finds the network of features.
  /// - Throws: `FeatureError` where these images cannot be judged.
  package init(
    _ options: TrainingOptions, on dataset: any TrainingData, features search: FeatureSearch
  ) throws {
    precondition(options.evaluation.isOn, "nothing is to be judged")
    try Self.requireImages(of: options)
    (self.options, self.dataset, self.search) = (options, dataset, search)
    suite = MetricSuite(
      Metric.inTraining(decidedBy: options.evaluation.metric), threads: options.threads)
  }

  /// Refuses items that cannot be judged, where the options ask for that.
  ///
  /// - Throws: `FeatureError`.
  package static func check(_ options: TrainingOptions) throws(FeatureError) {
    guard options.evaluation.isOn else { return }
    try requireImages(of: options)
  }

  /// Refuses data of which nothing can be judged.
  ///
  /// - Throws: `FeatureError`.
  static func requireImages(of options: TrainingOptions) throws(FeatureError) {
    guard options.makesImages else { throw .points(options.dataset) }
    try FeatureError.checkSides(of: options.itemShape)
    guard options.evaluatedCount >= leastCount else {
      throw .tooFew(
        source: options.dataset, count: options.datasetCount, needed: 2 * leastCount)
    }
  }

  package func isDue(at position: RunPosition) -> Bool {
    guard let interval = options.evaluation.interval, position.endsRound,
      position.epochCount >= interval
    else { return false }
    return position.isLast
      || (position.stepOfEpoch == position.stepsPerEpoch
        && position.epoch.isMultiple(of: interval))
  }

  /// The run is to stop before the judgement is made.
  private struct Stopped: Error {}

  package func judge(
    at moment: RunMoment, unless stop: StopRequest
  ) async throws -> RunJudgement? {
    let clock = ContinuousClock()
    let start = clock.now
    do {
      let prepared = try await prepare(moment, unless: stop)
      let extractor = try FeatureExtractor(prepared.network, on: makeDevice())
      let (count, classCount) = (
        prepared.count, options.network(of: .generator).classCount
      )
      let table = try await extractor.features(
        of: try moment.session.makeSampler(), count: count, classCount: classCount,
        seed: options.seed
      ) { _ in
        guard !stop.isMade else { throw Stopped() }
        try await moment.pause()
      }
      let asked = classCount.map { classes in (0..<count).map { $0 % classes } }
      let values = try suite.values(
        of: table.items(askedFor: asked), against: prepared.reference)
      return RunJudgement(
        features: prepared.network.identity, count: count, seed: options.seed,
        metrics: suite.metrics.compactMap { metric in
          guard values[metric] != nil || prepared.floors[metric] != nil else { return nil }
          return RunJudgement.Metric(
            name: metric.rawValue, value: values[metric], floor: prepared.floors[metric])
        },
        seconds: (clock.now - start).inSeconds)
    } catch is Stopped {
      return nil
    }
  }

  /// The run's device, in single precision: features depend on nothing that a run may choose.
  private func makeDevice() throws -> any Device {
    try options.device.makeDevice(threadCount: options.threads)
  }

  /// Finds the network, training it where it is not there, and the features of the real images.
  private func prepare(_ moment: RunMoment, unless stop: StopRequest) async throws -> Prepared {
    if let prepared = prepared.withLock({ $0 }) { return prepared }
    func pause() async throws {
      guard !stop.isMade else { throw Stopped() }
      try await moment.pause()
    }
    func note(_ note: FeatureNote) {
      if let words = note.wordsInTraining { moment.tell(.judging(words)) }
    }
    let device = try makeDevice()
    let identity = DataIdentity(dataset)
    let network = try await search.network(
      for: dataset, identity, on: device, note: note, pause: pause)
    try moment.folder?.keep(
      RunFeatures(features: network.identity, data: dataset.name))
    let count = options.evaluatedCount
    let real = try await RealFeatures(
      of: dataset, identity, count: count,
      by: FeatureExtractor(network, on: device), cache: search.cache, note: note, pause: pause)
    let result = Prepared(
      network: network, reference: try real.items(), count: count,
      floors: try real.floors(suite))
    prepared.withLock { $0 = result }
    return result
  }
}

extension FeatureNote {
  /// The words for the console of a run; nil for what it does not say.
  fileprivate var wordsInTraining: String? {
    switch self {
    case .began(let data, 0, let steps):
      "training \(FeatureNetwork.classifierName(ofData: data)) once, \(steps) steps of a classifier"
    case .began(let data, let step, let steps):
      "training \(FeatureNetwork.classifierName(ofData: data)) goes on after step \(step) of \(steps)"
    case .training(let step, let steps, let secondsLeft) where step.isMultiple(of: steps / 6):
      step < steps ? "step \(step) of \(steps), \(Int(secondsLeft.rounded(.up))) s left" : nil
    case .training, .saved, .computing: nil
    case .trained(let network, let seconds, let path):
      "\(network.label) trained in \(Int(seconds.rounded())) s, "
        + (path.map { "kept in \($0)" } ?? "not kept")
    case .unkept(let error): "cannot keep features: \(error)"
    }
  }
}

extension FeatureNetwork {
  /// Its name and digest.
  package var identity: RunJudgement.Features {
    RunJudgement.Features(name: name, sha256: sha256)
  }
}
