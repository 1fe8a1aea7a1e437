import Foundation

/// The directions in which rows differ most, told by the rows: the leading eigenvectors of the products
/// of rows with each other.
///
/// Of centred rows `X = U S Vᵀ` the vectors are columns of U, and `S U` are the rows' principal
/// components; the columns of V are never needed.
package struct LeadingComponents: Sendable {
  /// Unit vectors with an element for each row, the leading one first; the element that is farthest
  /// from 0 is positive.
  package let vectors: [[Double]]
  /// Their eigenvalues, squares of singular values.
  package let values: [Double]
  /// The sum of all eigenvalues: what the values are shares of.
  package let total: Double

  /// Looks for directions.
  ///
  /// - Parameters:
  ///   - rows: `[count, dimension]`, all finite.
  ///   - components: How many; as many as there are rows at most.
  ///   - isCentred: True to take the mean row from each first.
  ///   - threads: Change no bit.
  /// - Complexity: `count² dimension` operations in single precision, and `count²` numbers.
  package init(
    of rows: FeatureSet, components: Int, isCentred: Bool = true, threads: Int = 1
  ) {
    let (count, dimension) = (rows.count, rows.dimension)
    precondition((1...count).contains(components), "\(components) components of \(count) rows")
    let mean = isCentred ? rows.mean() : [Double](repeating: 0, count: dimension)
    let centred = (0..<count).flatMap { row in zip(rows[row], mean).map { Float($0 - $1) } }
    let gram = Self.products(of: centred, count: count, dimension: dimension, threads: threads)
    total = (0..<count).reduce(0) { $0 + gram[$1 * count + $1] }
    // A few more than asked for: the last ones come into place slowly.
    let width = min(count, components + 8)
    let found = Self.eigenvectors(of: gram, count: count, width: width, wanted: components)
    vectors = found.prefix(components).map { Self.turned($0.vector) }
    values = found.prefix(components).map { max($0.value, 0) }
  }

  /// `[count, count]`.
  private static func products(
    of rows: [Float], count: Int, dimension: Int, threads: Int
  ) -> [Double] {
    var result = [Float](repeating: 0, count: count * count)
    let products = RowProducts(capacity: count, inner: dimension)
    Team.with(threads) { team in
      rows.withUnsafeBufferPointer { rows in
        result.withUnsafeMutableBufferPointer { result in
          guard let rows = rows.baseAddress, let result = result.baseAddress else { return }
          products.pack(rows, count: count, members: team.memberCount)
          let share = 64
          let pieces = (count + share - 1) / share
          team.run(pieces: pieces) { piece, _ in
            let first = piece * share
            products.multiply(
              rows + first * dimension, count: min(share, count - first), bias: nil,
              into: result + first * count)
          }
        }
      }
    }
    return result.map(Double.init)
  }

  /// Leading eigenvectors, by the iteration of a subspace that is turned to its own axes each time.
  ///
  /// - Source: Halko, Martinsson, Tropp, "Finding Structure with Randomness", 2011, arXiv:0909.4061,
  ///   algorithm 4.4.
  private static func eigenvectors(
    of matrix: [Double], count: Int, width: Int, wanted: Int
  ) -> [(value: Double, vector: [Double])] {
    // Any start will do that no sensible matrix has been made for.
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    var basis = (0..<width).map { _ in
      (0..<count).map { _ -> Double in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 11) * 0x1p-53 - 0.5
      }
    }
    basis = orthonormalised(basis)
    var values = [Double](repeating: 0, count: width)
    for _ in 0..<300 {
      let images = basis.map { product(matrix, $0, count: count) }
      let small = basis.map { row in images.map { dot(row, $0) } }
      let (turned, rotation) = jacobi(small)
      let largest = max(turned[0], .leastNormalMagnitude)
      let change = zip(turned, values).prefix(wanted).map { abs($0 - $1) }.max() ?? 0
      values = turned
      basis = orthonormalised(
        rotation.map { weights in
          var sum = [Double](repeating: 0, count: count)
          for (weight, image) in zip(weights, images) {
            for index in 0..<count { sum[index] += weight * image[index] }
          }
          return sum
        })
      if change <= 1e-11 * largest { break }
    }
    return Array(zip(values, basis)).map { (value: $0, vector: $1) }
  }

  private static func product(_ matrix: [Double], _ vector: [Double], count: Int) -> [Double] {
    matrix.withUnsafeBufferPointer { matrix in
      (0..<count).map { row in
        var sum = 0.0
        for column in 0..<count { sum += matrix[row * count + column] * vector[column] }
        return sum
      }
    }
  }

  private static func dot(_ one: [Double], _ other: [Double]) -> Double {
    var sum = 0.0
    for index in one.indices { sum += one[index] * other[index] }
    return sum
  }

  /// By Gram and Schmidt, twice; what is no direction of its own becomes zeros.
  private static func orthonormalised(_ vectors: [[Double]]) -> [[Double]] {
    var done: [[Double]] = []
    for var vector in vectors {
      let before = dot(vector, vector).squareRoot()
      for _ in 0..<2 {
        for other in done {
          let share = dot(vector, other)
          for index in vector.indices { vector[index] -= share * other[index] }
        }
      }
      let norm = dot(vector, vector).squareRoot()
      let scale = norm > 1e-12 * before && norm > 0 ? 1 / norm : 0
      done.append(vector.map { $0 * scale })
    }
    return done
  }

  /// The eigenvalues of a small symmetric matrix, the greatest first, and their vectors as rows.
  private static func jacobi(_ symmetric: [[Double]]) -> (values: [Double], rows: [[Double]]) {
    var a = symmetric
    let size = a.count
    var vectors = (0..<size).map { row in (0..<size).map { $0 == row ? 1.0 : 0.0 } }
    for _ in 0..<60 {
      var moved = false
      for p in 0..<size {
        for q in p + 1..<max(size, p + 1) {
          guard abs(a[p][q]) > 1e-16 * (abs(a[p][p]) + abs(a[q][q])) else { continue }
          moved = true
          let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
          let t = (theta >= 0 ? 1.0 : -1.0) / (abs(theta) + (theta * theta + 1).squareRoot())
          let c = 1 / (t * t + 1).squareRoot()
          let s = t * c
          for k in 0..<size {
            (a[k][p], a[k][q]) = (c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q])
          }
          for k in 0..<size {
            (a[p][k], a[q][k]) = (c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k])
            (vectors[p][k], vectors[q][k]) = (
              c * vectors[p][k] - s * vectors[q][k], s * vectors[p][k] + c * vectors[q][k]
            )
          }
        }
      }
      if !moved { break }
    }
    let order = (0..<size).sorted { a[$0][$0] > a[$1][$1] }
    return (order.map { a[$0][$0] }, order.map { vectors[$0] })
  }

  private static func turned(_ vector: [Double]) -> [Double] {
    let farthest = vector.max { abs($0) < abs($1) } ?? 0
    return farthest < 0 ? vector.map { -$0 } : vector
  }
}
