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
  /// The setup of a session.
  package struct Setup: Sendable {
    package var game: Game
    package var batchSize: Int
    /// Batches in a step, for each of which every update of cadence `batch` is made.
    package var batchesPerStep: Int
    package var seed: UInt64
    package var threadCount: Int
    /// The device to compute on.
    package var device = DeviceKind.fastest

    package init(
      game: Game, batchSize: Int, batchesPerStep: Int, seed: UInt64, threadCount: Int
    ) {
      self.game = game
      self.batchSize = batchSize
      self.batchesPerStep = batchesPerStep
      self.seed = seed
      self.threadCount = threadCount
    }

    /// The plan of each step, for this number of items in the data.
    func plan(itemCount: Int) -> StepPlan {
      StepPlan(
        epoch: EpochPlan(
          itemCount: itemCount, batchSize: batchSize, packing: game.packing,
          batchesPerStep: batchesPerStep),
        periodicTerms: game.periodicTerms)
    }
  }

  /// Steps finished.
  package private(set) var step = 0
  package let setup: Setup
  /// Steps in an epoch: the last takes the rest.
  package let stepsPerEpoch: Int
  /// Multiply-adds one full step needs when nothing useless is computed; where penalties are not
  /// always due, the mean over steps.
  package let multiplyAddsPerStep: Int
  /// The device that computes.
  package let device: any Device
  /// Their bytes stay where programs expect them for as long as the session lives.
  private let datasets: [any TrainingData]
  /// The classes of their items, where a network looks at them.
  private let labels: [DataStorage?]
  private let sets: [String: StepGraph.ResidentSet]
  private let state: any StateStore
  private let explain: ((String) -> Void)?
  /// The plan of each step.
  package let plan: StepPlan
  /// Hyperparameters that were set while the run goes on, by name.
  private var changed: [String: Double] = [:]
  private var programs: [StepProgram] = []
  private var last: StepProgram?
  private var orders: [DataOrder]
  private var previewSampler: ItemSampler?
  private var samplers: [Role: ItemSampler] = [:]

  /// Draws the initial state and prepares the program of a full step.
  ///
  /// - Parameters:
  ///   - setup: The game and the way to play it.
  ///   - dataset: Real items, of the game's item shape.
  ///   - device: The device, of the calling thread; nil makes the one that `setup` names.
  ///   - measuresStep: True for the steps, from 1, that measure gradients and logits; nil if none does.
  ///   - explain: Receives the graph after each pass, the schedule and the arena, as text.
  /// - Throws: `GraphError` if the networks do not fit, `RuntimeError` if this machine cannot run
  ///   them, or the data have no classes for networks that look at them.
  package convenience init(
    _ setup: Setup, dataset: any TrainingData, on device: (any Device)? = nil,
    measuring measuresStep: ((_ step: Int) -> Bool)? = nil,
    explain: ((String) -> Void)? = nil
  ) throws {
    try self.init(
      setup, datasets: [dataset], on: device, measuring: measuresStep, explain: explain)
  }

  /// The same session for a game of several data sets, in the game's order.
  package init(
    _ setup: Setup, datasets: [any TrainingData], on device: (any Device)? = nil,
    measuring measuresStep: ((_ step: Int) -> Bool)? = nil,
    explain: ((String) -> Void)? = nil
  ) throws {
    let game = setup.game
    precondition(
      datasets.count == game.data.count,
      "the game has \(game.data.map(\.name)), got \(datasets.map(\.name))")
    self.setup = setup
    self.datasets = datasets
    self.explain = explain
    self.device = try device ?? setup.device.makeDevice(threadCount: setup.threadCount)
    plan = setup.plan(itemCount: datasets[0].count)
    stepsPerEpoch = plan.epoch.stepCount
    labels = zip(game.data, datasets).map { source, dataset in
      source.isLabelled ? dataset.labels.map(DataStorage.init) : nil
    }
    orders = datasets.enumerated().map { set, dataset in
      DataOrder(
        set: set, itemCount: dataset.count, batchSize: setup.batchSize, seed: setup.seed)
    }
    sets = Dictionary(
      uniqueKeysWithValues: zip(game.data, datasets).map { source, dataset in
        (
          source.name,
          StepGraph.ResidentSet(itemCount: dataset.count, elementType: dataset.elementType)
        )
      })
    let fullStep = StepGraph(game: game, updates: plan.updates(ofStep: 0), sets: sets)
    // Allocated before the cost is counted: if the state does not fit, the count may overflow.
    state = try self.device.makeState(fullStep.build().stateTypes)
    multiplyAddsPerStep = try fullStep.meanMultiplyAdds()
    try drawInitialState()
    if let measuresStep {
      self.measuresStep = measuresStep
      // It needs the most memory, which the others share.
      _ = try program(.measured)
    }
    _ = try program(.plain)
  }

  // MARK: Progress

  /// The cost of a step, as far as programs are prepared.
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
  /// - Throws: The errors of preparing a program for a new batch size.
  package func runStep() throws { _ = try run(measuresStep(step + 1) ? .measured : .plain) }

  /// The steps, from 1, that also report gradient norms and the spread of logits; the same bits are
  /// learnt.
  package var measuresStep: (_ step: Int) -> Bool = { _ in false }

  /// Trains for one step and returns its values for a replay, by name relative to `step.<k>.`.
  package func runTracedStep() throws -> [(name: String, tensor: HostTensor)] {
    let program = try run(.traced)
    return try program.outputNames.map { ($0, try program.executable.tensor($0)) }
  }

  /// The last step's readings, in the game's order; empty before the first.
  package var readings: [(name: String, value: Float)] {
    Array(zip(readingNames, readingValues))
  }

  /// The names of the last step's readings, in the game's order.
  var readingNames: [String] { last?.readingNames ?? [] }

  /// The values of those names.
  var readingValues: [Float] { last?.values ?? [] }

  /// Losses and scores of the last step, of its last discriminator update and its generator update.
  package var report: StepReport { StepReport(readingNames, readingValues) }

  /// Takes the time of every kernel of the programs prepared so far, from now on.
  func beginProfile() { for program in programs { program.executable.beginProfile() } }

  /// The profile of each kernel of those programs, program after program.
  var profile: [KernelProfile] { programs.flatMap(\.executable.profile) }

  private func run(_ detail: StepGraph.Detail) throws -> StepProgram {
    let program = try program(detail)
    let (epoch, stepInEpoch) = step.quotientAndRemainder(dividingBy: stepsPerEpoch)
    let order = orders[0].order(ofEpoch: epoch)
    for (index, batch) in plan.epoch.batches(ofStep: stepInEpoch).enumerated() {
      program.setIndices(order.batch(batch), ofBatch: index)
    }
    // Sets beside the first go on where the last step left them, whatever an epoch of it is.
    var position = orders.count > 1 ? plan.epoch.itemCount(beforeStep: step) : 0
    for index in program.updates.indices where orders.count > 1 {
      for set in 1..<orders.count {
        orders[set].write(from: position, to: &program.rows[index])
        program.setIndices(program.rows[index][...], ofBatch: index, ofSet: set)
      }
      position += program.updates[index].batchSize
    }
    let images = plan.epoch.itemCount(beforeStep: step)
    program.setHyperparameters { changed[$0.name] ?? $0.schedule.value(afterImages: images) }
    program.run()
    last = program
    step += 1
    return program
  }

  // MARK: Hyperparameters

  /// The hyperparameters that may change while the run goes on, with their values in the next step.
  package var hyperparameters: [(name: String, value: Double)] {
    let images = plan.epoch.itemCount(beforeStep: step)
    var found: [(name: String, value: Double)] = []
    for input in programs.flatMap(\.hyperparameters) {
      guard !found.contains(where: { $0.name == input.name }) else { continue }
      found.append(
        (input.name, changed[input.name] ?? input.schedule.value(afterImages: images)))
    }
    return found
  }

  /// Gives a hyperparameter a value from the next step on, in place of its schedule's; `nil` has it
  /// follow the schedule again. No program is made for it, and no checkpoint records it.
  ///
  /// - Throws: `OptionsError.unknown` if no program so far has one by that name, `.unfit` if it
  ///   cannot have the value.
  package func setHyperparameter(_ name: String, to value: Double?) throws(OptionsError) {
    let known = programs.flatMap(\.hyperparameters)
    guard let input = known.first(where: { $0.name == name }) else {
      throw .unknown(
        key: name, nearest: nearestName(to: name, among: known.map(\.name)), origin: nil)
    }
    if let value, !input.range.contains(value) {
      throw .unfit(
        key: name, value: "\(value)",
        requirement: "from \(input.range.lowerBound) to below \(input.range.upperBound)",
        origin: nil)
    }
    changed[name] = value
  }

  // MARK: Programs

  /// The program of the step that comes: one of the run's few, made when it is first needed.
  ///
  /// Only the last step of an epoch may have fewer and smaller batches, and only the penalties that
  /// are due tell the others apart.
  private func program(_ detail: StepGraph.Detail) throws -> StepProgram {
    if let known = programs.first(where: { isNext($0) && $0.detail == detail }) { return known }
    let explain = self.explain ?? { _ in }
    var step = StepGraph(
      game: setup.game, updates: plan.updates(ofStep: step), sets: sets, detail: detail)
    step.writesHyperparameters = true
    let (written, readings, hyperparameters) = try step.write()
    let graph = try written.optimized(for: device.profile, explain: explain)
    var data: [String: UnsafeRawBufferPointer] = [:]
    for ((source, dataset), labels) in zip(zip(setup.game.data, datasets), labels) {
      data[StepGraph.residentItems(of: source.name)] = dataset.storage.bytes
      data[StepGraph.residentLabels(of: source.name)] = labels?.bytes
    }
    let program = try StepProgram(
      device.prepare(
        graph, state: state, data: data, inMemoryOf: largestProgram?.executable, explain: explain),
      step: step, outputNames: graph.outputs.map(\.name), readings: readings,
      inputNames: graph.inputNames, hyperparameters: hyperparameters)
    programs.append(program)
    return program
  }

  /// The program with the most working memory, which others share if it suffices.
  private var largestProgram: StepProgram? {
    programs.max { $0.executable.arenaBytes < $1.executable.arenaBytes }
  }

  /// True if a program computes the next step; allocates nothing.
  private func isNext(_ program: StepProgram) -> Bool {
    let count = plan.updateCount(ofStep: step)
    guard program.updates.count == count else { return false }
    for index in 0..<count
    where program.updates[index] != plan.update(index, ofStep: step) { return false }
    return true
  }

  /// Prepares another program over this session's state, such as a measurement.
  ///
  /// - Parameter graph: As built; reads the state after the last step, and updates nothing.
  /// - Throws: `RuntimeError` if it reads a state that the session does not have.
  package func prepare(measuring graph: Graph) throws -> any Executable {
    precondition(graph.updates.isEmpty, "a measurement changes nothing: \(graph.updates)")
    return try device.prepare(graph.optimized(for: device.profile), state: state)
  }

  // MARK: State

  private func drawInitialState() throws {
    let seed = Int64(bitPattern: setup.seed)
    try state.write(HostTensor(shape: .scalar, [seed]), to: StepGraph.StateName.seed)
    for (index, player) in setup.game.players.enumerated() {
      let streams = player.weights ?? WeightStreams(ofPlayer: index)
      let tensors = player.network.initialTensors(
        setup.game.initialization, seed: setup.seed, purpose: streams.purpose,
        firstStep: streams.firstStep, firstSpectralStep: streams.firstSpectralStep)
      for (name, tensor) in tensors {
        try state.write(tensor, to: "\(player.role).\(name)")
        guard setup.game.average?.role == player.role else { continue }
        try state.write(tensor, to: "\(NetworkAverage.prefix).\(name)")
      }
    }
  }

  /// A network's parameters now, in PyTorch's order, then its buffers, by PyTorch's names.
  package func tensors(of role: Role) throws -> [(name: String, tensor: HostTensor)] {
    try tensors(setup.game.network(of: role), prefix: role.rawValue)
  }

  /// The game's moving average, likewise; nil if there is none.
  package func averageTensors() throws -> [(name: String, tensor: HostTensor)]? {
    try setup.game.average.map {
      try tensors(setup.game.network(of: $0.role), prefix: NetworkAverage.prefix)
    }
  }

  private func tensors(
    _ description: NetworkDescription, prefix: String
  ) throws -> [(name: String, tensor: HostTensor)] {
    try description.tensorNames.map { ($0, try state.tensor("\(prefix).\($0)")) }
  }

  /// The data to resume from: parameters, moments and counters by name.
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
    let clock = setup.game.clock
    let updates = try state.tensor(StepGraph.StateName.updates(of: clock.role))
    step = Int(updates.int64s[0]) / clock.updatesPerStep
  }

  /// The first parameter or moment with a NaN or an infinity.
  package func firstNonFinite() throws -> String? {
    for (name, type) in state.types where type.elementType == .float32 {
      if try !state.tensor(name).floats.allSatisfy(\.isFinite) { return name }
    }
    return nil
  }

  // MARK: Previews

  /// The first items of the first batch of the first data set, `[count] + itemShape`: images in
  /// [-1, 1], points as they are.
  package func firstRealItems(count: Int) -> HostTensor { firstItems(ofSet: 0, count: count) }

  private func firstItems(ofSet set: Int, count: Int) -> HostTensor {
    let order = EpochOrder(
      count: datasets[set].count, batchSize: setup.batchSize, seed: setup.seed,
      epoch: UInt64(set) << 40)
    return datasets[set].items(order.batch(0).prefix(count))
  }

  /// The game's preview: items of the run's fixed latents or of the first items of its data,
  /// `[count] + itemShape`.
  package func previewItems(count: Int) throws -> HostTensor {
    try items(count: count, purpose: .previewLatents)
  }

  /// The present items of the preview's network, or of its moving average if there is one, from
  /// latents that follow from the seed, `[count] + itemShape`: each class as often, one after
  /// another. A network that maps data gets the first batch's first items.
  package func items(count: Int, purpose: RandomPurpose) throws -> HostTensor {
    guard case .output(let role, let source) = setup.game.preview else {
      preconditionFailure("a preview is what a network makes, not \(setup.game.preview)")
    }
    let sampler = try previewSampler ?? makeSampler(of: role, batchSize: count)
    previewSampler = sampler
    if case .data(let name) = source,
      let set = setup.game.data.firstIndex(where: { $0.name == name })
    {
      return try sampler.outputs(of: firstItems(ofSet: set, count: count))
    }
    return try sampler.items(
      count: count, of: source.noises,
      labels: source.noises.lazy.compactMap(\.classCount).first
        .map { .each($0) }, seed: setup.seed, purpose: purpose)
  }

  /// A network's present outputs for items, in inference mode.
  ///
  /// - Parameter items: `[N] + inputShape`, or as many elements an item.
  /// - Returns: `[N] + outputShape`; of images the data's shape.
  package func outputs(of role: Role, on items: HostTensor) throws -> HostTensor {
    let sampler = try samplers[role] ?? makeSampler(of: role, batchSize: 100)
    samplers[role] = sampler
    return try sampler.outputs(of: items)
  }

  private func makeSampler(of role: Role, batchSize: Int) throws -> ItemSampler {
    let network = setup.game.network(of: role)
    let output = try network.outputShape()
    let itemShape = datasets[0].itemShape
    return try ItemSampler(
      network, batchSize: batchSize,
      itemShape: itemShape.elementCount == output.elementCount ? itemShape : output, on: device,
      state: state, inMemoryOf: programs.first?.executable,
      prefix: setup.game.average?.role == role ? NetworkAverage.prefix : role.rawValue)
  }
}

/// The report of a step: losses in nats, scores as mean probabilities of being real.
package struct StepReport: Hashable, Sendable {
  /// True if both losses are finite.
  package var isFinite: Bool { discriminatorLoss.isFinite && generatorLoss.isFinite }

  package var discriminatorLoss: Float = 0
  package var generatorLoss: Float = 0
  package var realScore: Float = 0
  package var fakeScore: Float = 0

  package init() {}

  /// Takes those among a step's readings.
  init(_ names: [String], _ values: [Float]) {
    for (name, value) in zip(names, values) {
      switch name {
      case "discriminator.loss": discriminatorLoss = value
      case "generator.loss": generatorLoss = value
      case "discriminator.realScore": realScore = value
      case "discriminator.fakeScore": fakeScore = value
      default: break
      }
    }
  }
}
