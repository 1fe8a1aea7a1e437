package import GANTensor

/// Points in memory, as numbers.
package struct PointDataset: TrainingData {
  /// The data's name in options and reports.
  package let name: String
  /// The number of points.
  package let count: Int
  /// `[D]`, the coordinates of a point.
  package let itemShape: Shape
  /// `count * D` numbers as `float32`, point after point, in this machine's byte order.
  package let storage: DataStorage

  /// What was taken for granted where a file does not say it, each in words.
  package let assumptions: [String]

  package var elementType: ElementType { .float32 }
  package var labels: [UInt8]? { nil }
  package var classCount: Int? { nil }
  package var classNames: [String]? { nil }

  /// Wraps points already in memory.
  ///
  /// - Parameter values: A whole number of points, at least one.
  package init(
    name: String, dimension: Int, values: [Float], assumptions: [String] = []
  ) {
    precondition(
      dimension > 0 && !values.isEmpty && values.count.isMultiple(of: dimension),
      "\(values.count) numbers are no points of \(dimension) coordinates")
    self.name = name
    self.assumptions = assumptions
    count = values.count / dimension
    itemShape = [dimension]
    storage = DataStorage(values.withUnsafeBytes { [UInt8]($0) })
  }

  /// Points of a toy world in a data set: as many as PacGAN trains on.
  package static let worldCount = 100_000

  /// Points of a toy world, drawn once.
  ///
  /// - Parameter seed: The run's; another one draws other points.
  package init(_ world: ToyWorld, count: Int = worldCount, seed: UInt64) {
    let mixture = world.mixture
    let stream = RandomStream(seed: seed, purpose: .worldData, step: 0)
    self.init(
      name: world.rawValue, dimension: mixture.dimension,
      values: mixture.samples(count: count, from: stream))
  }
}
