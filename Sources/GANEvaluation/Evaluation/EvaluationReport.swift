import Foundation
package import GANStatistics
package import GANTraining

/// The values of generators, with everything that is needed to judge them: the JSON of
/// `gan evaluate`.
package struct EvaluationReport: Encodable, Sendable {
  /// The network whose hidden values are compared.
  package let features: RunJudgement.Features
  /// The real images compared with.
  package let reference: Reference
  /// Values of one source each; the first is the best.
  package var results: [Result]

  /// Real images.
  package struct Reference: Encodable, Hashable, Sendable {
    /// The data's name.
    package let name: String
    /// Images compared with; a source with fewer images has as many as it has.
    package let count: Int
    /// The share of the data's test images that a classifier of them gets right; nil where the
    /// network is none or there are no such images.
    package let testAccuracy: Double?

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(name, forKey: .name)
      try container.encode(count, forKey: .count)
      try container.encode(testAccuracy, forKey: .testAccuracy)
    }

    private enum CodingKeys: String, CodingKey { case name, count, testAccuracy }
  }

  /// The values of one source.
  package struct Result: Encodable, Sendable {
    /// The path it came from.
    package let source: String
    /// Steps that the generator was trained for; nil for given images.
    package let step: Int?
    /// The epoch of that step, from 1.
    package let epoch: Int?
    /// The relative length of the generator's average, where it was made after training.
    package let averageLength: Double?
    /// Images in each set of them, and as many real ones.
    package let count: Int
    /// Disjoint sets of so many images that were judged.
    package let sets: Int
    /// Decides the latents.
    package let seed: UInt64
    /// By name, in the order asked for.
    package let metrics: [(metric: Metric, value: Value)]

    private enum CodingKeys: String, CodingKey {
      case source, step, epoch, average, count, sets, seed, metrics
    }

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(source, forKey: .source)
      try container.encode(step, forKey: .step)
      try container.encode(epoch, forKey: .epoch)
      try container.encode(averageLength, forKey: .average)
      try container.encode(count, forKey: .count)
      try container.encode(sets, forKey: .sets)
      try container.encode(seed, forKey: .seed)
      try container.encode(
        Dictionary(uniqueKeysWithValues: metrics.map { ($0.metric.rawValue, $0.value) }),
        forKey: .metrics)
    }

    /// The value of a metric; nil where it was not asked for, or there is none.
    package subscript(metric: Metric) -> Double? {
      metrics.first { $0.metric == metric }?.value.value
    }
  }

  /// A value with what it takes to judge it; null in JSON where there is none.
  package struct Value: Encodable, Hashable, Sendable {
    /// The mean over the sets.
    package let value: Double?
    /// That of real images in the place of the judged ones, as many.
    package let floor: Double?
    /// The lower end of the mean's 95 % interval; nil for one set.
    package let low: Double?
    /// The upper end.
    package let high: Double?

    /// Summarises the values of sets; of one without a value there is none.
    init(_ values: [Double?], floor: Double?) {
      let known = values.compactMap { $0 }.filter(\.isFinite)
      let mean = known.count == values.count && !known.isEmpty ? RepeatedValue(known) : nil
      (value, low, high) = (mean?.value, mean?.low, mean?.high)
      self.floor = floor.flatMap { $0.isFinite ? $0 : nil }
    }

    private enum CodingKeys: String, CodingKey { case value, floor, low, high }

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(value, forKey: .value)
      try container.encode(floor, forKey: .floor)
      try container.encode(low, forKey: .low)
      try container.encode(high, forKey: .high)
    }
  }

  /// Indented, with its keys in order.
  package var json: String { get throws { try readableJSON(self) } }
}

extension EvaluationReport.Result {
  /// Summarises the sets of a source.
  ///
  /// - Parameter order: The metrics that were asked for; those without any value are left out.
  init(
    _ source: JudgedImages, count: Int, seed: UInt64, _ sets: [[Metric: Double]],
    floors: [Metric: Double], inOrderOf order: [Metric]
  ) {
    self.source = source.name
    (step, epoch, self.count, self.seed) = (source.step, source.epoch, count, seed)
    averageLength = source.averageLength
    self.sets = sets.count
    metrics = order.compactMap { metric in
      let values = sets.map { $0[metric] }
      guard values.contains(where: { $0 != nil }) || floors[metric] != nil else { return nil }
      return (metric, EvaluationReport.Value(values, floor: floors[metric]))
    }
  }
}

extension EvaluationReport {
  /// Sorts the results from the best to the worst by their first metric, those without a value last.
  mutating func sort() {
    guard let metric = results.first?.metrics.first?.metric else { return }
    /// How far a value is from the best; nil where there is none.
    func distance(_ result: Result) -> Double? {
      guard let found = result.metrics.first(where: { $0.metric == metric })?.value,
        let value = found.value
      else { return nil }
      return switch metric.preference {
      case .smaller: value
      case .larger: -value
      case .likeReal: found.floor.map { abs(value - $0) }
      }
    }
    results = results.enumerated().sorted { one, other in
      let distances = (distance(one.element) ?? .infinity, distance(other.element) ?? .infinity)
      return distances.0 == distances.1
        ? one.offset < other.offset : distances.0 < distances.1
    }.map(\.element)
  }
}
