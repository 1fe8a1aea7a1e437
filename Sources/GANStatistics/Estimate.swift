/// A quantity computed from samples, with what is needed to judge it.
package struct Estimate: Hashable, Sendable, Codable {
  /// The value, not clipped: it may be negative where the quantity cannot be. Nil, and null in
  /// JSON, where these samples allow none.
  package let value: Double?
  /// The unit of the value and its noise floor.
  package let unit: InformationUnit
  /// The number of samples judged.
  package let sampleCount: Int
  /// The values of real samples in place of the judged ones.
  package let noiseFloor: NoiseFloor

  /// Attaches to a value in nats what is needed to judge it.
  init(nats: Double?, unit: InformationUnit, sampleCount: Int, noiseFloor: NoiseFloor) {
    value = nats.map(unit.value(ofNats:))
    self.unit = unit
    self.sampleCount = sampleCount
    self.noiseFloor = noiseFloor
  }

  /// Encodes a missing value as null, not by leaving it out.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(value, forKey: .value)
    try container.encode(unit, forKey: .unit)
    try container.encode(sampleCount, forKey: .sampleCount)
    try container.encode(noiseFloor, forKey: .noiseFloor)
  }
}

/// An estimator's values of fresh real samples, as many as it judges: a value within a few
/// deviations of the mean is no evidence of a difference.
package struct NoiseFloor: Hashable, Sendable, Codable {
  /// The mean over the draws; nil where no draw had a value.
  package let mean: Double?
  /// The standard deviation over the draws, `n - 1` in its denominator; nil below two values.
  package let deviation: Double?
  /// The number of draws that had a value.
  package let draws: Int

  /// The number of draws that an estimator makes.
  package static let drawCount = 20

  /// Summarises an estimator's values, in nats, on real samples.
  init(nats values: [Double?], unit: InformationUnit) {
    self.init(values: values.map { $0.map(unit.value(ofNats:)) })
  }

  /// Summarises an estimator's values on real samples.
  package init(values: [Double?]) {
    let values = values.compactMap { $0 }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = values.isEmpty ? nil : mean
    deviation = values.count < 2 ? nil : (squares / (count - 1)).squareRoot()
    draws = values.count
  }

  /// Encodes what is missing as null, not by leaving it out.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(mean, forKey: .mean)
    try container.encode(deviation, forKey: .deviation)
    try container.encode(draws, forKey: .draws)
  }
}
