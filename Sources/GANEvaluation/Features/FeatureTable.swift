/// Features of images, row after row, and their logits where the network knows classes.
package struct FeatureTable: Hashable, Sendable {
  /// Features of an image.
  package let featureCount: Int
  /// Logits of an image; 0 without classes.
  package let classCount: Int
  /// `[count, featureCount]`.
  package private(set) var features: [Float] = []
  /// `[count, classCount]`.
  package private(set) var logits: [Float] = []
  /// Gray images that each image is stacked of; 0 where it is not.
  package let partCount: Int
  /// The classes of those, `[count, partCount]`.
  package private(set) var parts: [UInt8] = []

  /// An empty table.
  package init(featureCount: Int, classCount: Int, partCount: Int = 0) {
    (self.featureCount, self.classCount) = (featureCount, classCount)
    self.partCount = partCount
  }

  /// The number of images.
  package var count: Int { featureCount == 0 ? 0 : features.count / featureCount }

  mutating func reserve(_ count: Int) {
    features.reserveCapacity(features.count + count * featureCount)
    logits.reserveCapacity(logits.count + count * classCount)
    parts.reserveCapacity(parts.count + count * partCount)
  }

  mutating func append(
    features: some Sequence<Float>, logits: some Sequence<Float>,
    parts: some Sequence<UInt8> = EmptyCollection()
  ) {
    self.features += features
    self.logits += logits
    self.parts += parts
  }

  mutating func append(_ other: FeatureTable) {
    append(features: other.features, logits: other.logits, parts: other.parts)
  }

  /// Some of the rows.
  package func rows(_ range: Range<Int>) -> FeatureTable {
    var table = FeatureTable(
      featureCount: featureCount, classCount: classCount, partCount: partCount)
    table.append(
      features: features[range.lowerBound * featureCount..<range.upperBound * featureCount],
      logits: logits[range.lowerBound * classCount..<range.upperBound * classCount],
      parts: parts[range.lowerBound * partCount..<range.upperBound * partCount])
    return table
  }
}
