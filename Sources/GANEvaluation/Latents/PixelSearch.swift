package import GANData
package import GANStatistics
package import GANTensor

/// Looks for images of a data set by their pixels, some at a time: it takes memory for some, however many
/// there are.
package struct PixelSearch: Sendable {
  /// An image of the data, and how far it is.
  package struct Match: Hashable, Sendable {
    /// Its index in the data.
    package let index: Int
    /// The root of the mean squared difference of pixels in [-1, 1].
    package let distance: Double
  }

  /// Images whose pixels are numbers at the same time.
  private static let blockSize = 2_048

  private let data: any TrainingData
  private let threads: Int

  /// Searches images.
  ///
  /// - Parameter threads: Change no bit.
  package init(_ data: any TrainingData, threads: Int) {
    (self.data, self.threads) = (data, threads)
  }

  /// The nearest images, nearest first; of equally near ones the first of the data is first.
  ///
  /// - Parameters:
  ///   - images: `[N, C, H, W]` in [-1, 1], of the data's shape.
  ///   - count: Matches of an image, at most as many as the data have.
  /// - Throws: `EvaluationError.sampleNotFinite`.
  package func nearest(to images: HostTensor, count: Int) throws(EvaluationError) -> [[Match]] {
    let queries = try FeatureSet(images.floats, dimension: data.itemShape.elementCount)
    return try matches(of: queries, count: count, own: nil)
  }

  /// The distances of some of the data's images to their nearest other one.
  package func distancesToOthers(of items: [Int]) throws(EvaluationError) -> [Double] {
    let size = data.itemShape.elementCount
    let queries = try FeatureSet(
      items.flatMap { values(of: $0..<$0 + 1, size: size) }, dimension: size)
    return try matches(of: queries, count: 1, own: items).compactMap { $0.first?.distance }
  }

  /// - Parameter own: The item that each query is itself, which does not count.
  private func matches(
    of queries: FeatureSet, count: Int, own: [Int]?
  ) throws(EvaluationError) -> [[Match]] {
    let size = data.itemShape.elementCount
    let scale = 1 / Double(size).squareRoot()
    var nearest = [[Match]](repeating: [], count: queries.count)
    for first in stride(from: 0, to: data.count, by: Self.blockSize) {
      let items = first..<min(first + Self.blockSize, data.count)
      let block = try FeatureSet(values(of: items, size: size), dimension: size)
      let wanted = min(own == nil ? count : count + 1, items.count)
      let found = try Neighbours(of: queries, in: block, count: wanted, threads: threads)
      for query in 0..<queries.count {
        let matches = (query * wanted..<(query + 1) * wanted).map { place in
          Match(
            index: first + Int(found.indices[place]),
            distance: found.squaredDistances[place].squareRoot() * scale)
        }
        let all = nearest[query] + matches.filter { $0.index != own?[query] }
        nearest[query] = Array(
          all.sorted { ($0.distance, $0.index) < ($1.distance, $1.index) }.prefix(count))
      }
    }
    return nearest
  }

  /// The pixels of some items, in [-1, 1].
  private func values(of items: Range<Int>, size: Int) -> [Float] {
    data.storage.bytes[items.lowerBound * size..<items.upperBound * size].map {
      (Float($0) / 255 - 0.5) * 2
    }
  }
}
