import GANData
package import GANRuntime
import GANStatistics
import GANTensor

/// Tells the classes of the gray images that others are stacked of, by a classifier of those.
///
/// Its identity is that of the classifier's program.
package final class StackReader {
  /// Gray images in an item.
  package let depth: Int
  /// Classes of a gray image.
  package let classCount: Int
  /// Names the classifier in the cache of features.
  let key: String
  private let classifier: FeatureExtractor

  /// Bytes of an item, all channels.
  var itemSize: Int { ImageStack.channels * classifier.network.imageShape.elementCount }

  /// Prepares a classifier; nil of a network that knows no classes.
  ///
  /// - Parameters:
  ///   - network: Of one gray image.
  ///   - depth: Gray images in an item, in its first channels.
  /// - Throws: `RuntimeError` where this machine cannot run it.
  package init?(_ network: FeatureNetwork, depth: Int, on device: any Device) throws {
    guard let classCount = network.classCount else { return nil }
    (self.depth, self.classCount) = (depth, classCount)
    key = "stack\(depth)of\(network.sha256.prefix(16))"
    classifier = try FeatureExtractor(network, on: device)
  }

  /// The class of each part of some images, `[count, depth]`; of equally probable ones the lowest.
  ///
  /// - Parameter bytes: Images one after another, `[count, C, H, W]`: their channels are gray images.
  func classes(of bytes: ArraySlice<UInt8>, count: Int) -> [UInt8] {
    let size = classifier.network.imageShape.elementCount
    let imageBytes = bytes.count / count
    var gray: [UInt8] = []
    gray.reserveCapacity(count * depth * size)
    for image in 0..<count {
      let start = bytes.startIndex + image * imageBytes
      gray += bytes[start..<start + depth * size]
    }
    var table = classifier.emptyTable
    let batch = classifier.batchSize * size
    for start in stride(from: 0, to: gray.count, by: batch) {
      classifier.append(gray[start..<min(start + batch, gray.count)], to: &table)
    }
    return (0..<count * depth).map { part in
      let logits = table.logits[part * classCount..<(part + 1) * classCount]
      let best = logits.indices.reduce(logits.startIndex) { logits[$1] > logits[$0] ? $1 : $0 }
      return UInt8(best - logits.startIndex)
    }
  }
}

extension FeatureTable {
  /// The classes of the parts of stacked images; nil where they are not stacked.
  ///
  /// - Parameter classCount: Classes of a part.
  func stackedClasses(of classCount: Int?) -> StackedClasses? {
    guard partCount > 0, let classCount else { return nil }
    let parts = (0..<partCount).map { part in
      (0..<count).map { Int(self.parts[$0 * partCount + part]) }
    }
    return StackedClasses(parts: parts, classCount: classCount)
  }
}
