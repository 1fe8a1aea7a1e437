import GANTraining

/// The values of a generator in the middle of its training.
public struct Evaluation: Sendable {
  private let judgement: RunJudgement

  /// The epoch, from 1.
  public let epoch: Int
  /// Finished steps.
  public let step: Int
  /// True if no evaluation so far was better, by the metric that `evaluation.metric` names.
  public let isBest: Bool

  init(_ judgement: RunJudgement, at position: RunPosition, isBest: Bool) {
    self.judgement = judgement
    (epoch, step, self.isBest) = (position.epoch, position.step, isBest)
  }

  /// Generated images, and as many real ones.
  public var count: Int { judgement.count }

  /// The name of the network whose hidden values are compared; numbers of different ones must not be.
  public var featuresName: String { judgement.features.name }

  /// Its digest, in hexadecimal.
  public var featuresSHA256: String { judgement.features.sha256 }

  /// The values, in the order in which they are said.
  public var metrics: [Metric] {
    judgement.metrics.map { Metric(name: $0.name, value: $0.value, floor: $0.floor) }
  }

  /// A value, and that of real images in the place of generated ones.
  public struct Metric: Hashable, Sendable {
    /// Its name, such as `frechet-distance`.
    public let name: String
    /// Nil where these images allow none.
    public let value: Double?
    /// Nil where it has none.
    public let floor: Double?
  }
}
