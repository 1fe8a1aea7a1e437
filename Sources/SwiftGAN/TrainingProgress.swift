import GANTraining

/// What a run says of itself now and then.
public struct TrainingProgress: Sendable {
  private let report: TrainingReport

  init(_ report: TrainingReport) { self.report = report }

  /// The epoch, from 1.
  public var epoch: Int { report.position.epoch }

  /// Finished steps.
  public var step: Int { report.position.step }

  /// Steps of the whole run.
  public var stepCount: Int { report.position.totalSteps }

  /// Real images shown so far.
  public var images: Int { report.images }

  /// Seconds a step took, on average since the last report.
  public var stepSeconds: Double { report.stepSeconds }

  /// What the discriminator minimises, in nats; of the last step.
  public var discriminatorLoss: Float { report.losses.discriminatorLoss }

  /// What the generator minimises, in nats; of the last step.
  public var generatorLoss: Float { report.losses.generatorLoss }

  /// The mean probability that the discriminator gives real images of being real; of the last step.
  public var realScore: Float { report.losses.realScore }

  /// The mean probability that it gives generated images; of the last step.
  public var fakeScore: Float { report.losses.fakeScore }

  /// Everything the step reports, by name and in the order of the game, over the steps since the
  /// last report.
  public var readings: [Reading] { report.readings.all.map(Reading.init) }

  /// One number of a step, over the steps since the last report.
  public struct Reading: Hashable, Sendable {
    /// What it is, such as `discriminator.loss`, `discriminator.penalty.r1` or
    /// `generator.gradientNorm`.
    public let name: String
    /// Steps that said it: all, but for penalties that are not always due, and gradient norms and the
    /// spread of logits, which only the step of a report measures.
    public let count: Int
    /// The value of the last step.
    public let last: Float
    /// The mean of the finite values; nil where there were none.
    public let mean: Double?
    /// The least finite value.
    public let least: Float?
    /// The greatest finite value.
    public let greatest: Float?
    /// How many values were NaN or infinite.
    public let nonfiniteCount: Int

    init(_ reading: Readings.Value) {
      (name, count, last, mean) = (reading.name, reading.count, reading.last, reading.mean)
      (least, greatest) = (reading.least, reading.greatest)
      nonfiniteCount = reading.nonfiniteCount
    }
  }
}

extension TrainingProgress: CustomStringConvertible {
  /// `step 200 of 120000, discriminator loss 0.1234, generator loss 4.5678, D(x) 0.98, D(G(z)) 0.02`.
  public var description: String {
    "step \(step) of \(stepCount), discriminator loss \(discriminatorLoss), "
      + "generator loss \(generatorLoss), D(x) \(realScore), D(G(z)) \(fakeScore)"
  }
}
