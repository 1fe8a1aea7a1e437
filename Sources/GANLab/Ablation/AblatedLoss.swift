package import GANLearning
import GANTraining

/// One of the losses that an ablation compares: an objective, and the penalties left to it.
package struct AblatedLoss: Hashable, Sendable {
  /// What the players minimise.
  package let objective: Objective
  /// The discriminator's, all of one weight.
  package let penalties: [Penalty]
  /// Discriminator updates from one that has the penalties to the next.
  package let interval: Int

  private init(_ objective: Objective, _ penalties: [Penalty], interval: Int = 1) {
    (self.objective, self.penalties, self.interval) = (objective, penalties, interval)
  }

  /// The nine, in the order of the tables: each objective without a penalty, with either and with both, and last
  /// the loss of R3GAN with both at every eighth update only.
  package static let all: [AblatedLoss] =
    [Objective.nonSaturating, .relativistic].flatMap { objective in
      [[], [.r1], [.r2], [.r1, .r2]].map { AblatedLoss(objective, $0) }
    } + [AblatedLoss(.relativistic, [.r1, .r2], interval: 8)]

  /// The name that a command takes and files have: `relativistic-r1-r2-lazy`.
  package var name: String {
    ([objective.rawValue] + penalties.map(\.rawValue) + (interval > 1 ? ["lazy"] : []))
      .joined(separator: "-")
  }

  /// The words of tables: `relativistic, R1, R2 every 8 updates`.
  var label: String {
    ([objective.rawValue] + penalties.map { $0.rawValue.uppercased() }).joined(separator: ", ")
      + (interval > 1 ? " every \(interval) updates" : "")
  }

  /// What the paper says, which an ablation repeats.
  ///
  /// - Source: Huang et al., "The GAN is dead; long live the GAN! A Modern Baseline GAN", 2024,
  ///   arXiv:2501.05441.
  static let publishedClaim = """
    The paper of R3GAN (Huang et al. 2024, arXiv:2501.05441) says all of them: with 1,000 modes it finds all by the \
    relativistic loss with both penalties, 693 by the plain loss with both, and sees R1 alone diverge; penalties \
    at a few updates only fail.
    """
}

extension AblatedLoss: Encodable {
  /// By its name.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}

extension TrainingOptions {
  /// Takes a loss, every penalty with one weight; a relativistic generator has real items of its own.
  mutating func adopt(_ loss: AblatedLoss, weight: ScheduledValue) {
    (objective, penalties) = (loss.objective, loss.penalties)
    for penalty in loss.penalties {
      self.penalty[penalty].weight = weight
      self.penalty[penalty].interval = loss.interval
    }
    freshReals = loss.objective == .relativistic
  }
}
