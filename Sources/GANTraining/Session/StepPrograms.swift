import GANData
internal import GANGraph
internal import GANRuntime

/// The programs of a run's steps: few, over one state, which share their working memory.
///
/// Its identity is the state. It belongs to the thread of its device.
final class StepPrograms {
  let game: Game
  /// The plan of each step.
  let plan: StepPlan
  let device: any Device
  let state: any StateStore
  /// The division of batches among ranks, and into parts of sums.
  let division: BatchDivision
  private let statisticsParts: Int
  /// Multiply-adds one full step needs when nothing useless is computed; where penalties are not
  /// always due, the mean over steps.
  let multiplyAddsPerStep: Int
  /// The programs prepared so far.
  private(set) var prepared: [StepProgram] = []
  /// Their bytes stay where programs expect them.
  private let datasets: [any TrainingData]
  /// The classes of their items, where a network looks at them.
  private let labels: [DataStorage?]
  private let sets: [String: StepGraph.ResidentSet]
  private let explain: ((String) -> Void)?

  /// Makes the state, all zeros, and prepares the program of a full step, and of the steps that are
  /// measured the one with the most work.
  ///
  /// - Parameters:
  ///   - chunks: Parts of a sum over a batch, that ranks share; 1 has each rank add up its items in
  ///     one go.
  ///   - normalisesParts: True if batch normalisation takes the statistics of each such part, or of
  ///     each rank's share.
  ///   - reports: The steps that measure gradients and logits; nil if none does.
  ///   - explain: Receives the graph after each pass, the schedule and the arena, as text.
  /// - Throws: `GraphError` if the networks do not fit, `RuntimeError` if this machine cannot run
  ///   them, or the data have no classes for networks that look at them.
  init(
    of game: Game, _ plan: StepPlan, on datasets: [any TrainingData], device: any Device,
    chunks: Int = 1, normalisesParts: Bool = false, measuring reports: ReportPlan? = nil,
    explain: ((String) -> Void)? = nil
  ) throws {
    precondition(
      datasets.count == game.data.count,
      "the game has \(game.data.map(\.name)), got \(datasets.map(\.name))")
    let sources = zip(game.data, datasets)
    let sets = Dictionary(
      uniqueKeysWithValues: sources.map { source, dataset in
        let (count, type) = (dataset.count, dataset.elementType)
        return (source.name, StepGraph.ResidentSet(itemCount: count, elementType: type))
      })
    division = BatchDivision(
      rank: device.ranks?.rank ?? 0, of: device.ranks?.rankCount ?? 1, chunks: chunks)
    let statisticsParts = normalisesParts ? division.partCount : 1
    func written(_ detail: StepGraph.Detail, ofStep step: Int) throws -> WrittenStep {
      try Self.write(
        detail, plan.updates(ofStep: step), of: game, on: sets, statisticsParts: statisticsParts)
    }
    let full = try written(.plain, ofStep: 0)
    // Allocated before the cost is counted: if the state does not fit, the count may overflow.
    state = try device.makeState(full.graph.stateTypes)
    multiplyAddsPerStep = try full.meanMultiplyAdds()
    (self.game, self.plan, self.datasets, self.device) = (game, plan, datasets, device)
    (self.sets, self.statisticsParts) = (sets, statisticsParts)
    self.explain = explain
    labels = sources.map { source, dataset in
      source.isLabelled ? dataset.labels.map(DataStorage.init) : nil
    }
    // What needs the most memory goes first, and lends it to the others.
    var first = [full]
    if let step = reports.flatMap(plan.measuredStepWithMostWork) {
      let needsLess = plan.work(ofStep: step) < plan.work(ofStep: 0)
      first.insert(try written(.measured, ofStep: step), at: needsLess ? 1 : 0)
    }
    for step in first { try prepare(step) }
  }

  /// The cost of a step, as far as programs are prepared.
  var cost: StepCost {
    StepCost(
      multiplyAdds: multiplyAddsPerStep, stateBytes: state.byteCount, arenaBytes: arenaBytes)
  }

  /// Bytes of working memory of the programs prepared so far.
  var arenaBytes: Int { prepared.reduce(0) { $0 + $1.executable.arenaBytes } }

  /// The program of a step of the run, from 0: one of few, prepared when it is first needed.
  ///
  /// Only the last step of an epoch may have other batches, and only the penalties that
  /// are due tell the others apart. Allocates nothing where it is prepared.
  func program(_ detail: StepGraph.Detail, ofStep step: Int) throws -> StepProgram {
    if let known = prepared.first(where: { $0.detail == detail && isOf($0, step) }) { return known }
    return try prepare(
      Self.write(
        detail, plan.updates(ofStep: step), of: game, on: sets, statisticsParts: statisticsParts))
  }

  private func isOf(_ program: StepProgram, _ step: Int) -> Bool {
    let count = plan.updateCount(ofStep: step)
    guard program.updates.count == count else { return false }
    for index in 0..<count
    where program.updates[index] != plan.update(index, ofStep: step) { return false }
    return true
  }

  private static func write(
    _ detail: StepGraph.Detail, _ updates: [StepGraph.Update], of game: Game,
    on sets: [String: StepGraph.ResidentSet], statisticsParts: Int
  ) throws -> WrittenStep {
    var step = StepGraph(game: game, updates: updates, sets: sets, detail: detail)
    step.statisticsParts = statisticsParts
    step.writesHyperparameters = true
    return try step.written()
  }

  @discardableResult
  private func prepare(_ written: WrittenStep) throws -> StepProgram {
    let graph = try written.graph(dividedBy: division)
      .optimized(for: device.profile, explain: explain)
    var data: [String: UnsafeRawBufferPointer] = [:]
    for ((source, dataset), labels) in zip(zip(game.data, datasets), labels) {
      data[StepGraph.residentItems(of: source.name)] = dataset.storage.bytes
      data[StepGraph.residentLabels(of: source.name)] = labels?.bytes
    }
    let largest = prepared.max { $0.executable.arenaBytes < $1.executable.arenaBytes }
    let executable = try device.prepare(
      graph, state: state, data: data, inMemoryOf: largest?.executable, explain: explain)
    let program = try StepProgram(executable, of: written, as: graph, dividedBy: division)
    prepared.append(program)
    return program
  }
}

extension StepPlan {
  /// A rough order of steps by the memory they need: the terms that are due, then items.
  fileprivate func work(ofStep step: Int) -> (termCount: Int, itemCount: Int) {
    updates(ofStep: step).reduce((0, 0)) { sum, update in
      (sum.0 + update.terms.rawValue.nonzeroBitCount, sum.1 + update.batchSize)
    }
  }

  /// Of the measured steps the one, from 0, with the most work; periods of terms are short, so the
  /// first ones are looked at.
  fileprivate func measuredStepWithMostWork(_ reports: ReportPlan) -> Int? {
    reports.inFirstRound.prefix(1_000).map { $0 - 1 }.max { work(ofStep: $0) < work(ofStep: $1) }
  }
}
