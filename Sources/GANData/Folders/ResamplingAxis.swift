/// The weights of a line's samples in each sample of the resized line.
///
/// Bicubic, a = -1/2. When a line shrinks the kernel is stretched by as much, so that every sample
/// counts and nothing finer than the new grid is left to alias. Samples beyond the ends are left
/// out, and weights sum to 1.
/// - Source: Keys, "Cubic Convolution Interpolation for Digital Image Processing", 1981; stretched
///   as Pillow's `resize` does it.
struct ResamplingAxis: Sendable {
  /// Samples before and after.
  let sourceCount, count: Int
  /// The first sample that each resized one takes from; none is less than the one before.
  let starts: [Int]
  /// Weights of the samples from the start on, for each resized one.
  let weights: [[Float]]

  init(from sourceCount: Int, to count: Int) {
    precondition(sourceCount > 0 && count > 0, "got \(sourceCount) samples to \(count)")
    self.sourceCount = sourceCount
    self.count = count
    let scale = Double(sourceCount) / Double(count)
    let stretch = max(scale, 1)
    var starts: [Int] = []
    var weights: [[Float]] = []
    for index in 0..<count {
      let centre = (Double(index) + 0.5) * scale
      let reach = Self.support * stretch
      let start = max(Int((centre - reach).rounded()), 0)
      let end = min(Int((centre + reach).rounded()), sourceCount)
      let values = (start..<end).map { Self.kernel((Double($0) + 0.5 - centre) / stretch) }
      let sum = values.reduce(0, +)
      // Where nothing is resized all but one are 0.
      let leading = values.prefix { $0 == 0 }.count
      let trailing = values.reversed().prefix { $0 == 0 }.count
      starts.append(start + leading)
      weights.append(values.dropFirst(leading).dropLast(trailing).map { Float($0 / sum) })
    }
    self.starts = starts
    self.weights = weights
  }

  /// The reach of the kernel on either side.
  private static let support = 2.0

  private static func kernel(_ x: Double) -> Double {
    let (a, x) = (-0.5, abs(x))
    if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    if x < support { return (((x - 5) * x + 8) * x - 4) * a }
    return 0
  }
}
