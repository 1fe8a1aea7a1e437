package import GANTensor

/// What can be told of generated items by looking at them beside real ones, without a network.
package struct SampleMeasures: Hashable, Sendable {
  /// How far items lie apart: the root of their mean squared deviation from their mean, of the
  /// generated ones over that of the real ones. 0 where all are one item, about 1 where they are as
  /// different as real ones.
  package let spread: Double?
  /// How much neighbouring pixels differ, on average, of the generated ones over the real ones; 0 for
  /// blank images, far above 1 for noise. Nil of points.
  package let roughness: Double?
  /// The mean distance of an item from the nearest other one, of the generated ones over the real
  /// ones; near 0 where the generator makes few different items. Nil of points, which the real ones
  /// have as near as one likes.
  package var nearest: Double?
  /// The median distance of generated items from the nearest training item, over that of training
  /// items from the nearest other one; near 0 for copies. Nil where finding it would take long.
  package var closeness: Double?
  /// Modes of a toy world that get at least a tenth of their share; nil of other data.
  package var modes: Modes?
  /// The part of the units, or channels, of one of the generator's ReLUs that were 0 for every item: of
  /// the ReLU with the most. Nil of few items, and where there is no ReLU.
  package var deadUnits: Double?

  /// Modes of a toy world.
  package struct Modes: Codable, Hashable, Sendable {
    package let found, total: Int

    package init(found: Int, total: Int) { (self.found, self.total) = (found, total) }
  }

  /// Fewer items than these tell nothing.
  static let leastCount = 8
  /// Of fewer items than these a unit may be 0 that others need.
  static let leastCountOfDeadUnits = 32

  /// Collects measures.
  package init(spread: Double?, roughness: Double?) {
    (self.spread, self.roughness) = (spread, roughness)
  }

  /// Measures items.
  ///
  /// - Parameters:
  ///   - generated: `[N, C, H, W]` or `[N, D]`.
  ///   - real: As many or not, of the same shape.
  /// - Complexity: Looks at each number twice.
  package init(of generated: HostTensor, beside real: HostTensor) {
    func ratio(_ measure: (HostTensor) -> Double?) -> Double? {
      Self.ratio(measure(generated), measure(real))
    }
    spread = ratio(Self.spread)
    roughness = ratio(Self.roughness)
    nearest = ratio(Self.nearest)
  }

  /// A ratio as files have it, in single precision; nil where it says nothing.
  static func ratio(_ part: Double?, _ whole: Double?) -> Double? {
    guard let part, let whole, whole > 0, part.isFinite, whole.isFinite else { return nil }
    return Double(Float(part / whole))
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

  /// The mean distance of an image from the nearest other one; nil of points and of few images.
  static func nearest(of items: HostTensor) -> Double? {
    guard items.shape.rank == 4, items.shape[0] >= leastCount else { return nil }
    let (count, size) = (items.shape[0], items.shape.elementCount / items.shape[0])
    let values = items.floats
    var least = [Double](repeating: .infinity, count: count)
    for first in 0..<count {
      for second in first + 1..<count {
        var sum = 0.0
        for place in 0..<size {
          let difference = Double(values[first * size + place] - values[second * size + place])
          sum += difference * difference
        }
        least[first] = min(least[first], sum)
        least[second] = min(least[second], sum)
      }
    }
    return least.reduce(0) { $0 + $1.squareRoot() } / Double(count)
  }
}

// Files have them in single precision.
extension SampleMeasures: Codable {
  private enum CodingKeys: String, CodingKey {
    case spread, roughness, nearest, closeness, modes, deadUnits
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func number(_ key: CodingKeys) throws -> Double? {
      try values.decodeIfPresent(Float.self, forKey: key).map(Double.init)
    }
    (spread, roughness) = (try number(.spread), try number(.roughness))
    (nearest, closeness) = (try number(.nearest), try number(.closeness))
    deadUnits = try number(.deadUnits)
    modes = try values.decodeIfPresent(Modes.self, forKey: .modes)
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    for (key, value) in [
      (CodingKeys.spread, spread), (.roughness, roughness), (.nearest, nearest),
      (.closeness, closeness), (.deadUnits, deadUnits),
    ] {
      try values.encodeIfPresent(value.map { Float($0) }, forKey: key)
    }
    try values.encodeIfPresent(modes, forKey: .modes)
  }

  /// The JSON object of `stats.jsonl`; of numbers that are finite, as all of these are.
  var json: String { (try? compactJSON(self)) ?? "{}" }
}
