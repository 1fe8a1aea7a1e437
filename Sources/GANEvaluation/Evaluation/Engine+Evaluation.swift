import GANData
import GANNetworks
import GANRuntime
import GANStatistics
import GANTensor
package import GANTraining

extension Engine {
  /// Evaluates generators, or given images.
  ///
  /// - Parameter note: Told how far it is, on the engine's thread.
  /// - Throws: `FeatureError`, `EvaluationError` where something cannot be compared; `FormatError`,
  ///   `TrainingError.foreign` where a file of features does not serve; `RuntimeError`;
  ///   `CancellationError`.
  package func evaluate(
    _ request: EvaluationRequest, note: @escaping @Sendable (EvaluationNote) -> Void
  ) async throws -> EvaluationReport {
    try request.check()
    let device = try request.device.makeDevice(threadCount: request.threads)
    let identity = DataIdentity(request.data)
    func pause() async throws {
      await passTurn()
      try Task.checkCancellation()
    }
    let network = try await request.search.network(
      for: request.data, identity, on: device, note: { note(.features($0)) }, pause: pause)
    let reader = try await request.search.reader(
      of: request.data, for: request.metrics, on: device, note: { note(.features($0)) },
      pause: pause)
    let extractor = try FeatureExtractor(network, reader: reader, on: device)
    let extents = request.sources.map(request.extent)
    let count = extents.map(\.count).max() ?? 0
    var real = try await RealFeatures(
      of: request.data, identity, count: count, by: extractor, cache: request.search.cache,
      note: { note(.features($0)) }, pause: pause)
    try await addWhole(request, identity, extractor, to: &real, note: note, pause: pause)
    let accuracy = try request.testAccuracy(of: real.test)
    note(.network(network, testAccuracy: accuracy))

    let suite = MetricSuite(request.metrics, threads: request.threads)
    var floors: [Int: [Metric: Double]] = [:]
    var results: [EvaluationReport.Result] = []
    for (source, extent) in zip(request.sources, extents) {
      let table = try await extractor.features(
        of: source, count: extent.count, sets: extent.sets, seed: request.seed, on: device
      ) { done in
        note(.judging(source.name, done: done, of: extent.count * extent.sets))
        try await pause()
      }
      let part = real.prefix(extent.count)
      let reference = try part.items()
      note(.measuring(source.name))
      let floor = try floors[extent.count] ?? part.floors(suite)
      floors[extent.count] = floor
      var values: [[Metric: Double]] = []
      for set in 0..<extent.sets {
        let items = set * extent.count..<(set + 1) * extent.count
        values.append(
          try suite.values(
            of: table.rows(items).items(
              askedFor: source.classes(of: items), partClassCount: reader?.classCount),
            against: reference))
        try await pause()
      }
      results.append(
        EvaluationReport.Result(
          source, count: extent.count, seed: request.seed, values, floors: floor,
          inOrderOf: request.metrics))
    }
    var report = EvaluationReport(
      features: network.identity,
      reference: .init(name: request.data.name, count: count, testAccuracy: accuracy),
      results: results)
    report.sort()
    return report
  }

  /// Adds the features of all training and test images, where metrics ask for them.
  private func addWhole(
    _ request: EvaluationRequest, _ identity: DataIdentity, _ extractor: FeatureExtractor,
    to real: inout RealFeatures, note: @escaping @Sendable (EvaluationNote) -> Void,
    pause: () async throws -> Void
  ) async throws {
    let cache = request.search.cache
    let needs = request.metrics.reduce(into: Set<Metric.Need>()) { $0.formUnion($1.needs) }
    if needs.contains(.training) {
      real.training = try await extractor.features(
        of: request.data, identity, "train", Array(0..<request.data.count), cache,
        note: { note(.features($0)) }, pause: pause
      ).featureSet
    }
    // They also say how good the classifier is.
    if let test = request.testData, test.imageShape == request.data.itemShape {
      real.test = try await extractor.features(
        of: test, DataIdentity(test), "test", Array(0..<test.count), cache,
        note: { note(.features($0)) }, pause: pause)
    }
  }
}

extension EvaluationRequest {
  /// The share of test images that the classifier gets right; nil where there is none.
  fileprivate func testAccuracy(of table: FeatureTable?) throws -> Double? {
    guard let labels = testData?.labels, let logits = try table?.logitSet else { return nil }
    return try ClassPredictions(logits: logits).accuracy(asked: labels.map(Int.init)).share
  }
}

extension FeatureExtractor {
  /// The features of sets of a source's images, one after another.
  fileprivate func features(
    of source: JudgedImages, count: Int, sets: Int, seed: UInt64, on device: any Device,
    pause: (_ done: Int) async throws -> Void
  ) async throws -> FeatureTable {
    switch source.origin {
    case .images(let images):
      return try await features(of: images, images.drawn(count, sets: sets), pause: pause)
    case .generator(let generator):
      let sampler = try ItemSampler(
        generator.network,
        tensors: Dictionary(uniqueKeysWithValues: generator.tensors.map { ($0.name, $0.tensor) }),
        itemShape: generator.options.itemShape, on: device)
      return try await features(
        of: sampler, count: count * sets, classCount: generator.network.classCount, seed: seed,
        pause: pause)
    }
  }
}

extension ImageDataset {
  /// Images of disjoint sets, drawn in a fixed order, for they may lie class after class; those of a set
  /// as they lie.
  fileprivate func drawn(_ count: Int, sets: Int) -> [Int] {
    let order = RandomStream(seed: 0, purpose: .evaluationOrder, step: 1)
      .permutation(count: self.count)
    return (0..<sets).flatMap { set in
      order[set * count..<(set + 1) * count].map(Int.init).sorted()
    }
  }
}

extension JudgedImages {
  /// The classes that a generator was asked for; nil where it is told none.
  fileprivate func classes(of items: Range<Int>) -> [Int]? {
    guard case .generator(let generator) = origin, let count = generator.network.classCount else {
      return nil
    }
    return items.map { $0 % count }
  }
}
