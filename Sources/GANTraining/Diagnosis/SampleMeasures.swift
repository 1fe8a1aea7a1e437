package import GANTensor

/// What can be told of generated items by looking at them beside real ones, without a network.
package struct SampleMeasures: Codable, Hashable, Sendable {
  /// How far items lie apart: the root of their mean squared deviation from their mean, of the
  /// generated ones over that of the real ones. 0 where all are one item, about 1 where they are as
  /// different as real ones.
  package let spread: Double?
  /// How much neighbouring pixels differ, on average, of the generated ones over the real ones; 0 for
  /// blank images, far above 1 for noise. Nil of points.
  package let roughness: Double?

  /// Fewer items than these tell nothing.
  static let leastCount = 8

  /// Measures items.
  ///
  /// - Parameters:
  ///   - generated: `[N, C, H, W]` or `[N, D]`.
  ///   - real: As many or not, of the same shape.
  /// - Complexity: Looks at each number twice.
  package init(of generated: HostTensor, beside real: HostTensor) {
    func ratio(_ measure: (HostTensor) -> Double?) -> Double? {
      guard let a = measure(generated), let b = measure(real), b > 0, a.isFinite, b.isFinite else {
        return nil
      }
      return a / b
    }
    spread = ratio(Self.spread)
    roughness = ratio(Self.roughness)
  }

  /// The root of the mean squared deviation from the mean item; nil of too few items.
  static func spread(of items: HostTensor) -> Double? {
    let count = items.shape[0]
    guard count >= leastCount else { return nil }
    let size = items.shape.elementCount / count
    let values = items.floats
    var total = 0.0
    for place in 0..<size {
      var (sum, squares) = (0.0, 0.0)
      for item in 0..<count { sum += Double(values[item * size + place]) }
      let mean = sum / Double(count)
      for item in 0..<count {
        let deviation = Double(values[item * size + place]) - mean
        squares += deviation * deviation
      }
      total += squares / Double(count)
    }
    return (total / Double(size)).squareRoot()
  }

  /// The mean difference of a pixel from its right and its lower neighbour; nil of points and of
  /// images of one pixel.
  static func roughness(of items: HostTensor) -> Double? {
    guard items.shape.rank == 4 else { return nil }
    let (height, width) = (items.shape[2], items.shape[3])
    let values = items.floats
    var (total, count) = (0.0, 0)
    for start in stride(from: 0, to: values.count, by: height * width) {
      for row in 0..<height {
        for column in 0..<width {
          let place = start + row * width + column
          if column + 1 < width { total += Double(abs(values[place] - values[place + 1])) }
          if row + 1 < height { total += Double(abs(values[place] - values[place + width])) }
        }
      }
      count += height * (width - 1) + (height - 1) * width
    }
    return count > 0 ? total / Double(count) : nil
  }
}
