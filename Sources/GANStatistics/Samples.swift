/// Rows of coordinates as points; over the line the second coordinates are 0.
///
/// - Parameters:
///   - samples: `[count, dimension]`.
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
  return (0..<expected).map { index in
    dimension == 1
      ? SIMD2(Double(samples[index]), 0)
      : SIMD2(Double(samples[2 * index]), Double(samples[2 * index + 1]))
  }
}
