internal import CKernels

/// The rows of a feature set at a fixed address, while they are read.
struct FeatureRows {
  let count: Int
  let dimension: Int
  private let start: Start

  private enum Start {
    case single(UnsafeBufferPointer<Float>)
    case double(UnsafeBufferPointer<Double>)
  }

  fileprivate init(_ values: UnsafeBufferPointer<Float>, of set: FeatureSet) {
    (count, dimension, start) = (set.count, set.dimension, .single(values))
  }

  fileprivate init(_ values: UnsafeBufferPointer<Double>, of set: FeatureSet) {
    (count, dimension, start) = (set.count, set.dimension, .double(values))
  }

  private func start<Value>(
    of row: Int, _ values: UnsafeBufferPointer<Value>
  ) -> UnsafePointer<Value>? {
    UnsafeBufferPointer(rebasing: values[row * dimension..<(row + 1) * dimension]).baseAddress
  }

  /// True if the features are in double precision.
  var isDouble: Bool {
    if case .double = start { true } else { false }
  }

  /// Writes a row, `dimension` values, to memory.
  func copy(_ row: Int, to destination: UnsafeMutablePointer<Double>) {
    switch start {
    case .single(let values):
      let first = row * dimension
      for column in 0..<dimension { destination[column] = Double(values[first + column]) }
    case .double(let values):
      let first = row * dimension
      for column in 0..<dimension { destination[column] = values[first + column] }
    }
  }

  /// The squared distance of a row from a point of `dimension` coordinates, in double precision.
  func squaredDistance(from point: UnsafePointer<Double>, to row: Int) -> Double {
    switch start {
    case .single(let values):
      ck_squared_distance_f32(point, start(of: row, values), dimension)
    case .double(let values):
      ck_squared_distance_f64(point, start(of: row, values), dimension)
    }
  }

  /// Writes `(row - centre) * scale`, rounded to single precision, to memory.
  ///
  /// - Returns: The sum of squares before rounding.
  @discardableResult
  func centre(
    _ row: Int, at centre: UnsafePointer<Double>, scale: Double,
    to destination: UnsafeMutablePointer<Float>
  ) -> Double {
    switch start {
    case .single(let values):
      ck_centre_f32(destination, start(of: row, values), centre, scale, dimension)
    case .double(let values):
      ck_centre_f64(destination, start(of: row, values), centre, scale, dimension)
    }
  }
}

extension FeatureSet {
  /// Lets a piece of work read the rows.
  func withRows<Result>(_ body: (FeatureRows) -> Result) -> Result {
    switch storage {
    case .single(let values):
      values.withUnsafeBufferPointer { body(FeatureRows($0, of: self)) }
    case .double(let values):
      values.withUnsafeBufferPointer { body(FeatureRows($0, of: self)) }
    }
  }

  /// The mean of all rows, row after row in double precision; zeros of none.
  func mean() -> [Double] {
    var sums = [Double](repeating: 0, count: dimension)
    withRows { rows in
      withScratch(of: Double.self, count: dimension) { row in
        sums.withUnsafeMutableBufferPointer { sums in
          guard let sums = sums.baseAddress else { return }
          for index in 0..<count {
            rows.copy(index, to: row)
            ck_add_scaled_f64(sums, row, 1, dimension)
          }
        }
      }
    }
    return sums.map { $0 / Double(max(count, 1)) }
  }
}
