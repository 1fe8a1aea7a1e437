package import GANGraph

/// A term of the discriminator's loss that keeps its slope in check: a closed family, one file for
/// each in `Penalties/`. Any of them goes with any objective.
///
/// All look at the gradient of the logits, summed over the batch, with respect to each item that is
/// judged. The origin of the items is held constant; the penalty's own gradient is the true one,
/// through the gradient it is made of.
public enum Penalty: String, Codable, CaseIterable, Hashable, Sendable {
  case wganGP = "wgan-gp"
  case dragan
  case r1
  case r2
  case approximateR1 = "approximate-r1"
  case approximateR2 = "approximate-r2"
  case leCam = "lecam"

  /// The penalty before its weight.
  ///
  /// - Returns: A scalar, `[]`, not negative.
  package func value(of update: JudgedUpdate) -> Tensor { formula.value(of: update) }

  /// True if it is taken at items that the objective judges too, whose logits then serve both.
  package var isTakenAtJudgedItems: Bool {
    switch self {
    case .wganGP, .dragan, .approximateR1, .approximateR2, .leCam: false
    case .r1, .r2: true
    }
  }

  private var formula: any PenaltyFormula.Type {
    switch self {
    case .wganGP: WGANGP.self
    case .dragan: DRAGAN.self
    case .r1: R1.self
    case .r2: R2.self
    case .approximateR1: ApproximateR1.self
    case .approximateR2: ApproximateR2.self
    case .leCam: LeCam.self
    }
  }
}

/// A penalty before its weight, `[]`.
protocol PenaltyFormula {
  static func value(of update: JudgedUpdate) -> Tensor
}

/// A penalty in use.
package struct PenaltyTerm: Hashable, Sendable {
  package var penalty: Penalty
  /// Its factor in the loss; may follow a schedule.
  package var weight: ScheduledValue
  /// Discriminator updates from one that has it to the next; its weight grows by as much, so that
  /// the mean over updates stays (lazy regularisation).
  ///
  /// - Source: Karras et al., "Analyzing and Improving the Image Quality of StyleGAN", 2020,
  ///   arXiv:1912.04958, appendix B. Departure: Adam's constants stay.
  package var interval: Int

  /// Weights that single precision holds.
  package static let weightRange = 0..<1e38

  package init(_ penalty: Penalty, weight: ScheduledValue, interval: Int) {
    precondition(interval >= 1, "a penalty is due every so many updates; got \(interval)")
    (self.penalty, self.weight, self.interval) = (penalty, weight, interval)
  }

  /// Its term in the loss of an update that has it, `[]`.
  ///
  /// - Parameters:
  ///   - name: The owner of the hyperparameter `<name>.weight`.
  ///   - hyperparameters: Gives that weight.
  package func term(
    of update: JudgedUpdate, named name: String, _ hyperparameters: Hyperparameters
  ) -> Tensor {
    penalty.value(of: update)
      * hyperparameters.scalar(
        "\(name).weight", weight, in: Self.weightRange, .times(Double(interval)))
  }
}
