package import GANLearning

/// The settings of each penalty where it is chosen; its JSON has a key for each.
package struct PenaltyOptions: Encodable, Equatable, Sendable {
  package var wganGP = Coefficients()
  package var dragan = Coefficients()
  package var r1 = Coefficients()
  package var r2 = Coefficients()

  /// The settings of one penalty.
  package struct Coefficients: Encodable, Equatable, Sendable {
    /// Its factor in the loss.
    package var weight: ScheduledValue = 10
    /// Discriminator updates from one that has it to the next; its weight grows by as much.
    package var interval = 1
  }

  private enum CodingKeys: String, CodingKey {
    case wganGP = "wgan-gp"
    case dragan, r1, r2
  }

  /// The settings of one penalty.
  package subscript(penalty: Penalty) -> Coefficients {
    get {
      switch penalty {
      case .wganGP: wganGP
      case .dragan: dragan
      case .r1: r1
      case .r2: r2
      }
    }
    set {
      switch penalty {
      case .wganGP: wganGP = newValue
      case .dragan: dragan = newValue
      case .r1: r1 = newValue
      case .r2: r2 = newValue
      }
    }
  }
}
