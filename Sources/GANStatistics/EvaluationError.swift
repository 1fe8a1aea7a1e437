/// Why something cannot be measured.
package enum EvaluationError: Error, Hashable, Sendable {
  /// A distribution has no outcomes.
  case noOutcomes
  /// An outcome's probability or count is below 0.
  case negative(outcome: Int, value: Double)
  /// An outcome's probability is infinite or NaN.
  case notFinite(outcome: Int, value: Double)
  /// Probabilities sum to something else than 1.
  case unnormalised(sum: Double)
  /// Two distributions are over different outcomes.
  case outcomeCounts(Int, Int)
  /// There are not as many samples as were asked for, or not as many of one kind as of the other.
  case sampleCount(expected: Int, got: Int)
  /// The estimate needs more samples.
  case tooFewSamples(got: Int, needed: Int)
  /// A sample is infinite or NaN.
  case sampleNotFinite(sample: Int)
  /// Densities of points with different numbers of coordinates.
  case dimensions(Int, Int)
  /// Values that do not make whole rows of so many features.
  case featureShape(values: Int, dimension: Int)
  /// Items with different numbers of features.
  case featureDimensions(Int, Int)
  /// The distribution has no modes that samples could be counted by.
  case noModes
}

extension EvaluationError: CustomStringConvertible {
  /// One line, without `error:` and without a full stop.
  package var description: String {
    switch self {
    case .noOutcomes:
      "a distribution needs at least one outcome"
    case .negative(let outcome, let value):
      "probabilities must not be negative, got \(value) for outcome \(outcome)"
    case .notFinite(let outcome, let value):
      "probabilities must be finite, got \(value) for outcome \(outcome)"
    case .unnormalised(let sum):
      "probabilities must sum to 1, got \(sum)"
    case .outcomeCounts(let one, let other):
      "distributions must be over the same outcomes, got \(one) and \(other)"
    case .sampleCount(let expected, let got):
      "expected \(expected) samples, got \(got)"
    case .tooFewSamples(let got, let needed):
      "an estimate needs at least \(needed) samples, got \(got)"
    case .sampleNotFinite(let sample):
      "samples must be finite, sample \(sample) is not"
    case .dimensions(let one, let other):
      "densities must be over points of the same dimension, got \(one) and \(other)"
    case .featureShape(let values, let dimension):
      "\(values) values make no rows of \(dimension) features"
    case .featureDimensions(let one, let other):
      "items must have as many features as those they are compared with, got \(one) and \(other)"
    case .noModes:
      "the distribution has no modes to count samples by"
    }
  }
}
