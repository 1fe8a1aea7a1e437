internal import CKernels
internal import GANTensor

/// The kernel distance of two sets of features: an estimate, without bias, of the squared maximum
/// mean discrepancy under the kernel `(x·y / dimension + 1)³`.
///
/// 0 on average where both come from one distribution, and then as often below as above; larger is
/// further. Features in single precision are multiplied in single precision; kernels and all sums are
/// in double precision.
///
/// - Source: Binkowski, Sutherland, Arbel, Gretton, "Demystifying MMD GANs", 2018, arXiv:1801.01401.
package struct KernelDistance: Hashable, Sendable, Codable {
  /// The mean over the subsets.
  package let value: Double
  /// The standard deviation over the subsets, their number in the denominator. Subsets overlap, so
  /// this is no error of the mean.
  package let deviation: Double
  /// The number of subsets.
  package let subsetCount: Int
  /// The items of each set in a subset.
  package let subsetSize: Int
  /// The seed by which items are drawn.
  package let seed: UInt64

  /// Estimates the distance.
  ///
  /// Each subset draws from each set without replacement. Of a pair of subsets the value is
  /// `(sum of k(x, x') + sum of k(y, y')) / (m (m - 1)) - 2 (sum of k(x, y)) / m²`, both first sums
  /// without an item and itself.
  ///
  /// - Parameters:
  ///   - subsetCount: At least 1; one suffices, and is taken, where every subset would be everything.
  ///   - subsetSize: At least 2; nil for 1,000, or as many as the smaller set has.
  ///   - seed: Of the draws; purpose `evaluationSubsets`.
  ///   - threads: Change no bit.
  /// - Throws: `EvaluationError.featureDimensions`, `.tooFewSamples`.
  /// - Complexity: `2 subsetCount subsetSize²` inner products.
  package init(
    of real: FeatureSet, and generated: FeatureSet, subsetCount: Int = 100, subsetSize: Int? = nil,
    seed: UInt64, threads: Int = 1
  ) throws(EvaluationError) {
    let smaller = min(real.count, generated.count)
    let size = subsetSize ?? min(1_000, smaller)
    precondition(subsetCount > 0, "\(subsetCount) subsets")
    try real.check(against: generated, needed: max(size, 2))
    let isWhole = size == real.count && size == generated.count
    let count = isWhole ? 1 : subsetCount
    var values = [Double](repeating: 0, count: count)
    values.withUnsafeMutableBufferPointer { values in
      let values = values
      Team.with(threads) { team in
        team.run(pieces: count) { subset, _ in
          func draw(_ set: FeatureSet, _ part: Int) -> FeatureSet {
            isWhole
              ? set
              : set.selecting(
                RandomStream(
                  seed: seed, purpose: .evaluationSubsets, step: UInt64(2 * subset + part)
                ).draw(size, of: set.count))
          }
          values[subset] = Self.value(draw(real, 0), draw(generated, 1))
        }
      }
    }
    let mean = values.reduce(0, +) / Double(count)
    value = mean
    deviation =
      (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)).squareRoot()
    self.subsetCount = count
    self.subsetSize = size
    self.seed = seed
  }

  private static func value(_ real: FeatureSet, _ generated: FeatureSet) -> Double {
    let size = Double(real.count)
    let within = othersSum(of: real) + othersSum(of: generated)
    return within / (size * (size - 1)) - 2 * crossSum(of: real, and: generated) / (size * size)
  }
}

// MARK: Sums of kernels

/// The sum of `k(x, x')` over all pairs of different rows of a set.
private func othersSum(of set: FeatureSet) -> Double {
  set.withRows { rows in
    rows.isDouble
      ? doubleSum(rows, rows, isSame: true)
      : singleSum(rows, rows, isSame: true)
  }
}

/// The sum of `k(x, y)` over all rows x of one set and y of another.
private func crossSum(of real: FeatureSet, and generated: FeatureSet) -> Double {
  real.withRows { real in
    generated.withRows { generated in
      real.isDouble || generated.isDouble
        ? doubleSum(real, generated, isSame: false)
        : singleSum(real, generated, isSame: false)
    }
  }
}

/// Every inner product in double precision.
private func doubleSum(_ left: FeatureRows, _ right: FeatureRows, isSame: Bool) -> Double {
  let dimension = left.dimension
  return withScratch(of: Double.self, count: (right.count + 1) * dimension) { point in
    let others = point + dimension
    for row in 0..<right.count { right.copy(row, to: others + row * dimension) }
    var sum = 0.0
    for row in 0..<left.count {
      left.copy(row, to: point)
      for other in isSame ? row + 1..<right.count : 0..<right.count {
        let product = ck_dot_f64(point, others + other * dimension, dimension)
        let base = product / Double(dimension) + 1
        sum += base * base * base
      }
    }
    return isSame ? 2 * sum : sum
  }
}

/// Blocks of products in single precision; kernels and sums in double precision.
private func singleSum(_ left: FeatureRows, _ right: FeatureRows, isSame: Bool) -> Double {
  let dimension = left.dimension
  let rowBlock = DistanceTiles.rowBlock
  // Few: of a set and itself, a block's part before the diagonal is computed for nothing.
  let columnBlock = 256
  let zeros = [Double](repeating: 0, count: dimension)
  let ones = [Float](repeating: 1, count: columnBlock)
  let products = RowProducts(capacity: min(columnBlock, right.count), inner: dimension)
  return withScratch(
    of: Float.self, count: (rowBlock + columnBlock) * dimension + rowBlock * columnBlock
  ) { rows in
    let columns = rows + rowBlock * dimension
    let results = columns + columnBlock * dimension
    var sum = 0.0
    for firstColumn in stride(from: 0, to: right.count, by: columnBlock) {
      let columnCount = min(columnBlock, right.count - firstColumn)
      for column in 0..<columnCount {
        right.centre(
          firstColumn + column, at: zeros, scale: 1 / Double(dimension),
          to: columns + column * dimension)
      }
      products.pack(columns, count: columnCount, members: 1)
      // Of a set and itself, pairs after the diagonal stand for those before it.
      let rowLimit = isSame ? min(firstColumn + columnCount, left.count) : left.count
      for firstRow in stride(from: 0, to: rowLimit, by: rowBlock) {
        let rowCount = min(rowBlock, rowLimit - firstRow)
        for row in 0..<rowCount {
          left.centre(firstRow + row, at: zeros, scale: 1, to: rows + row * dimension)
        }
        products.multiply(rows, count: rowCount, bias: ones, into: results)
        for row in 0..<rowCount {
          let skipped = isSame ? min(max(firstRow + row + 1 - firstColumn, 0), columnCount) : 0
          sum += ck_sum_of_cubes(results + row * columnCount + skipped, columnCount - skipped)
        }
      }
    }
    return isSame ? 2 * sum : sum
  }
}
