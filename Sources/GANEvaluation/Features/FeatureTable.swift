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

  /// An empty table.
  package init(featureCount: Int, classCount: Int) {
    (self.featureCount, self.classCount) = (featureCount, classCount)
  }

  /// The number of images.
  package var count: Int { featureCount == 0 ? 0 : features.count / featureCount }

  mutating func reserve(_ count: Int) {
    features.reserveCapacity(features.count + count * featureCount)
    logits.reserveCapacity(logits.count + count * classCount)
  }

  mutating func append(features: some Sequence<Float>, logits: some Sequence<Float>) {
    self.features += features
    self.logits += logits
  }

  mutating func append(_ other: FeatureTable) {
    append(features: other.features, logits: other.logits)
  }

  /// Some of the rows.
  package func rows(_ range: Range<Int>) -> FeatureTable {
    var table = FeatureTable(featureCount: featureCount, classCount: classCount)
    table.append(
      features: features[range.lowerBound * featureCount..<range.upperBound * featureCount],
      logits: logits[range.lowerBound * classCount..<range.upperBound * classCount])
    return table
  }
}
