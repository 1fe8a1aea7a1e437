package import GANData
package import GANRuntime
import GANStatistics
package import GANTensor
package import GANTraining

/// The images of a data set that are nearest to some images.
package struct NearestImages: Sendable {
  /// What is compared.
  package enum Space: String, CaseIterable, Sendable {
    /// Pixels: sees exact copies, and little beyond.
    case pixels
    /// The hidden values of the network that evaluations compare by.
    case features
  }

  /// Indices in the data, the nearest first: `[N][K]`.
  package let indices: [[Int]]
  /// Their distances: of pixels in [-1, 1] the root of the mean squared difference, of features
  /// Euclid's.
  package let distances: [[Double]]
  /// The distances of some images of the data to their nearest other one, sorted: what no copy has.
  package let floors: [Double]

  /// Images of the data whose nearest other one is looked for.
  package static let floorCount = 500

  /// Some images to look for the nearest other one of, in an order of their own.
  ///
  /// - Parameters:
  ///   - imageCount: Images that there are.
  ///   - most: Indices to give, or all there are.
  package static func floorItems(of imageCount: Int, atMost most: Int = floorCount) -> [Int] {
    RandomStream(seed: 0, purpose: .evaluationOrder, step: 0).permutation(count: imageCount)
      .prefix(most).map(Int.init)
  }
}

extension Engine {
  /// Finds the nearest images.
  ///
  /// - Parameters:
  ///   - images: `[N, C, H, W]` in [-1, 1], of the data's shape.
  ///   - data: Images, more than `count`.
  ///   - search: Finds the network of features, where those are compared.
  /// - Throws: `FeatureError`, `EvaluationError`, `RuntimeError`.
  package func nearest(
    to images: HostTensor, in data: any TrainingData, count: Int, by space: NearestImages.Space,
    features search: FeatureSearch, on device: DeviceKind, threads: Int,
    note: @escaping @Sendable (FeatureNote) -> Void
  ) async throws -> NearestImages {
    let floorItems = NearestImages.floorItems(of: data.count)
    guard space == .features else {
      let search = PixelSearch(data, threads: threads)
      let found = try search.nearest(to: images, count: count)
      return NearestImages(
        indices: found.map { $0.map(\.index) }, distances: found.map { $0.map(\.distance) },
        floors: try search.distancesToOthers(of: floorItems).sorted())
    }
    func pause() async throws {
      await passTurn()
      try Task.checkCancellation()
    }
    let device = try device.makeDevice(threadCount: threads)
    let identity = DataIdentity(data)
    let network = try await search.network(
      for: data, identity, on: device, note: note, pause: pause)
    let extractor = try FeatureExtractor(network, on: device)
    let base = try await extractor.features(
      of: data, identity, "train", Array(0..<data.count), search.cache, note: note, pause: pause
    ).featureSet
    var table = extractor.emptyTable
    let (bytes, size) = (quantized(images.bytes), data.itemShape.elementCount)
    for first in stride(from: 0, to: images.shape[0], by: extractor.batchSize) {
      let last = min(first + extractor.batchSize, images.shape[0])
      extractor.append(bytes[first * size..<last * size], to: &table)
    }
    let found = try Neighbours(of: table.featureSet, in: base, count: count, threads: threads)
    let others = try Neighbours(within: base, of: floorItems, threads: threads)
    return NearestImages(
      indices: (0..<found.queryCount).map { query in
        (0..<count).map { Int(found.indices[query * count + $0]) }
      },
      distances: (0..<found.queryCount).map { query in
        (0..<count).map { found.squaredDistances[query * count + $0].squareRoot() }
      },
      floors: others.squaredDistances.map { $0.squareRoot() }.sorted())
  }
}
