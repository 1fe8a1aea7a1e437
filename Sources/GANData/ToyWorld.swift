/// The toy worlds that have a name.
package enum ToyWorld: String, CaseIterable, Sendable {
  /// The standard normal on the line.
  case gaussian
  /// Eight Gaussians on a circle, PacGAN's.
  case ring8 = "ring-8"
  /// Twenty-five Gaussians on a square grid, PacGAN's.
  case grid25 = "grid-25"
  /// Two spirals.
  case spirals
  /// Two interlocked half circles.
  case moons
  /// Every other square of a board.
  case checkerboard

  /// The world at its published or usual size.
  package var mixture: Mixture { mixture(size: defaultSize, noise: defaultDeviation ?? 0) }

  /// The world at another size.
  ///
  /// - Parameters:
  ///   - size: The radius of `ring8`, `spirals` and `moons`, the spacing of `grid25`, half the side
  ///     of `checkerboard`; nil for the usual one. `gaussian` has none.
  ///   - deviation: Of every Gaussian; nil for the usual one. `checkerboard` has none.
  /// - Throws: `MixtureError` for a parameter that is not from 1e-9 to 1e9, or that the world does
  ///   not have, and for a size more than 1e8 times the deviation, of a curve 1,000 times.
  package func mixture(size: Double?, deviation: Double?) throws(MixtureError) -> Mixture {
    for (name, value, isKnown) in [
      ("size", size, self != .gaussian), ("deviation", deviation, defaultDeviation != nil),
    ] {
      guard let value else { continue }
      guard isKnown else {
        throw MixtureError(rawValue, .parameter(name, requirement: "does not apply", got: value))
      }
      // Squares of anything else leave the numbers that networks reckon in.
      guard (1e-9...1e9).contains(value) else {
        throw MixtureError(
          rawValue, .parameter(name, requirement: "must be from 1e-9 to 1e9", got: value))
      }
    }
    let (size, noise) = (size ?? defaultSize, deviation ?? defaultDeviation ?? 0)
    if defaultDeviation != nil, self != .gaussian {
      // A curve is made of Gaussians a deviation apart; of the others see `isMeasurable`.
      let part = self == .spirals || self == .moons ? 1e-3 : 1e-8
      guard noise >= part * size else {
        throw MixtureError(
          rawValue,
          .parameter("deviation", requirement: "must be at least \(part) of the size", got: noise))
      }
    }
    return mixture(size: size, noise: noise)
  }

  private func mixture(size: Double, noise: Double) -> Mixture {
    switch self {
    case .gaussian: .gaussian(deviation: noise)
    case .ring8: .ring(radius: size, deviation: noise)
    case .grid25: .grid(spacing: size, deviation: noise)
    case .spirals: .spirals(radius: size, deviation: noise)
    case .moons: .moons(radius: size, deviation: noise)
    case .checkerboard: .checkerboard(halfSide: size)
    }
  }

  private var defaultSize: Double {
    switch self {
    case .gaussian, .ring8, .moons: 1
    case .grid25, .spirals: 2
    case .checkerboard: 4
    }
  }

  private var defaultDeviation: Double? {
    switch self {
    case .gaussian: 1
    case .ring8: 0.01
    case .grid25, .spirals, .moons: 0.05
    case .checkerboard: nil
    }
  }
}
