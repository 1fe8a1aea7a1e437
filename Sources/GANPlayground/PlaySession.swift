import GANData
import GANGraph
import GANLearning
package import GANRuntime
import GANTensor
import GANTraining

/// A game in the plane whose players are advanced one at a time, and looked at between.
///
/// Its identity is what both have learnt. It belongs to the thread of its device. Everything follows from
/// the settings and the updates that were asked for, in their order; rounds make the bits of `gan train`
/// with the same options.
package final class PlaySession {
  package let settings: PlaySettings
  let world: PlayWorld
  let game: Game
  let probes: PlayProbes
  /// Updates that each player has made.
  package private(set) var discriminatorUpdates = 0
  package private(set) var generatorUpdates = 0
  /// Losses and scores of each player's last update, by name.
  private(set) var losses: [String: Float] = [:]
  private let state: any StateStore
  private let discriminatorStep: StepProgram
  private let generatorStep: StepProgram?
  private var order: EpochOrder
  private var epoch = 0

  /// Draws both players' first weights, or takes over those of a session whose networks and world are the
  /// same, and prepares the programs.
  ///
  /// - Throws: `SettingsError`, `SpecificationError`, `MixtureError`, `OptionsError` where the settings
  ///   cannot be; `RuntimeError` where this machine cannot run them.
  package init(
    _ settings: PlaySettings, on device: any Device, goingOnWith old: PlaySession? = nil
  ) throws {
    let options = try settings.options(threads: device.threadCount)
    let goesOn = old.map { $0.settings.hasSamePlayers(as: settings) } ?? false
    let world = try goesOn ? old?.world ?? PlayWorld(settings) : PlayWorld(settings)
    let game = Game.playground(options, standsIn: world.standIn != nil)
    let datasets = [world.real] + (world.standIn.map { [$0.points] } ?? [])
    let written = try Role.pair.compactMap { role in
      try game.only(role).map { try Self.write($0, settings, datasets) }
    }
    state = try device.makeState(written.flatMap(\.graph.stateTypes))
    for (name, tensor) in game.initialState(seed: settings.seed) {
      guard state.types.contains(where: { $0.name == name }) else { continue }
      try state.write(tensor, to: name)
    }
    var programs: [Role: StepProgram] = [:]
    for step in written {
      let role = step.step.game.updates[0].learners[0]
      programs[role] = try Self.prepare(step, datasets, on: device, state)
    }
    guard let discriminatorStep = programs[.discriminator] else {
      preconditionFailure("every game here has a discriminator: \(game.roles)")
    }
    (self.discriminatorStep, generatorStep) = (discriminatorStep, programs[.generator])
    probes = try PlayProbes(game, settings, on: device, state: state)
    order = EpochOrder(count: world.real.count, seed: settings.seed, epoch: 0)
    (self.settings, self.world, self.game) = (settings, world, game)
    if goesOn, let old { try takeOver(old) }
  }

  /// True where a density stands in for the generator.
  package var hasStandIn: Bool { generatorStep == nil }

  /// The discriminator learns once, from the next real points.
  package func stepDiscriminator() {
    let (epoch, batch) = discriminatorUpdates.quotientAndRemainder(
      dividingBy: PlaySettings.batchesPerEpoch)
    if epoch != self.epoch {
      order = EpochOrder(
        count: world.real.count, seed: settings.seed, epoch: UInt64(epoch))
      self.epoch = epoch
    }
    let rows = order.indices[batch * settings.batchSize..<(batch + 1) * settings.batchSize]
    run(discriminatorStep, rows)
    discriminatorUpdates += 1
  }

  /// The generator learns once; nothing where a density stands in for it.
  package func stepGenerator() {
    guard let generatorStep else { return }
    // Objectives that judge real points too see those of the discriminator's last update.
    let batch = max(0, discriminatorUpdates - 1) % PlaySettings.batchesPerEpoch
    run(
      generatorStep,
      order.indices[batch * settings.batchSize..<(batch + 1) * settings.batchSize])
    generatorUpdates += 1
  }

  /// Both learn as often as the settings say, the discriminator first.
  package func stepRound() {
    for _ in 0..<settings.discriminator.steps { stepDiscriminator() }
    for _ in 0..<settings.generator.steps { stepGenerator() }
  }

  /// Rounds that have been made, or as many as the updates amount to.
  package var rounds: Int { discriminatorUpdates / settings.discriminator.steps }

  private func run(_ program: StepProgram, _ rows: ArraySlice<Int32>) {
    for set in game.data.indices { program.setIndices(rows, ofBatch: 0, ofSet: set) }
    program.setHyperparameters { $0.schedule.value(afterImages: 0) }
    program.run()
    for (name, value) in zip(program.readingNames, program.values) { losses[name] = value }
  }

  private func takeOver(_ old: PlaySession) throws {
    let known = Dictionary(uniqueKeysWithValues: old.state.types.map { ($0.name, $0.type) })
    for (name, type) in state.types where known[name] == type {
      try state.write(old.state.tensor(name), to: name)
    }
    (discriminatorUpdates, generatorUpdates) = (old.discriminatorUpdates, old.generatorUpdates)
    (order, epoch, losses) = (old.order, old.epoch, old.losses)
  }

  private static func write(
    _ game: Game, _ settings: PlaySettings, _ datasets: [PointDataset]
  ) throws -> WrittenStep {
    let count = datasets[0].count
    let updates = StepGraph(
      game: game, batchSizes: [settings.batchSize], itemCount: count, elementType: .float32
    ).updates
    let sets = Dictionary(
      uniqueKeysWithValues: game.data.map {
        ($0.name, StepGraph.ResidentSet(itemCount: count, elementType: .float32))
      })
    var step = StepGraph(game: game, updates: updates, sets: sets)
    step.writesHyperparameters = true
    return try step.written()
  }

  private static func prepare(
    _ written: WrittenStep, _ datasets: [PointDataset], on device: any Device,
    _ state: any StateStore
  ) throws -> StepProgram {
    let graph = try written.graph.optimized(for: device.profile)
    var data: [String: UnsafeRawBufferPointer] = [:]
    for (source, dataset) in zip(written.step.game.data, datasets) {
      data[StepGraph.residentItems(of: source.name)] = dataset.storage.bytes
    }
    let executable = try device.prepare(
      graph, state: state, data: data, inMemoryOf: nil, explain: nil)
    return try StepProgram(executable, of: written, as: graph)
  }
}

extension PlaySettings {
  /// True where networks, first weights and points are the same, so that a game can go on.
  func hasSamePlayers(as other: PlaySettings) -> Bool {
    var (one, two) = (self, other)
    for path in [\PlaySettings.generator, \.discriminator] {
      one[keyPath: path].learningRate = 0
      two[keyPath: path].learningRate = 0
      one[keyPath: path].steps = 1
      two[keyPath: path].steps = 1
    }
    one.objective = two.objective
    one.penalty = two.penalty
    one.penaltyWeight = two.penaltyWeight
    one.beta1 = two.beta1
    one.averageHalfLife = two.averageHalfLife
    return one == two
  }
}
