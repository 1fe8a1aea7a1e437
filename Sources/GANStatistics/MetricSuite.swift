import Foundation

/// Generated items that are judged.
package struct JudgedItems: Sendable {
  /// Their features.
  package var features: FeatureSet
  /// A classifier's logits, `[count, classes]`.
  package var logits: FeatureSet?
  /// The class each was asked for.
  package var askedClasses: [Int]?
  /// Of stacked items, the classes of the parts.
  package var stackedClasses: StackedClasses?

  /// Names the items.
  package init(
    features: FeatureSet, logits: FeatureSet? = nil, askedClasses: [Int]? = nil,
    stackedClasses: StackedClasses? = nil
  ) {
    self.features = features
    self.logits = logits
    self.askedClasses = askedClasses
    self.stackedClasses = stackedClasses
  }
}

/// Real items they are compared with.
package struct ReferenceItems: Sendable {
  /// Features of those that distances and neighbourhoods are taken from.
  package var features: FeatureSet
  /// The data's shares of classes; nil for equal ones.
  package var classShares: DiscreteDistribution?
  /// Features of the items that the generator learned from.
  package var training: FeatureSet?
  /// Features of new items of the same kind.
  package var test: FeatureSet?

  /// Names the items.
  package init(
    features: FeatureSet, classShares: DiscreteDistribution? = nil, training: FeatureSet? = nil,
    test: FeatureSet? = nil
  ) {
    self.features = features
    self.classShares = classShares
    self.training = training
    self.test = test
  }
}

/// The numbers in metrics' definitions; the defaults are those of their authors.
package struct MetricSettings: Hashable, Sendable, Codable {
  /// The k of precision, recall and rarity; balls with their rims (`<=`).
  package var precisionNeighbours = 3
  /// The k of density and coverage, also clipped; balls without their rims (`<`).
  package var densityNeighbours = 5
  /// Subsets of the kernel distance.
  package var kernelSubsetCount = 100
  /// Items of a subset, at most.
  package var kernelSubsetSize = 1_000
  /// Directions of the sliced distances.
  package var directionCount = 1_000
  /// Parts of the classifier score, at most.
  package var scoreSplits = 10
  /// Cells of the copying test, at most.
  package var copyingCellCount = 10
  /// Whatever is drawn.
  package var seed: UInt64 = 0

  /// The defaults.
  package init() {}
}

/// Some metrics, computed together so that they share what is costly.
package struct MetricSuite: Sendable {
  /// The metrics, in the order of `Metric`.
  package let metrics: [Metric]
  /// The numbers in their definitions.
  package let settings: MetricSettings
  /// Threads that compute; they change no bit.
  package let threads: Int

  /// Names metrics.
  ///
  /// - Parameter threads: At least 1.
  package init(
    _ metrics: some Collection<Metric>, settings: MetricSettings = MetricSettings(),
    threads: Int = 1
  ) {
    self.metrics = Metric.allCases.filter(metrics.contains)
    self.settings = settings
    self.threads = threads
  }

  /// Metrics that are computed at once.
  package static let groups: [[Metric]] = [
    [.frechetDistance], [.kernelDistance], [.mind, .slicedDistance],
    [
      .precision, .recall, .density, .coverage, .clippedDensity, .clippedCoverage, .rarity,
    ],
    [.probabilisticPrecision, .probabilisticRecall],
    [.classifierScore, .confidence, .classDivergence, .classAccuracy],
    [.vendi], [.copying], [.authenticity], [.support], [.modes, .modeDivergence],
  ]

  /// Judges items.
  ///
  /// A metric that these items allow no value of is absent: one that needs what is not there, or
  /// more items than there are. Of sets of unequal size MIND and the sliced distance take as many of
  /// the larger as the smaller has, drawn by the seed.
  ///
  /// - Parameter willCompute: Called before each group of metrics; what it throws ends the judgement.
  /// - Throws: `EvaluationError.featureDimensions` and others that more items do not help.
  package func values(
    of judged: JudgedItems, against reference: ReferenceItems,
    willCompute: ([Metric]) throws -> Void = { _ in }
  ) throws -> [Metric: Double] {
    var values: [Metric: Double] = [:]
    for group in Self.groups {
      let wanted = group.filter { metric in
        metrics.contains(metric)
          && metric.needs.isSubset(of: available(of: judged, and: reference))
      }
      guard !wanted.isEmpty else { continue }
      try willCompute(wanted)
      do {
        let found = try groupValues(wanted, of: judged, against: reference)
        for metric in wanted { values[metric] = found[metric] }
      } catch EvaluationError.tooFewSamples {
        continue
      }
    }
    return values
  }

  private func available(
    of judged: JudgedItems, and reference: ReferenceItems
  ) -> Set<Metric.Need> {
    var found: Set<Metric.Need> = [.reference]
    if judged.logits != nil { found.insert(.logits) }
    if judged.askedClasses != nil { found.insert(.askedClasses) }
    if judged.stackedClasses != nil { found.insert(.modes) }
    if reference.training != nil { found.insert(.training) }
    if reference.test != nil { found.insert(.test) }
    return found
  }

  /// The values of metrics that share their work; also of others of the group.
  private func groupValues(
    _ wanted: [Metric], of judged: JudgedItems, against reference: ReferenceItems
  ) throws(EvaluationError) -> [Metric: Double] {
    let (generated, real) = (judged.features, reference.features)
    switch wanted.first {
    case .frechetDistance:
      let fits = (
        try GaussianFit(to: real, threads: threads),
        try GaussianFit(to: generated, threads: threads)
      )
      return [.frechetDistance: try fits.0.frechetDistance(to: fits.1)]
    case .kernelDistance:
      let size = min(settings.kernelSubsetSize, real.count, generated.count)
      let distance = try KernelDistance(
        of: real, and: generated, subsetCount: settings.kernelSubsetCount, subsetSize: size,
        seed: settings.seed, threads: threads)
      return [.kernelDistance: distance.value]
    case .mind, .slicedDistance:
      let (one, other) = equalSets(real, generated)
      let sliced = try SlicedDistances(
        of: one, and: other, directionCount: settings.directionCount, seed: settings.seed,
        threads: threads)
      return [.mind: sliced.mind, .slicedDistance: sliced.second]
    case .precision, .recall, .density, .coverage, .clippedDensity, .clippedCoverage, .rarity:
      let manifold = try ManifoldMetrics(
        of: real, and: generated, precisionNeighbours: settings.precisionNeighbours,
        densityNeighbours: settings.densityNeighbours, threads: threads)
      return manifold.values
    case .probabilisticPrecision, .probabilisticRecall:
      let manifold = try ProbabilisticManifold(of: real, and: generated, threads: threads)
      return [
        .probabilisticPrecision: manifold.precision, .probabilisticRecall: manifold.recall,
      ]
    case .classifierScore, .confidence, .classDivergence, .classAccuracy:
      return try classValues(of: judged, against: reference)
    case .vendi:
      return [.vendi: try VendiScore(of: generated, threads: threads).value]
    case .copying:
      guard let training = reference.training, let test = reference.test else { return [:] }
      let copying = try CopyingTest(
        of: generated, training: training, test: test,
        cellCount: min(settings.copyingCellCount, training.count), seed: settings.seed,
        threads: threads)
      return [.copying: copying.value].compactMapValues { $0 }
    case .authenticity:
      guard let training = reference.training else { return [:] }
      let authenticity = try Authenticity(of: generated, training: training, threads: threads)
      return [.authenticity: authenticity.percent].compactMapValues { $0 }
    case .support:
      let distance = try SupportEstimate.duplicateDistance(of: real, threads: threads)
      let support = try SupportEstimate(of: generated, distance: distance, threads: threads)
      return [.support: support.value].compactMapValues { $0 }
    case .modes, .modeDivergence:
      guard let stacked = judged.stackedClasses else { return [:] }
      let modes = try CountedModes(ofStacked: stacked.parts, classCount: stacked.classCount)
      return [.modes: Double(modes.captured), .modeDivergence: modes.divergence]
    case nil: return [:]
    }
  }

  private func classValues(
    of judged: JudgedItems, against reference: ReferenceItems
  ) throws(EvaluationError) -> [Metric: Double] {
    guard let logits = judged.logits else { return [:] }
    let predictions = try ClassPredictions(logits: logits)
    let uniform = try DiscreteDistribution.uniform(count: predictions.classCount)
    let shares = reference.classShares ?? uniform
    let splits = min(settings.scoreSplits, predictions.count)
    var values: [Metric: Double] = [
      .classifierScore: try predictions.score(splits: splits).value,
      .confidence: predictions.confidence,
      .classDivergence: try predictions.divergence(from: shares),
    ]
    if let asked = judged.askedClasses {
      values[.classAccuracy] = try predictions.accuracy(asked: asked).share
    }
    return values
  }

  /// As many of both sets as the smaller has.
  private func equalSets(_ one: FeatureSet, _ other: FeatureSet) -> (FeatureSet, FeatureSet) {
    let count = min(one.count, other.count)
    func part(_ set: FeatureSet) -> FeatureSet {
      set.count == count
        ? set : set.selecting(disjointDraws(of: set.count, sizes: [count], seed: settings.seed)[0])
    }
    return (part(one), part(other))
  }
}

extension ManifoldMetrics {
  /// The values by name.
  package var values: [Metric: Double] {
    var values: [Metric: Double] = [
      .precision: precision, .recall: recall, .density: density, .coverage: coverage,
      .clippedDensity: clippedDensity, .clippedCoverage: clippedCoverage,
    ]
    values[.rarity] = rarity
    return values
  }
}
