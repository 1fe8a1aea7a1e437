import GANData
import GANGraph
import GANLab
import GANLearning
import GANNetworks
import GANRuntime
import GANTensor
import GANTraining

extension Game {
  /// The playground's game: that of `gan train`, or a discriminator against a density that stands still.
  ///
  /// - Parameter standsIn: True where generated points come from data.
  static func playground(_ options: TrainingOptions, standsIn: Bool) -> Game {
    let pair = options.setup.game
    guard standsIn else { return pair }
    let judge = Judge(.discriminator, packing: pair.packing)
    let contest = Contest(judge: judge, real: .data("real"), fake: .data("fake"))
    var rule = pair.updates[0]
    rule.cadence = .step
    rule.terms =
      [JudgingLoss(options.objective, in: contest)]
      + options.penalties.map {
        PenaltyLoss(
          PenaltyTerm($0, weight: options.penalty[$0].weight, interval: 1), in: contest)
      }
    return Game(
      players: pair.players.filter { $0.role == .discriminator }, updates: [rule],
      data: pair.data + [GameDataSet("fake", itemShape: [2])], preview: contest.fake,
      initialization: pair.initialization, packing: pair.packing)
  }

  /// The same networks and data with one player's updates alone; nil where it has none.
  func only(_ role: Role) -> Game? {
    guard var rule = updates.first(where: { $0.learners == [role] }) else { return nil }
    rule.cadence = .step
    return Game(
      players: players, updates: [rule], data: data, preview: preview,
      initialization: initialization, packing: packing, average: average)
  }
}

/// The places at which a game's networks are looked at.
struct PlayProbes {
  /// The discriminator's logits anywhere.
  let field: LogitField
  /// What generated points receive.
  let pushes: PushProbe
  /// The generator's points; nil where a density stands in for it.
  let sampler: ItemSampler?

  init(
    _ game: Game, _ settings: PlaySettings, on device: any Device, state: any StateStore
  ) throws {
    let prepare: (Graph) throws -> any Executable = {
      try device.prepare($0.optimized(for: device.profile), state: state)
    }
    let discriminator = game.network(of: .discriminator)
    field = try LogitField(discriminator, packing: game.packing, prepare: prepare)
    pushes = try PushProbe(
      discriminator, settings.objective, batchSize: settings.batchSize, packing: game.packing,
      prepare: prepare)
    sampler =
      game.roles.contains(.generator)
      ? try ItemSampler(
        game.network(of: .generator), batchSize: 1_000, itemShape: [2], on: device, state: state,
        prefix: game.shownPrefix(of: .generator)) : nil
  }
}

/// The gradients that generated points receive: downhill in the generator's loss.
///
/// Its identity is its program. It belongs to the thread of its device.
final class PushProbe {
  let batchSize: Int
  private let executable: any Executable

  init(
    _ description: NetworkDescription, _ objective: Objective, batchSize: Int, packing: Int,
    prepare: (Graph) throws -> any Executable
  ) throws {
    let builder = GraphBuilder()
    let discriminator = Network(description, prefix: "\(Role.discriminator)", in: builder)
    func judged(_ points: Tensor) -> Logits {
      Logits(discriminator(points.reshaped(to: [batchSize / packing, 2 * packing])))
    }
    let points = builder.input("points", [batchSize, 2])
    let loss = objective.generatorLoss(fake: judged(points)) {
      judged(builder.input("real", [batchSize, 2]))
    }
    builder.output(loss.gradients(withRespectTo: [points])[0], as: "gradients")
    executable = try prepare(builder.finish())
    self.batchSize = batchSize
  }

  /// Minus the gradient of the generator's loss at each point, times the points: `[N, 2]`.
  ///
  /// - Parameters:
  ///   - points: Generated ones, `batchSize` times x and y.
  ///   - real: Real ones, likewise, for objectives that judge those too.
  func pushes(at points: [Float], beside real: [Float]) throws -> [Float] {
    executable.write(points, to: try executable.input("points"))
    if let place = try? executable.input("real") { executable.write(real, to: place) }
    executable.run()
    return try executable.tensor("gradients").floats.map { -$0 * Float(batchSize) }
  }
}
