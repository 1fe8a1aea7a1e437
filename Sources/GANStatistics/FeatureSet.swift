/// What a feature network says of some items: `[count, dimension]`, row after row, all finite.
///
/// Features in single precision are compared by products in single precision wherever rounding
/// cannot decide, and in double precision where it could; see each metric. Features in double
/// precision are never rounded.
package struct FeatureSet: Sendable {
  /// The number of items.
  package let count: Int
  /// The number of features of an item.
  package let dimension: Int

  let storage: Storage

  enum Storage: Sendable {
    case single([Float])
    case double([Double])
  }

  /// Takes features in single precision.
  ///
  /// - Throws: `EvaluationError.featureShape` where the values make no whole rows,
  ///   `.sampleNotFinite`.
  package init(_ values: [Float], dimension: Int) throws(EvaluationError) {
    count = try Self.rowCount(of: values.count, dimension: dimension)
    if let broken = values.firstIndex(where: { !$0.isFinite }) {
      throw .sampleNotFinite(sample: broken / dimension)
    }
    self.dimension = dimension
    storage = .single(values)
  }

  /// Takes features in double precision.
  ///
  /// - Throws: As the other.
  package init(_ values: [Double], dimension: Int) throws(EvaluationError) {
    count = try Self.rowCount(of: values.count, dimension: dimension)
    if let broken = values.firstIndex(where: { !$0.isFinite }) {
      throw .sampleNotFinite(sample: broken / dimension)
    }
    self.dimension = dimension
    storage = .double(values)
  }

  private init(_ storage: Storage, count: Int, dimension: Int) {
    (self.storage, self.count, self.dimension) = (storage, count, dimension)
  }

  private static func rowCount(of values: Int, dimension: Int) throws(EvaluationError) -> Int {
    guard dimension > 0, values.isMultiple(of: dimension) else {
      throw .featureShape(values: values, dimension: dimension)
    }
    return values / dimension
  }

  /// An item's features.
  package subscript(row: Int) -> [Double] {
    let place = row * dimension..<(row + 1) * dimension
    return switch storage {
    case .single(let values): values[place].map(Double.init)
    case .double(let values): Array(values[place])
    }
  }

  /// Some of the items, in the order of the indices, which may repeat.
  ///
  /// - Parameter indices: Each in `0 ..< count`.
  package func selecting(_ indices: some Collection<Int>) -> FeatureSet {
    func gathered<Value>(_ values: [Value]) -> [Value] {
      var rows: [Value] = []
      rows.reserveCapacity(indices.count * dimension)
      for index in indices { rows += values[index * dimension..<(index + 1) * dimension] }
      return rows
    }
    let rows: Storage =
      switch storage {
      case .single(let values): .single(gathered(values))
      case .double(let values): .double(gathered(values))
      }
    return FeatureSet(rows, count: indices.count, dimension: dimension)
  }

  /// Checks that another set can be compared with this one.
  ///
  /// - Throws: `EvaluationError.featureDimensions`, and `.tooFewSamples` where either has fewer than
  ///   `needed` items.
  func check(against other: FeatureSet, needed: Int) throws(EvaluationError) {
    guard dimension == other.dimension else {
      throw .featureDimensions(dimension, other.dimension)
    }
    try check(needed: needed)
    try other.check(needed: needed)
  }

  /// Checks that there are enough items.
  func check(needed: Int) throws(EvaluationError) {
    guard count >= needed else { throw .tooFewSamples(got: count, needed: needed) }
  }
}
