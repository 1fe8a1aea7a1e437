package import GANData
package import GANGraph
internal import GANLearning
internal import GANNetworks
package import GANRuntime
package import GANTensor

/// A game in progress: its state, and the programs that advance it.
///
/// Its identity is the state. It belongs to the thread that makes it, an engine thread. Everything
/// random and the order of the data follow from the seed and the counters in the state, so a session
/// restored from a checkpoint goes on to the same bits.
package final class TrainingSession {
  /// How a session is set up.
  package struct Setup: Sendable {
    package var game: Game
    package var batchSize: Int
    /// Discriminator updates in a step, each on a new real batch.
    package var discriminatorSteps: Int
    package var seed: UInt64
    package var threadCount: Int
    /// Where it computes.
    package var device = DeviceKind.fastest

    package init(
      game: Game, batchSize: Int, discriminatorSteps: Int, seed: UInt64, threadCount: Int
    ) {
      self.game = game
      self.batchSize = batchSize
      self.discriminatorSteps = discriminatorSteps
      self.seed = seed
      self.threadCount = threadCount
    }

    /// What each step consists of, with so many items in the data.
    func plan(itemCount: Int) -> StepPlan {
      StepPlan(
        epoch: EpochPlan(
          itemCount: itemCount, batchSize: batchSize, packing: game.packing,
          discriminatorSteps: discriminatorSteps),
        penalties: game.penalties)
    }
  }

  /// Steps finished.
  package private(set) var step = 0
  package let setup: Setup
  /// Steps in an epoch: the last takes what remains.
  package let stepsPerEpoch: Int
  /// Multiply-adds one full step needs when nothing useless is computed; where penalties are not
  /// always due, the mean over steps.
  package let multiplyAddsPerStep: Int
  /// Where it computes.
  package let device: any Device
  /// Its bytes stay where programs expect them for as long as the session lives.
  private let dataset: any TrainingData
  /// The classes of its items, where a player looks at them.
  private let labels: DataStorage?
  private let state: any StateStore
  private let explain: ((String) -> Void)?
  /// What each step consists of.
  package let plan: StepPlan
  private var programs: [StepProgram] = []
  private var order: EpochOrder?
  private var orderEpoch = -1
  private var sampler: ItemSampler?

  /// Draws the initial state and prepares the program of a full step.
  ///
  /// - Parameters:
  ///   - setup: Who plays and how.
  ///   - dataset: Real items; a pack of them must fill the discriminator's input.
  ///   - device: Where to compute, of the calling thread; nil makes the one that `setup` names.
  ///   - explain: Receives the graph after each pass, the schedule and the arena, as text.
  /// - Throws: `GraphError` where the networks do not fit, `RuntimeError` where this machine cannot
  ///   run them, or the data have no classes for players that look at them.
  package init(
    _ setup: Setup, dataset: any TrainingData, on device: (any Device)? = nil,
    explain: ((String) -> Void)? = nil
  ) throws {
    self.setup = setup
    self.dataset = dataset
    self.explain = explain
    self.device = try device ?? setup.device.makeDevice(threadCount: setup.threadCount)
    plan = setup.plan(itemCount: dataset.count)
    stepsPerEpoch = plan.epoch.stepCount
    labels = setup.game.classCount.flatMap { _ in dataset.labels.map(DataStorage.init) }
    let fullStep = StepGraph(
      game: setup.game, updates: plan.updates(ofStep: 0), itemCount: dataset.count,
      elementType: dataset.elementType)
    // First: what has no memory for its state has no need of its cost, which may be beyond counting.
    state = try self.device.makeState(fullStep.build().stateTypes)
    multiplyAddsPerStep = try fullStep.meanMultiplyAdds()
    try drawInitialState()
    _ = try program(isTraced: false)
  }

  // MARK: Progress

  /// What a step costs, as far as programs are prepared.
  var cost: StepCost {
    StepCost(multiplyAdds: multiplyAddsPerStep, stateBytes: stateBytes, arenaBytes: arenaBytes)
  }

  /// Bytes of parameters, moments and counters.
  package var stateBytes: Int { state.byteCount }

  /// Bytes of working memory of the programs prepared so far, which share it.
  package var arenaBytes: Int {
    programs.reduce(0) { $0 + $1.executable.arenaBytes }
  }

  /// Trains for one step on the next batches of the epoch.
  ///
  /// - Throws: What preparing a program for a new batch size throws.
  package func runStep() throws { _ = try run(isTraced: false) }

  /// Trains for one step and returns what a replay needs, by name relative to `step.<k>.`.
  package func runTracedStep() throws -> [(name: String, tensor: HostTensor)] {
    let program = try run(isTraced: true)
    return try program.outputNames.map { ($0, try program.executable.tensor($0)) }
  }

  /// Losses and scores of the last step, of its last discriminator update and its generator update.
  package private(set) var report = StepReport()

  /// Takes the time of every kernel of the programs prepared so far, from now on.
  func beginProfile() { for program in programs { program.executable.beginProfile() } }

  /// What each kernel of those programs did, program after program.
  var profile: [KernelProfile] { programs.flatMap(\.executable.profile) }

  private func run(isTraced: Bool) throws -> StepProgram {
    let program = try program(isTraced: isTraced)
    let (epoch, stepInEpoch) = step.quotientAndRemainder(dividingBy: stepsPerEpoch)
    let order = order(ofEpoch: epoch)
    for (update, batch) in plan.epoch.batches(ofStep: stepInEpoch).enumerated() {
      program.setIndices(order.batch(batch), ofUpdate: update)
    }
    program.executable.run()
    report = program.report
    step += 1
    return program
  }

  private func order(ofEpoch epoch: Int) -> EpochOrder {
    if let order, orderEpoch == epoch { return order }
    let next = EpochOrder(
      count: dataset.count, batchSize: setup.batchSize, seed: setup.seed, epoch: UInt64(epoch))
    (order, orderEpoch) = (next, epoch)
    return next
  }

  // MARK: Programs

  /// The program of the step that comes: one of the run's few, made when it is first needed.
  ///
  /// Only the last step of an epoch may have fewer and smaller batches, and only the penalties that
  /// are due tell the others apart.
  private func program(isTraced: Bool) throws -> StepProgram {
    if let known = programs.first(where: { isNext($0) && $0.isTraced == isTraced }) { return known }
    let explain = self.explain ?? { _ in }
    let updates = plan.updates(ofStep: step)
    let graph = try StepGraph(
      game: setup.game, updates: updates, itemCount: dataset.count,
      elementType: dataset.elementType, isTraced: isTraced
    ).build().optimized(for: device.profile, explain: explain)
    var data = [StepGraph.residentData: dataset.storage.bytes]
    data[StepGraph.residentLabels] = labels?.bytes
    let program = try StepProgram(
      device.prepare(
        graph, state: state, data: data, inMemoryOf: programs.first?.executable, explain: explain),
      updates: updates, isTraced: isTraced, outputNames: graph.outputs.map(\.name))
    programs.append(program)
    return program
  }

  /// Whether a program computes the step that comes; allocates nothing.
  private func isNext(_ program: StepProgram) -> Bool {
    let count = plan.updateCount(ofStep: step)
    guard program.updates.count == count else { return false }
    for index in 0..<count
    where program.updates[index] != plan.update(index, ofStep: step) { return false }
    return true
  }

  /// Prepares somebody else's program over this session's state, such as a measurement.
  ///
  /// - Parameter graph: As built; reads what the last step left, and updates nothing.
  /// - Throws: `RuntimeError` where it reads a state that the session does not have.
  package func prepare(measuring graph: Graph) throws -> any Executable {
    precondition(graph.updates.isEmpty, "a measurement changes nothing: \(graph.updates)")
    return try device.prepare(graph.optimized(for: device.profile), state: state)
  }

  // MARK: State

  private func drawInitialState() throws {
    let seed = Int64(bitPattern: setup.seed)
    try state.write(HostTensor(shape: .scalar, [seed]), to: StepGraph.StateName.seed)
    for player in Player.allCases {
      for (name, tensor) in initialTensors(of: player) {
        try state.write(tensor, to: "\(player).\(name)")
        guard player == .generator, setup.game.average != nil else { continue }
        try state.write(tensor, to: "\(GeneratorAverage.prefix).\(name)")
      }
    }
  }

  private func initialTensors(of player: Player) -> [(name: String, tensor: HostTensor)] {
    description(of: player).initialTensors(
      setup.game.initialization, seed: setup.seed,
      purpose: player == .generator ? .generatorInitialisation : .discriminatorInitialisation)
  }

  private func description(of player: Player) -> NetworkDescription {
    player == .generator ? setup.game.generator : setup.game.discriminator
  }

  /// A player's parameters now, in PyTorch's order, then its buffers, by PyTorch's names.
  package func tensors(of player: Player) throws -> [(name: String, tensor: HostTensor)] {
    try tensors(description(of: player), prefix: "\(player)")
  }

  /// The moving average of the generator, likewise; nil where there is none.
  package func averageTensors() throws -> [(name: String, tensor: HostTensor)]? {
    try setup.game.average.map { _ in
      try tensors(setup.game.generator, prefix: GeneratorAverage.prefix)
    }
  }

  private func tensors(
    _ description: NetworkDescription, prefix: String
  ) throws -> [(name: String, tensor: HostTensor)] {
    try description.tensorNames.map { ($0, try state.tensor("\(prefix).\($0)")) }
  }

  /// Everything needed to go on: parameters, moments and counters by name.
  package func checkpoint() throws -> [(name: String, tensor: HostTensor)] {
    try state.types.map { ($0.name, try state.tensor($0.name)) }
  }

  /// Goes on from a checkpoint.
  ///
  /// - Throws: `RuntimeError` where a tensor is missing or has another type; the state is then
  ///   unchanged.
  package func restore(_ tensors: [String: HostTensor]) throws {
    for (name, type) in state.types {
      guard let tensor = tensors[name] else {
        throw RuntimeError.unknown(name: name, among: tensors.keys.sorted())
      }
      let got = TensorType(tensor.shape, tensor.elementType)
      guard got == type else {
        throw RuntimeError.mismatch(name: name, expected: "\(type)", got: "\(got)")
      }
    }
    for (name, _) in state.types {
      if let tensor = tensors[name] { try state.write(tensor, to: name) }
    }
    let updates = try state.tensor(StepGraph.StateName.updates(of: .generator))
    step = Int(updates.int64s[0])
  }

  /// The first parameter or moment that holds something other than a finite number.
  package func firstNonFinite() throws -> String? {
    for (name, type) in state.types where type.elementType == .float32 {
      if try !state.tensor(name).floats.allSatisfy(\.isFinite) { return name }
    }
    return nil
  }

  // MARK: Previews

  /// The first real items of the first batch, `[count] + itemShape`: images in [-1, 1], points as
  /// they are.
  package func firstRealItems(count: Int) -> HostTensor {
    let order = EpochOrder(
      count: dataset.count, batchSize: setup.batchSize, seed: setup.seed, epoch: 0)
    return dataset.items(order.batch(0).prefix(count))
  }

  /// What the generator makes of the run's fixed latents, `[count] + itemShape`.
  package func previewItems(count: Int) throws -> HostTensor {
    try items(count: count, purpose: .previewLatents)
  }

  /// What the generator, or its moving average where there is one, makes now of latents that follow
  /// from the seed, `[count] + itemShape`: each class as often, one after another.
  package func items(count: Int, purpose: RandomPurpose) throws -> HostTensor {
    let sampler =
      try self.sampler
      ?? ItemSampler(
        setup.game.generator, batchSize: count, itemShape: dataset.itemShape, on: device,
        state: state, inMemoryOf: programs.first?.executable,
        prefix: setup.game.average == nil ? "\(Player.generator)" : GeneratorAverage.prefix)
    self.sampler = sampler
    return try sampler.items(
      count: count, labels: setup.game.classCount.map { .each($0) }, seed: setup.seed,
      purpose: purpose)
  }
}

/// What a step says of itself: losses in nats, scores as mean probabilities of being real.
package struct StepReport: Hashable, Sendable {
  /// Whether both losses are numbers.
  package var isFinite: Bool { discriminatorLoss.isFinite && generatorLoss.isFinite }

  package var discriminatorLoss: Float = 0
  package var generatorLoss: Float = 0
  package var realScore: Float = 0
  package var fakeScore: Float = 0

  /// What its numbers are called, in order.
  static let names = ["discriminatorLoss", "generatorLoss", "realScore", "fakeScore"]

  /// A number by its place among the names.
  subscript(index: Int) -> Float {
    switch index {
    case 0: discriminatorLoss
    case 1: generatorLoss
    case 2: realScore
    default: fakeScore
    }
  }

  package init() {}
}
