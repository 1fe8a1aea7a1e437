/// Rows of coordinates as points; over the line the second coordinates are 0.
///
/// - Parameters:
///   - samples: `[count, dimension]`, row after row.
///   - dimension: 1 or 2.
package func points(of samples: [Float], dimension: Int) -> [SIMD2<Double>] {
  (0..<samples.count / dimension).map { row in
    dimension == 1
      ? SIMD2(Double(samples[row]), 0)
      : SIMD2(Double(samples[2 * row]), Double(samples[2 * row + 1]))
  }
}

/// The same of a known number of finite samples.
///
/// - Parameters:
///   - samples: `[count, dimension]`, row after row.
///   - dimension: 1 or 2.
///   - expected: How many there must be.
/// - Throws: `EvaluationError` for another number, and for samples that are not finite.
func points(
  of samples: [Float], dimension: Int, count expected: Int
) throws(EvaluationError) -> [SIMD2<Double>] {
  guard samples.count == expected * dimension else {
    throw .sampleCount(expected: expected, got: samples.count / dimension)
  }
  if let broken = samples.firstIndex(where: { !$0.isFinite }) {
    throw .sampleNotFinite(sample: broken / dimension)
  }
  return points(of: samples, dimension: dimension)
}
