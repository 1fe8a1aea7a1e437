extension NamedDataset {
  /// A toy world at its usual size.
  init(_ world: ToyWorld) {
    self.init(
      name: world.rawValue, properName: world.rawValue, summary: world.summary,
      origin: .points { PointDataset(world, seed: $0) })
  }
}

extension ToyWorld {
  /// The world in a few words.
  fileprivate var summary: String {
    switch self {
    case .gaussian: "the standard normal on the line"
    case .ring8: "eight Gaussians on a circle"
    case .grid25: "25 Gaussians on a square grid"
    case .spirals: "two spirals"
    case .moons: "two interlocked half circles"
    case .checkerboard: "every other square of a board"
    }
  }
}
