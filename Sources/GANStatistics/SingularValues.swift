internal import CKernels

/// The singular values of a square matrix, in no order, within about `dimension` roundings of the
/// largest.
///
/// Reflections from both sides leave a diagonal d and its neighbour e. The symmetric tridiagonal
/// matrix with zeros on its diagonal and d₁, e₁, d₂, e₂, ... beside it has the eigenvalues ±σ.
///
/// - Parameter matrix: `[dimension, dimension]`, row after row.
/// - Complexity: `8/3 dimension³` operations.
/// - Source: Golub, Kahan, "Calculating the Singular Values and Pseudo-Inverse of a Matrix", 1965.
func singularValues(of matrix: [Double], dimension: Int) -> [Double] {
  let bidiagonal = bidiagonalised(matrix, dimension: dimension)
  let eigenvalues = tridiagonalEigenvalues(
    diagonal: [Double](repeating: 0, count: 2 * dimension), beside: bidiagonal)
  // Pairs of opposite sign, so that half of the sorted ones are all.
  return eigenvalues.map(abs).sorted().enumerated().compactMap { $0 % 2 == 0 ? $1 : nil }
}

/// The diagonal and its upper neighbour in turn, d₁, e₁, d₂, ..., of a matrix that reflections made
/// bidiagonal.
private func bidiagonalised(_ matrix: [Double], dimension: Int) -> [Double] {
  var matrix = matrix
  var bands: [Double] = []
  matrix.withUnsafeMutableBufferPointer { values in
    guard let values = values.baseAddress else { return }
    withScratch(of: Double.self, count: 2 * dimension) { scratch in
      let (vector, sums) = (scratch, scratch + dimension)
      for step in 0..<dimension {
        let rest = dimension - step
        // From the left: the column below the diagonal becomes zero.
        for row in 0..<rest { vector[row] = values[(step + row) * dimension + step] }
        let left = reflection(vector, count: rest)
        bands.append(left.image)
        if left.weight > 0 {
          sums.update(repeating: 0, count: rest)
          for row in 0..<rest {
            ck_add_scaled_f64(
              sums, values + (step + row) * dimension + step, vector[row], rest)
          }
          for row in 0..<rest {
            ck_add_scaled_f64(
              values + (step + row) * dimension + step, sums, -left.weight * vector[row], rest)
          }
        }
        guard rest > 1 else { break }
        // From the right: the row beyond the neighbour becomes zero.
        let row = values + step * dimension + step + 1
        vector.update(from: row, count: rest - 1)
        let right = reflection(vector, count: rest - 1)
        bands.append(right.image)
        guard right.weight > 0 else { continue }
        for lower in step + 1..<dimension {
          let row = values + lower * dimension + step + 1
          let share = right.weight * ck_dot_f64(row, vector, rest - 1)
          ck_add_scaled_f64(row, vector, -share, rest - 1)
        }
      }
    }
  }
  return bands
}

/// Sums of squares below this count as zero in reflections, whose weights would have no number.
let negligibleSquare = 1e-280

/// Turns a vector into that of the reflection `I - weight v vᵀ`, which brings it to `(image, 0, ...)`.
private func reflection(
  _ vector: UnsafeMutablePointer<Double>, count: Int
) -> (image: Double, weight: Double) {
  let below = count > 1 ? ck_dot_f64(vector + 1, vector + 1, count - 1) : 0
  let first = vector[0]
  guard below > negligibleSquare else { return (first, 0) }
  let norm = (first * first + below).squareRoot()
  vector[0] = first >= 0 ? first + norm : first - norm
  return (first >= 0 ? -norm : norm, 1 / (norm * (norm + abs(first))))
}

/// The eigenvalues of a symmetric tridiagonal matrix, in no order, by the QL algorithm with implicit
/// shifts.
///
/// - Parameters:
///   - diagonal: At least one number.
///   - beside: The others, one fewer.
/// - Source: Dubrulle, Martin, Wilkinson, "The Implicit QL Algorithm", 1968.
func tridiagonalEigenvalues(diagonal: [Double], beside: [Double]) -> [Double] {
  var d = diagonal
  var e = beside + [0]
  precondition(d.count == e.count, "a diagonal of \(d.count), beside it \(beside.count)")
  let largest = zip(d, e).map { max(abs($0), abs($1)) }.max() ?? 0
  // What is smaller counts as zero: it moves no eigenvalue by more.
  let negligible = largest * .ulpOfOne / 2
  for first in d.indices {
    // Three or so rounds are usual; the limit is for what overflow made of the matrix.
    for _ in 0..<100 {
      let last = (first..<d.count).first { abs(e[$0]) <= negligible } ?? first
      guard last > first else { break }
      // The shift is the eigenvalue, next to d[first], of the first two rows and columns.
      let half = (d[first + 1] - d[first]) / (2 * e[first])
      let root = (half * half + 1).squareRoot()
      var g = d[last] - d[first] + e[first] / (half + (half >= 0 ? root : -root))
      var (sine, cosine, p) = (1.0, 1.0, 0.0)
      var isSplit = false
      for i in stride(from: last - 1, through: first, by: -1) {
        let f = sine * e[i]
        let b = cosine * e[i]
        let r = (f * f + g * g).squareRoot()
        e[i + 1] = r
        if r == 0 {
          // A rotation of nothing: the matrix falls apart here.
          d[i + 1] -= p
          e[last] = 0
          isSplit = true
          break
        }
        (sine, cosine) = (f / r, g / r)
        g = d[i + 1] - p
        let turned = (d[i] - g) * sine + 2 * cosine * b
        p = sine * turned
        d[i + 1] = g + p
        g = cosine * turned - b
      }
      if isSplit { continue }
      d[first] -= p
      e[first] = g
      e[last] = 0
    }
  }
  return d
}
