import GANTraining

/// What a run says of itself now and then.
public struct TrainingProgress: Sendable {
  private let report: TrainingReport

  init(_ report: TrainingReport) { self.report = report }

  /// The epoch, from 1.
  public var epoch: Int { report.position.epoch }

  /// Finished steps.
  public var step: Int { report.position.step }

  /// What the discriminator minimises, in nats.
  public var discriminatorLoss: Float { report.losses.discriminatorLoss }

  /// What the generator minimises, in nats.
  public var generatorLoss: Float { report.losses.generatorLoss }

  /// The mean probability that the discriminator gives real images of being real.
  public var realScore: Float { report.losses.realScore }

  /// The mean probability that it gives generated images.
  public var fakeScore: Float { report.losses.fakeScore }
}

extension TrainingProgress: CustomStringConvertible {
  /// `Epoch [0/200], Step [200/600], d_loss: 0.1234, g_loss: 4.5678, D(x): 0.98, D(G(z)): 0.02`.
  public var description: String { report.consoleLine }
}
