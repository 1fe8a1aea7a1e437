import Foundation
import GANStatistics

/// Features by a formula that any language repeats: the sets of which the golden values are.
///
/// `f[i][j] = sin(a (i + 1) (j + 1)) + b cos(0.37 (i + 1) + j) + offset`, i and j from 0.
struct GoldenFeatures {
  let (a, b, offset): (Double, Double, Double)

  static let real = GoldenFeatures(a: 0.10, b: 0.5, offset: 0)
  static let generated = GoldenFeatures(a: 0.13, b: 0.7, offset: 0.1)

  init(a: Double, b: Double, offset: Double) { (self.a, self.b, self.offset) = (a, b, offset) }

  func values(count: Int, dimension: Int) -> [Double] {
    (0..<count).flatMap { i in
      (0..<dimension).map { j -> Double in
        let (row, column) = (Double(i + 1), Double(j))
        let wave = sin(a * row * (column + 1))
        return wave + b * cos(0.37 * row + column) + offset
      }
    }
  }

  func features(count: Int = 200, dimension: Int = 4) throws -> FeatureSet {
    try FeatureSet(values(count: count, dimension: dimension), dimension: dimension)
  }

  /// The same, rounded to single precision.
  func singles(count: Int = 200, dimension: Int = 4) throws -> FeatureSet {
    try FeatureSet(values(count: count, dimension: dimension).map(Float.init), dimension: dimension)
  }
}

/// Whether two numbers agree to a part of the expected one.
func agree(_ value: Double?, _ expected: Double, within relative: Double = 1e-9) -> Bool {
  guard let value else { return false }
  return abs(value - expected) <= relative * abs(expected)
}
