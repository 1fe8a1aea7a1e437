internal import CKernels
internal import GANTensor

/// Distances of two sets of as many features, seen from many directions: of each direction the
/// projections of both sets are sorted and compared pair by pair.
///
/// Neither a covariance nor a neighbourhood is estimated, so few items are enough, and the cost grows
/// with their number alone. Features in single precision are projected in single precision.
package struct SlicedDistances: Hashable, Sendable, Codable {
  /// MIND, `3 dimension` times the mean squared difference: three times the squared length of a pure
  /// shift, and so on the scale of three Fréchet distances.
  ///
  /// - Source: "MIND", 2026, arXiv:2605.06797.
  package let mind: Double
  /// The sliced Wasserstein distance of order 1: the mean difference.
  package let first: Double
  /// The sliced Wasserstein distance of order 2: the root of the mean squared difference.
  ///
  /// - Source: Bonneel, Rabin, Peyré, Pfister, "Sliced and Radon Wasserstein Barycenters of
  ///   Measures", 2015.
  package let second: Double
  /// The largest order 2 distance of a direction, a lower bound of the largest of all.
  package let largest: Double
  /// The number of items of each set.
  package let count: Int
  /// The number of directions.
  package let directionCount: Int
  /// The seed of the directions; nil where they were given.
  package let seed: UInt64?

  /// Compares two sets in random directions, uniform on the sphere.
  ///
  /// - Parameters:
  ///   - directionCount: At least 1.
  ///   - seed: Of the directions; purpose `evaluationDirections`, the step is the direction's number.
  ///   - threads: Change no bit.
  /// - Throws: `EvaluationError.featureDimensions`, `.sampleCount` where the sets are not of the same
  ///   size, `.tooFewSamples` of none.
  /// - Complexity: `directionCount` products and sorts of the items.
  package init(
    of real: FeatureSet, and generated: FeatureSet, directionCount: Int = 1_000, seed: UInt64,
    threads: Int = 1
  ) throws(EvaluationError) {
    precondition(directionCount > 0, "\(directionCount) directions")
    let directions = (0..<directionCount).map { number in
      let stream = RandomStream(seed: seed, purpose: .evaluationDirections, step: UInt64(number))
      return (0..<real.dimension).map { Double(stream.normal(at: $0)) }
    }
    try self.init(
      of: real, and: generated, directions: directions, seed: seed, threads: threads)
  }

  /// Compares two sets in given directions, whose lengths do not count.
  ///
  /// - Parameter directions: At least one, each of `dimension` numbers, not all zero.
  /// - Throws: As the other.
  package init(
    of real: FeatureSet, and generated: FeatureSet, directions: [[Double]], threads: Int = 1
  ) throws(EvaluationError) {
    try self.init(of: real, and: generated, directions: directions, seed: nil, threads: threads)
  }

  private init(
    of real: FeatureSet, and generated: FeatureSet, directions: [[Double]], seed: UInt64?,
    threads: Int
  ) throws(EvaluationError) {
    try real.check(against: generated, needed: 1)
    guard real.count == generated.count else {
      throw .sampleCount(expected: real.count, got: generated.count)
    }
    let units = directions.map { direction in
      let norm = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
      precondition(direction.count == real.dimension && norm > 0, "\(direction) is no direction")
      return direction.map { $0 / norm }
    }
    let centre = real.mean()
    let blocks = (units.count + Projections.block - 1) / Projections.block
    var differences = [Difference](repeating: Difference(), count: units.count)
    differences.withUnsafeMutableBufferPointer { differences in
      let differences = differences
      Team.with(threads) { team in
        team.run(pieces: blocks) { piece, _ in
          let first = piece * Projections.block
          let part = Array(units[first..<min(first + Projections.block, units.count)])
          let sorted = (
            Projections(of: real, on: part, centre: centre),
            Projections(of: generated, on: part, centre: centre)
          )
          for direction in part.indices {
            differences[first + direction] = sorted.0.difference(from: sorted.1, direction)
          }
        }
      }
    }
    let total = Double(units.count)
    let squares = differences.reduce(0) { $0 + $1.squared } / total
    mind = 3 * Double(real.dimension) * squares
    first = differences.reduce(0) { $0 + $1.absolute } / total
    second = squares.squareRoot()
    largest = (differences.map(\.squared).max() ?? 0).squareRoot()
    count = real.count
    directionCount = units.count
    self.seed = seed
  }
}

/// Mean differences of sorted projections on one direction.
private struct Difference {
  var absolute = 0.0
  var squared = 0.0

  /// Compares numbers pair by pair.
  init<Value: BinaryFloatingPoint>(_ one: ArraySlice<Value>, _ other: ArraySlice<Value>) {
    for (value, otherValue) in zip(one, other) {
      let difference = abs(Double(value) - Double(otherValue))
      absolute += difference
      squared += difference * difference
    }
    absolute /= Double(one.count)
    squared /= Double(one.count)
  }

  init() {}
}

/// The sorted projections of a set on some directions.
private struct Projections {
  /// Directions at a time.
  static let block = 32
  /// Items at a time.
  private static let rowBlock = 512

  private let count: Int
  /// `[directions, count]`, each row ascending.
  private let values: Values

  private enum Values {
    case single([Float])
    case double([Double])
  }

  /// Projects items on directions, whose length is 1, from a point on.
  init(of set: FeatureSet, on directions: [[Double]], centre: [Double]) {
    count = set.count
    values = set.withRows { rows in
      rows.isDouble
        ? .double(Self.doubles(of: rows, on: directions, centre: centre))
        : .single(Self.singles(of: rows, on: directions, centre: centre))
    }
  }

  /// Compares the projections on a direction.
  func difference(from other: Projections, _ direction: Int) -> Difference {
    let place = direction * count..<(direction + 1) * count
    return switch (values, other.values) {
    case (.single(let one), .single(let other)): Difference(one[place], other[place])
    case (.double(let one), .double(let other)): Difference(one[place], other[place])
    case (.single(let one), .double(let other)):
      Difference(one[place].map(Double.init)[...], other[place])
    case (.double(let one), .single(let other)):
      Difference(one[place], other[place].map(Double.init)[...])
    }
  }

  private static func doubles(
    of rows: FeatureRows, on directions: [[Double]], centre: [Double]
  ) -> [Double] {
    withScratch(of: Double.self, count: rows.dimension) { row in
      var values = [Double](repeating: 0, count: directions.count * rows.count)
      for index in 0..<rows.count {
        rows.copy(index, to: row)
        ck_add_scaled_f64(row, centre, -1, rows.dimension)
        for (place, direction) in directions.enumerated() {
          values[place * rows.count + index] = ck_dot_f64(row, direction, rows.dimension)
        }
      }
      for place in directions.indices {
        values[place * rows.count..<(place + 1) * rows.count].sort()
      }
      return values
    }
  }

  private static func singles(
    of rows: FeatureRows, on directions: [[Double]], centre: [Double]
  ) -> [Float] {
    let dimension = rows.dimension
    let products = RowProducts(capacity: directions.count, inner: dimension)
    products.pack(directions.flatMap { $0.map(Float.init) }, count: directions.count, members: 1)
    var values = [Float](repeating: 0, count: directions.count * rows.count)
    withScratch(of: Float.self, count: rowBlock * (dimension + directions.count)) { items in
      let results = items + rowBlock * dimension
      for first in stride(from: 0, to: rows.count, by: rowBlock) {
        let count = min(rowBlock, rows.count - first)
        for item in 0..<count {
          rows.centre(first + item, at: centre, scale: 1, to: items + item * dimension)
        }
        products.multiply(items, count: count, bias: nil, into: results)
        for place in directions.indices {
          for item in 0..<count {
            values[place * rows.count + first + item] = results[item * directions.count + place]
          }
        }
      }
    }
    sortRows(&values, count: rows.count)
    return values
  }
}

/// Sorts each row of numbers, none NaN, by their bits: three passes of eleven.
private func sortRows(_ values: inout [Float], count: Int) {
  guard count > 0 else { return }
  values.withUnsafeMutableBufferPointer { values in
    withScratch(of: UInt32.self, count: 2 * count) { keys in
      withScratch(of: Int.self, count: digits) { places in
        for first in stride(from: 0, to: values.count, by: count) {
          for place in 0..<count { keys[place] = sortingKey(of: values[first + place]) }
          // Three passes, there, back and there again.
          sort(keys, into: keys + count, count: count, shift: 0, places)
          sort(keys + count, into: keys, count: count, shift: 11, places)
          sort(keys, into: keys + count, count: count, shift: 22, places)
          for place in 0..<count { values[first + place] = number(of: keys[count + place]) }
        }
      }
    }
  }
}

private let digits = 1 << 11

/// Keys have the order of their numbers: the sign is turned over, and all of a negative number.
private func sortingKey(of value: Float) -> UInt32 {
  let bits = value.bitPattern
  return bits ^ (bits >> 31 == 0 ? 0x8000_0000 : 0xFFFF_FFFF)
}

private func number(of key: UInt32) -> Float {
  Float(bitPattern: key ^ (key >> 31 == 1 ? 0x8000_0000 : 0xFFFF_FFFF))
}

/// Sorts by eleven bits, keeping the order of equals.
private func sort(
  _ keys: UnsafePointer<UInt32>, into sorted: UnsafeMutablePointer<UInt32>, count: Int,
  shift: UInt32,
  _ places: UnsafeMutablePointer<Int>
) {
  let mask = UInt32(digits - 1)
  places.update(repeating: 0, count: digits)
  for place in 0..<count { places[Int((keys[place] >> shift) & mask)] += 1 }
  var next = 0
  for digit in 0..<digits {
    let found = places[digit]
    places[digit] = next
    next += found
  }
  for place in 0..<count {
    let digit = Int((keys[place] >> shift) & mask)
    sorted[places[digit]] = keys[place]
    places[digit] += 1
  }
}
