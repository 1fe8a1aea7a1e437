package import GANData
package import GANRuntime
package import GANStatistics
import GANTensor
import GANTraining

/// What to evaluate, against which real images, and how.
package struct EvaluationRequest: Sendable {
  /// The images to judge.
  package var sources: [JudgedImages]
  /// The real images to compare with.
  package var data: any TrainingData
  /// Real images that nothing was trained on; nil where there are none.
  package var testData: ImageDataset?
  /// Finds the network of features.
  package var search: FeatureSearch
  /// The metrics, in the order of the results.
  package var metrics: [Metric] = Metric.ofImages
  /// Images in a set, and as many real ones; at most half of the data, and a source's own.
  package var count = 10_000
  /// Disjoint sets of each source.
  package var sets = 3
  /// Decides the latents.
  package var seed: UInt64 = 0
  /// Threads that compute.
  package var threads = defaultThreadCount
  /// Where networks compute.
  package var device = DeviceKind.fastest

  /// The fewest images that are compared.
  package static let leastCount = 10

  /// Asks for an evaluation.
  package init(_ sources: [JudgedImages], against data: any TrainingData, features: FeatureSearch) {
    (self.sources, self.data, search) = (sources, data, features)
  }

  /// Checks that everything can be compared.
  ///
  /// - Throws: `FeatureError`.
  func check() throws(FeatureError) {
    guard data.itemShape.rank == 3 else { throw .points(data.name) }
    try FeatureError.checkSides(of: data.itemShape)
    guard data.count >= 2 * Self.leastCount else {
      throw .tooFew(source: data.name, count: data.count, needed: 2 * Self.leastCount)
    }
    for source in sources {
      guard source.imageShape.rank == 3 else { throw .points(source.name) }
      guard source.imageShape == data.itemShape else {
        throw .images(source: source.name, source.imageShape, data: data.itemShape)
      }
      if let count = source.count, count < Self.leastCount {
        throw .tooFew(source: source.name, count: count, needed: Self.leastCount)
      }
    }
  }

  /// Images in each set of a source, and the number of sets.
  func extent(of source: JudgedImages) -> (count: Int, sets: Int) {
    let count = min(self.count, data.count / 2, source.count ?? .max)
    return (count, min(sets, (source.count ?? .max) / count))
  }
}

/// The progress of an evaluation.
package enum EvaluationNote: Sendable {
  /// Features are found or computed.
  case features(FeatureNote)
  /// The network is there; `testAccuracy` is its share of right test images.
  case network(FeatureNetwork, testAccuracy: Double?)
  /// Images of a source are judged.
  case judging(String, done: Int, of: Int)
  /// Its metrics are computed.
  case measuring(String)
}
