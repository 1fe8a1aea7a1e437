package import GANData
package import GANGraph
internal import GANLearning
package import GANRuntime
package import GANTensor

/// A game in progress: its state, and the programs that advance it.
///
/// Its identity is the state. It belongs to the thread that makes it, an engine thread. Everything
/// random and the order of the data follow from the seed and the counters in the state, so a session
/// restored from a checkpoint goes on to the same bits.
package final class TrainingSession {
  /// Steps finished.
  package internal(set) var step = 0
  package let setup: Setup
  /// The steps that also report gradient norms and the spread of logits; the same bits are learnt.
  private let reports: ReportPlan?
  let datasets: [any TrainingData]
  let programs: StepPrograms
  private var last: StepProgram?
  private var orders: [DataOrder]
  /// The number that this rank sends with each step.
  var ownSignal: Float = 0
  /// True if this rank tells the others with the next step that it has changes.
  var announcesChanges = false
  /// Hyperparameters that were set while the run goes on, by name.
  var changed: [String: Double] = [:]
  /// Changes that hold from a later step on, in their order.
  var planned: ArraySlice<HyperparameterChange> = []
  var previewSampler: ItemSampler?
  var samplers: [Role: ItemSampler] = [:]

  /// Draws the initial state and prepares the programs of a full step.
  ///
  /// - Parameters:
  ///   - setup: The game and the way to play it.
  ///   - dataset: Real items, of the game's item shape.
  ///   - device: The device, of the calling thread; nil makes the one that `setup` names.
  ///   - reports: The steps that measure gradients and logits; nil if none does.
  ///   - explain: Receives the graph after each pass, the schedule and the arena, as text.
  /// - Throws: `GraphError` if the networks do not fit, `RuntimeError` if this machine cannot run
  ///   them, or the data have no classes for networks that look at them.
  package convenience init(
    _ setup: Setup, dataset: any TrainingData, on device: (any Device)? = nil,
    measuring reports: ReportPlan? = nil, explain: ((String) -> Void)? = nil
  ) throws {
    try self.init(setup, datasets: [dataset], on: device, measuring: reports, explain: explain)
  }

  /// The same session for a game of several data sets, in the game's order.
  package init(
    _ setup: Setup, datasets: [any TrainingData], on device: (any Device)? = nil,
    measuring reports: ReportPlan? = nil, explain: ((String) -> Void)? = nil
  ) throws {
    self.setup = setup
    self.datasets = datasets
    self.reports = reports
    programs = try StepPrograms(
      of: setup.game, setup.plan(itemCount: datasets[0].count), on: datasets,
      device: device ?? setup.makeDevice(), chunks: setup.chunks,
      normalisesParts: setup.normalisesParts, measuring: reports, explain: explain)
    orders = datasets.enumerated().map { set, dataset in
      DataOrder(set: set, itemCount: dataset.count, seed: setup.seed)
    }
    try drawInitialState()
  }

  // MARK: Progress

  /// The device that computes.
  package var device: any Device { programs.device }

  /// The plan of each step.
  package var plan: StepPlan { programs.plan }

  /// Steps in an epoch: the last takes the rest.
  package var stepsPerEpoch: Int { plan.epoch.stepCount }

  /// Multiply-adds one full step needs when nothing useless is computed; where penalties are not
  /// always due, the mean over steps.
  package var multiplyAddsPerStep: Int { programs.multiplyAddsPerStep }

  /// Bytes of parameters, moments and counters.
  package var stateBytes: Int { programs.state.byteCount }

  /// Bytes of working memory of the programs prepared so far, which share it.
  package var arenaBytes: Int { programs.arenaBytes }

  /// Trains for one step on the next batches of the epoch.
  ///
  /// - Throws: The errors of preparing a program for a new batch size.
  package func runStep() throws {
    _ = try run(reports?.isDue(after: step + 1) == true ? .measured : .plain)
  }

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

  /// The sum of the numbers that all ranks sent with the last step.
  var signal: Float { last?.signal ?? 0 }

  /// Losses and scores of the last step, of its last discriminator update and its generator update.
  package var report: StepReport { StepReport(readingNames, readingValues) }

  /// Takes the time of every kernel of the programs prepared so far, from now on.
  func beginProfile() { for program in programs.prepared { program.executable.beginProfile() } }

  /// The profile of each kernel of those programs, program after program.
  var profile: [KernelProfile] { programs.prepared.flatMap(\.executable.profile) }

  private func run(_ detail: StepGraph.Detail) throws -> StepProgram {
    let program = try programs.program(detail, ofStep: step)
    let (epoch, stepInEpoch) = step.quotientAndRemainder(dividingBy: stepsPerEpoch)
    let order = orders[0].order(ofEpoch: epoch)
    for (index, batch) in plan.epoch.batches(ofStep: stepInEpoch).enumerated() {
      program.setIndices(order.indices[plan.epoch.items(ofBatch: batch)], ofBatch: index)
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
    program.ownSignal = ownSignal
    program.run()
    try device.ranks?.check()
    last = program
    step += 1
    if reports?.isDue(after: step) == true { try compareStates() }
    makePlannedChanges()
    return program
  }

  /// Prepares another program over this session's state, such as a measurement.
  ///
  /// - Parameter graph: As built; reads the state after the last step, and updates nothing.
  /// - Throws: `RuntimeError` if it reads a state that the session does not have.
  package func prepare(measuring graph: Graph) throws -> any Executable {
    precondition(graph.updates.isEmpty, "a measurement changes nothing: \(graph.updates)")
    return try device.prepare(graph.optimized(for: device.profile), state: programs.state)
  }
}
