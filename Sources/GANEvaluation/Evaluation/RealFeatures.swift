import GANData
package import GANStatistics
import GANTensor

/// The features of real images that an evaluation compares with, and what real images in the place of
/// generated ones get.
struct RealFeatures: Sendable {
  /// The images compared with.
  let reference: FeatureTable
  /// Others of the same data, as many.
  let others: FeatureTable
  /// All images that were trained on, where a metric asks for them.
  var training: FeatureSet?
  /// Images that nothing was trained on, where there are some and a metric asks for them.
  var test: FeatureTable?
  /// Classes of the gray images that they are stacked of; nil where they are not, or have none.
  private let partClassCount: Int?

  /// Computes both parts, or takes them from the cache.
  ///
  /// The data's images in a fixed random order, the first `count` and the `count` after them, so that
  /// fewer are the first ones of more.
  ///
  /// - Parameters:
  ///   - count: At most half of the images.
  ///   - note: Told how far it is.
  ///   - pause: Called between batches.
  init(
    of dataset: any TrainingData, _ identity: DataIdentity, count: Int,
    by extractor: FeatureExtractor, cache: FeatureCache?, note: (FeatureNote) -> Void,
    pause: () async throws -> Void
  ) async throws {
    precondition(2 * count <= dataset.count, "2 · \(count) of \(dataset.count) images")
    let order = RandomStream(seed: 0, purpose: .evaluationOrder, step: 0)
      .permutation(count: dataset.count)
    let table = try await extractor.features(
      of: dataset, identity, "train\(2 * count)", order.prefix(2 * count).map(Int.init), cache,
      note: note, pause: pause)
    (reference, others) = (table.rows(0..<count), table.rows(count..<2 * count))
    partClassCount = extractor.reader?.classCount
  }

  private init(reference: FeatureTable, others: FeatureTable, partClassCount: Int?) {
    (self.reference, self.others) = (reference, others)
    self.partClassCount = partClassCount
  }

  /// The first ones to compare with.
  func prefix(_ count: Int) -> RealFeatures {
    guard count < reference.count else { return self }
    var part = RealFeatures(
      reference: reference.rows(0..<count), others: others.rows(0..<count),
      partClassCount: partClassCount)
    (part.training, part.test) = (training, test)
    return part
  }

  // MARK: Metrics

  /// Items for generated ones to be compared with.
  func items() throws -> ReferenceItems {
    ReferenceItems(
      features: try reference.featureSet, classShares: try reference.classShares,
      training: training, test: try test?.featureSet)
  }

  /// The values of other real images in the place of generated ones.
  ///
  /// They were trained on, so those that look for copies judge half of the test images, beside the other
  /// half.
  func floors(_ suite: MetricSuite) throws -> [Metric: Double] {
    let copying: Set<Metric> = [.copying, .authenticity]
    let usual = MetricSuite(
      suite.metrics.filter { !copying.contains($0) }, settings: suite.settings,
      threads: suite.threads)
    var floors = try usual.values(
      of: others.items(partClassCount: partClassCount), against: items())
    let wanted = suite.metrics.filter(copying.contains)
    guard !wanted.isEmpty, let test, test.count > 1 else { return floors }
    let half = min(test.count / 2, reference.count)
    var against = try items()
    against.test = try test.rows(half..<2 * half).featureSet
    let values = try MetricSuite(wanted, settings: suite.settings, threads: suite.threads)
      .values(of: test.rows(0..<half).items(), against: against)
    floors.merge(values) { $1 }
    return floors
  }
}

extension FeatureTable {
  /// The features as metrics take them.
  var featureSet: FeatureSet {
    get throws { try FeatureSet(features, dimension: featureCount) }
  }

  /// The logits likewise; nil without a classifier.
  var logitSet: FeatureSet? {
    get throws { classCount > 0 ? try FeatureSet(logits, dimension: classCount) : nil }
  }

  /// The shares of classes as the classifier sees them; nil without one.
  fileprivate var classShares: DiscreteDistribution? {
    get throws {
      try logitSet.map { try DiscreteDistribution(counts: ClassPredictions(logits: $0).counts) }
    }
  }

  /// Items to be judged.
  ///
  /// - Parameters:
  ///   - asked: The class that was asked for of each of them.
  ///   - partClassCount: Classes of the parts that they are stacked of.
  package func items(
    askedFor asked: [Int]? = nil, partClassCount: Int? = nil
  ) throws -> JudgedItems {
    JudgedItems(
      features: try featureSet, logits: try logitSet, askedClasses: asked,
      stackedClasses: stackedClasses(of: partClassCount))
  }

  /// Items for others to be compared with.
  ///
  /// - Parameters:
  ///   - training: True if they are what a generator learned from.
  ///   - test: New items of the same kind.
  package func reference(training: Bool, test: FeatureTable) throws -> ReferenceItems {
    ReferenceItems(
      features: try featureSet, classShares: try classShares,
      training: training ? try featureSet : nil, test: try test.featureSet)
  }
}

extension FeatureExtractor {
  /// The features of chosen images, from the cache if they are there, kept in it otherwise.
  ///
  /// - Parameter part: Names the choice in the cache.
  func features(
    of dataset: any TrainingData, _ identity: DataIdentity, _ part: String, _ indices: [Int],
    _ cache: FeatureCache?, note: (FeatureNote) -> Void, pause: () async throws -> Void
  ) async throws -> FeatureTable {
    let part = part + (reader.map { "-\($0.key)" } ?? "")
    let known = cache?.table(
      network, identity, part, count: indices.count, partCount: reader?.depth ?? 0)
    if let known { return known }
    let table = try await features(of: dataset, indices) { done in
      note(.computing(dataset.name, done: done, of: indices.count))
      try await pause()
    }
    do {
      try cache?.keep(table, network, identity, part)
    } catch {
      note(.unkept(error))
    }
    return table
  }
}
