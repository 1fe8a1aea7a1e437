package import GANData
package import GANRuntime
package import GANStatistics
package import GANTensor
import GANTraining

/// Finds the network whose hidden values images of some data are compared by: that of a file, else a
/// classifier of the data's own, which is trained once, else fixed random convolutions.
package struct FeatureSearch: Sendable {
  /// Keeps classifiers; nil where the user has no cache.
  package var cache: FeatureCache?
  /// A file of features to use in place of the data's own.
  package var file: String?

  /// Describes a search.
  package init(cache: FeatureCache?, file: String? = nil) {
    (self.cache, self.file) = (cache, file)
  }

  /// True for data whose labels a classifier can learn.
  package static func canLearn(_ dataset: any TrainingData) -> Bool {
    dataset.labels != nil && (dataset.classCount ?? 0) > 1
  }

  /// The network, if it is there without training.
  ///
  /// - Throws: `FormatError`, `TrainingError.foreign` or `FeatureError` where the file does not serve.
  package func presentNetwork(
    for dataset: any TrainingData, _ identity: DataIdentity
  ) throws -> FeatureNetwork? {
    if let file {
      let network = try FeatureNetwork(contentsOf: file)
      guard network.imageShape == dataset.itemShape else {
        throw FeatureError.shape(
          path: file, takes: network.imageShape, images: dataset.itemShape)
      }
      return network
    }
    guard Self.canLearn(dataset) else { return try .random(for: dataset.itemShape) }
    return cache?.classifier(of: dataset, identity)
  }

  /// The network, trained now where it is not there; a training that was interrupted goes on.
  ///
  /// - Parameters:
  ///   - note: Told of a training.
  ///   - pause: Called between its steps; what it throws ends it.
  /// - Throws: As `presentNetwork`; `FeatureError.shape` for images that no network here takes.
  package func network(
    for dataset: any TrainingData, _ identity: DataIdentity, on device: any Device,
    note: (FeatureNote) -> Void, pause: () async throws -> Void
  ) async throws -> FeatureNetwork {
    try FeatureError.checkSides(of: dataset.itemShape)
    if let network = try presentNetwork(for: dataset, identity) { return network }
    let clock = ContinuousClock()
    let start = clock.now
    let session = try ClassifierSession(dataset, on: device)
    if let training = cache?.training(of: identity, on: device) { try? session.restore(training) }
    let (first, count) = (session.step, ClassifierTraining.steps)
    note(.began(data: dataset.name, step: first, of: count))
    while session.step < count {
      session.runStep()
      if session.step.isMultiple(of: ClassifierTraining.savingInterval) {
        keep(session, of: identity, on: device, note: note)
      }
      let secondsPerStep = (clock.now - start).inSeconds / Double(session.step - first)
      note(
        .training(
          step: session.step, of: count,
          secondsLeft: secondsPerStep * Double(count - session.step)))
      try await pause()
    }
    let network = try session.network()
    var path: String?
    do {
      path = try cache?.keep(network, of: identity)
    } catch {
      note(.unkept(error))
    }
    note(.trained(network, seconds: (clock.now - start).inSeconds, path: path))
    return network
  }

  /// A reader of the gray images that data are stacked of, whose classifier is found as `network`
  /// finds it; nil where data are not stacked, their parts have no classes, or no metric asks.
  ///
  /// - Throws: As `network`.
  package func reader(
    of dataset: any TrainingData, for metrics: [Metric], on device: any Device,
    note: (FeatureNote) -> Void, pause: () async throws -> Void
  ) async throws -> StackReader? {
    guard let stack = (dataset as? ImageDataset)?.stack, Self.canLearn(stack.images),
      metrics.contains(where: { $0.needs.contains(.modes) })
    else { return nil }
    // A file of features is of whole images.
    let network = try await FeatureSearch(cache: cache).network(
      for: stack.images, DataIdentity(stack.images), on: device, note: note, pause: pause)
    return try StackReader(network, depth: stack.depth, on: device)
  }

  /// Keeps what a training has reached; a cache that cannot be written is told of at its end.
  private func keep(
    _ session: ClassifierSession, of identity: DataIdentity, on device: any Device,
    note: (FeatureNote) -> Void
  ) {
    guard let cache, session.step < ClassifierTraining.steps,
      (try? cache.keepTraining(session.checkpoint(), of: identity, on: device)) != nil
    else { return }
    note(.saved(step: session.step))
  }
}

/// Something worth telling while features are found.
package enum FeatureNote: Sendable {
  /// The training of a classifier begins, or goes on after so many steps.
  case began(data: String, step: Int, of: Int)
  /// So many of its steps are done; the rest takes about so long.
  case training(step: Int, of: Int, secondsLeft: Double)
  /// Interrupted now, the training would go on after so many steps.
  case saved(step: Int)
  /// It is trained, and kept at a path unless that is nil.
  case trained(FeatureNetwork, seconds: Double, path: String?)
  /// Something could not be kept.
  case unkept(any Error)
  /// Features of so many images are computed.
  case computing(String, done: Int, of: Int)
}

/// Why images cannot be judged.
package enum FeatureError: Error, Hashable, Sendable {
  /// A network takes other images.
  case shape(path: String, takes: Shape, images: Shape)
  /// Images are too small or too large for our networks.
  case sides(Shape)
  /// Points have no pictures to look at.
  case points(String)
  /// The data have other images than those to judge.
  case images(source: String, Shape, data: Shape)
  /// There are too few images to compare.
  case tooFew(source: String, count: Int, needed: Int)

  /// Refuses images that networks of ours do not take.
  static func checkSides(of shape: Shape) throws(FeatureError) {
    guard shape.rank == 3, FeaturePlan.sides.contains(shape[1]),
      FeaturePlan.sides.contains(shape[2])
    else { throw .sides(shape) }
  }
}

extension FeatureError: CustomStringConvertible {
  /// One line, without `error:` and without a full stop.
  package var description: String {
    switch self {
    case .shape(let path, let takes, let images):
      "\(path) takes images of \(takes.extents), these are \(images.extents)"
    case .sides(let shape):
      "images from \(FeaturePlan.sides.lowerBound) to \(FeaturePlan.sides.upperBound) pixels a side "
        + "can be judged, these are \(shape.extents)"
    case .points(let name):
      "\(name) are points, and no images"
    case .images(let source, let shape, let data):
      "\(source) has images of \(shape.extents), the data have \(data.extents)"
    case .tooFew(let source, let count, let needed):
      "\(source) has \(count) images, at least \(needed) are needed"
    }
  }
}
