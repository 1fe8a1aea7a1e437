import GANData
import GANLab
import GANTensor

/// A world of the plane whose density is known, and its points.
struct PlayWorld: Sendable {
  let mixture: Mixture
  /// Real points of updates.
  let real: PointDataset
  /// The density that stands in for the generator, and its points; nil where a network is one.
  let standIn: (mixture: Mixture, points: PointDataset)?
  /// The square that is drawn.
  let view: PlayView

  /// The world of settings.
  ///
  /// - Throws: `SettingsError`, `SpecificationError`, `MixtureError`.
  init(_ settings: PlaySettings) throws {
    let mixture = try Self.mixture(of: settings)
    let count = settings.batchSize * PlaySettings.batchesPerEpoch
    func points(_ mixture: Mixture, _ purpose: RandomPurpose) -> PointDataset {
      let stream = RandomStream(seed: settings.seed, purpose: purpose, step: 0)
      return PointDataset(
        name: settings.world, dimension: 2, values: mixture.samples(count: count, from: stream))
    }
    self.mixture = mixture
    real = points(mixture, .worldData)
    standIn =
      settings.standIn.isEmpty
      ? nil
      : try {
        let density = try Self.plane(settings.standIn)
        return (density, points(density, .standInBatch))
      }()
    let (lower, upper) = mixture.bounds(deviations: 3)
    view = PlayView(around: lower, upper)
  }

  private static func mixture(of settings: PlaySettings) throws -> Mixture {
    switch settings.world {
    case "points":
      let components = try PlayPoints.read(settings.points).map {
        Mixture.Component.gaussian(mean: $0, deviations: SIMD2(repeating: settings.spread))
      }
      return try Mixture(
        name: "points", dimension: 2, components: components, isCountedByMode: false)
    case "mixture":
      guard settings.mixture.utf8.count <= 20_000 else {
        throw SettingsError("a mixture's JSON must have at most 20000 letters")
      }
      let mixture = try Mixture(json: Array(settings.mixture.utf8), source: "mixture")
      guard mixture.dimension == 2 else {
        throw SettingsError("the playground is a plane: give components of two coordinates")
      }
      guard mixture.components.count <= PlayPoints.limit else {
        throw SettingsError("a mixture may have at most \(PlayPoints.limit) components here")
      }
      return mixture
    default: return try plane(settings.world)
    }
  }

  /// A density over the plane; a page must not have files read, so none is named.
  private static func plane(_ specification: String) throws -> Mixture {
    guard !specification.hasSuffix(".json") else {
      throw SettingsError("paste the mixture's JSON instead of naming a file")
    }
    guard let mixture = try NamedDistribution(specification).mixture, mixture.dimension == 2 else {
      throw SettingsError(
        "the playground is a plane: \(specification) is not over it; normal2d(x,y,deviation) is")
    }
    return mixture
  }
}

/// The square of the plane that is drawn.
struct PlayView: Encodable, Hashable, Sendable {
  let centre: SIMD2<Double>
  /// Half its side.
  let half: Double

  private enum CodingKeys: String, CodingKey { case x, y, half }

  /// A box with some room around it.
  init(around lower: SIMD2<Double>, _ upper: SIMD2<Double>) {
    centre = (lower + upper) / 2
    half = max(upper.x - lower.x, upper.y - lower.y) / 2 * 1.35
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(centre.x, forKey: .x)
    try container.encode(centre.y, forKey: .y)
    try container.encode(half, forKey: .half)
  }
}

extension PointDataset {
  /// Coordinates, point after point.
  var storedValues: [Float] {
    storage.bytes.withMemoryRebound(to: Float.self) { Array($0) }
  }
}
