package import GANLearning

/// The settings of each penalty where it is chosen; its JSON has a key for each.
package struct PenaltyOptions: Encodable, Equatable, Sendable {
  package var wganGP = Coefficients()
  package var dragan = Coefficients()
  package var r1 = Coefficients()
  package var r2 = Coefficients()
  package var approximateR1 = Coefficients()
  package var approximateR2 = Coefficients()
  package var leCam = Coefficients(weight: 0.3)

  /// The settings of one penalty.
  package struct Coefficients: Encodable, Equatable, Sendable {
    /// Its factor in the loss.
    package var weight: ScheduledValue = 10
    /// Discriminator updates from one that has it to the next; its weight grows by as much.
    package var interval = 1

    init(weight: ScheduledValue = 10) { self.weight = weight }
  }

  private enum CodingKeys: String, CodingKey {
    case wganGP = "wgan-gp"
    case dragan, r1, r2
    case approximateR1 = "approximate-r1"
    case approximateR2 = "approximate-r2"
    case leCam = "lecam"
  }

  /// The settings of one penalty.
  package subscript(penalty: Penalty) -> Coefficients {
    get {
      switch penalty {
      case .wganGP: wganGP
      case .dragan: dragan
      case .r1: r1
      case .r2: r2
      case .approximateR1: approximateR1
      case .approximateR2: approximateR2
      case .leCam: leCam
      }
    }
    set {
      switch penalty {
      case .wganGP: wganGP = newValue
      case .dragan: dragan = newValue
      case .r1: r1 = newValue
      case .r2: r2 = newValue
      case .approximateR1: approximateR1 = newValue
      case .approximateR2: approximateR2 = newValue
      case .leCam: leCam = newValue
      }
    }
  }
}
