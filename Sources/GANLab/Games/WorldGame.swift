import GANData
package import GANLearning
import GANTensor
package import GANTraining

/// A game on points of a known distribution: what is told of it to `gan train`, and the points.
package struct WorldGame: Encodable, Sendable {
  /// The distribution of the points.
  package let world: NamedDistribution
  /// The options of the game; its seed is replaced by each run's.
  package let options: TrainingOptions

  /// The distribution.
  let mixture: Mixture

  private enum CodingKeys: String, CodingKey { case world, options }

  /// Puts options on a distribution.
  ///
  /// - Throws: `SpecificationError` where it is no distribution of points; `OptionsError` where the
  ///   options do not fit each other.
  package init(_ world: NamedDistribution, _ options: TrainingOptions) throws {
    guard let mixture = world.mixture else {
      throw SpecificationError(
        specification: world.specification, reason: "a game needs points, and outcomes are none")
    }
    var options = options
    options.dataset = world.specification
    options.datasetCount = PointDataset.worldCount
    options.itemShape = [mixture.dimension]
    try options.validate()
    (self.world, self.mixture, self.options) = (world, mixture, options)
  }

  /// The words that tell it from other games: objective, penalties, packing.
  var label: String {
    let penalties = options.penalties.map { penalty in
      let interval = options.penalty[penalty].interval
      return "\(penalty.rawValue) \(words(options.penalty[penalty].weight))"
        + (interval > 1 ? " every \(interval)" : "")
    }
    var parts = [options.objective.rawValue] + penalties
    if options.packing > 1 { parts.append("packing \(options.packing)") }
    if options.discriminatorSteps > 1 {
      parts.append("\(options.discriminatorSteps) discriminator steps")
    }
    return parts.joined(separator: ", ")
  }

  /// The same networks and budget with the plain GAN's losses: no penalty, no packs.
  package var plain: WorldGame {
    get throws {
      var options = options
      options.objective = .nonSaturating
      options.penalties = []
      options.packing = 1
      options.discriminatorSteps = 1
      return try WorldGame(world, options)
    }
  }

  /// The same with another objective.
  package func with(_ objective: Objective) throws -> WorldGame {
    var options = options
    options.objective = objective
    return try WorldGame(world, options)
  }

  /// The same with another loss, every penalty of one weight.
  func with(_ loss: AblatedLoss, weight: ScheduledValue) throws -> WorldGame {
    var options = options
    options.adopt(loss, weight: weight)
    return try WorldGame(world, options)
  }

  /// The options and points of a run.
  func run(seed: UInt64) -> (options: TrainingOptions, points: PointDataset) {
    var options = options
    options.seed = seed
    let stream = RandomStream(seed: seed, purpose: .worldData, step: 0)
    let points = PointDataset(
      name: world.specification, dimension: mixture.dimension,
      values: mixture.samples(count: options.datasetCount, from: stream))
    return (options, points)
  }
}

extension Engine {
  /// Trains on points, and reads something now and then.
  ///
  /// - Parameters:
  ///   - lookCount: How often; evenly over the run, at its start and at its end.
  ///   - read: Takes the session after so many steps; nil to stop, as where nothing is finite.
  func play<Reading: Sendable>(
    _ game: WorldGame, seed: UInt64, lookCount: Int,
    read: @escaping (TrainingSession) throws -> Reading?
  ) async throws -> [Reading] {
    let (options, points) = game.run(seed: seed)
    let session = try TrainingSession(options.setup, dataset: points)
    let total = options.totalSteps
    let looks = (0...lookCount).map { total * $0 / lookCount }
    let request = StopRequest()
    var readings: [Reading] = []
    func look(at session: TrainingSession) throws {
      // In a run of fewer steps than looks, several fall on one of them.
      for due in looks where due == session.step && !request.isMade {
        if let reading = try read(session) { readings.append(reading) } else { request.stop() }
      }
    }
    try look(at: session)
    try await run(
      session, until: total, stoppedBy: request,
      observers: [Observer(isDue: Set(looks).contains, look: look)])
    return readings
  }
}

/// A number in a few digits, a change as it is written.
private func words(_ value: ScheduledValue) -> String {
  value.change == nil ? significant(value.start) : "\(value)"
}
