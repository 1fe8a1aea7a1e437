import GANData
import GANGraph
import GANLearning
import GANNetworks
import GANRuntime
import GANTensor
import GANTestSupport
import GANTraining
import Testing

@Suite("Ranks train as one process does", .serialized)
struct RankTests {
  typealias Game = DeviceAgreementTests.Game
  typealias Tensors = [(name: String, tensor: HostTensor)]

  /// The games of all devices, and what looks across a batch in other ways.
  static let games =
    Game.all + [
      Game("WGAN-GP, two discriminator updates") { options in
        (options.objective, options.penalties) = (.wasserstein, [.wganGP])
        options.discriminatorSteps = 2
      },
      Game("DRAGAN, whose noise is as wide as the batch") { $0.penalties = [.dragan] },
      Game("relativistic, R1 and R2") {
        ($0.objective, $0.penalties) = (.relativistic, [.r1, .r2])
      },
      Game("LeCam, whose averages are of all ranks") { $0.penalties = [.leCam] },
      Game("batch normalisation of both players, under a penalty") { options in
        options.architecture = .dcgan
        (options.generator.hidden, options.discriminator.hidden) = ([16, 8], [8, 16])
        options.generator.normalization = .batch
        options.discriminator.normalization = .batch
        options.penalties = [.r1]
      },
      Game("deviations of groups that ranks share") { options in
        options.architecture = .dcgan
        (options.generator.hidden, options.discriminator.hidden) = ([8, 4], [4, 8])
        options.minibatchDeviation = 4
      },
    ]

  /// Approximations, which divide a difference of logits by 0.01: in single precision its roundings
  /// become as large as a hundred times theirs.
  static let approximations = [
    Game("approximations of R1 and R2") { $0.penalties = [.approximateR1, .approximateR2] }
  ]

  /// What a rank has seen.
  struct Result: Sendable {
    /// The values of the first step.
    let trace: Tensors
    /// The state at the end.
    let state: Tensors
  }

  /// Trains ranks, or one process where there is one, and gives what each has seen.
  static func train(
    _ options: TrainingOptions, on dataset: ImageDataset, ranks count: Int, steps: Int,
    device: DeviceKind, from start: Tensors? = nil
  ) throws -> [Result] {
    var options = options
    // As many packs as four ranks need.
    if options.packing > 1 { options.batchSize = 10 }
    try options.validate(rankCount: count)
    let setup = options.setup
    return try ThreadRanks.run(count) { ranks in
      let device = try device.makeDevice(threadCount: 1, ranks: count == 1 ? nil : ranks)
      let session = try TrainingSession(setup, dataset: dataset, on: device)
      if let start {
        try session.restore(Dictionary(start.map { ($0, $1) }, uniquingKeysWith: { $1 }))
      }
      let trace = try session.runTracedStep()
      for _ in 1..<steps { try session.runStep() }
      return Result(trace: trace, state: try session.checkpoint())
    }
  }

  /// The names of what is not the same in two lists, to the bit.
  static func differences(_ a: Tensors, _ b: Tensors) -> [String] {
    guard a.map(\.name) == b.map(\.name) else { return ["names"] }
    return zip(a, b).filter { $0.tensor != $1.tensor }.map(\.0.name)
  }

  /// The tensors that are further from their counterparts than a share of their own norm.
  static func outliers(_ a: Tensors, _ b: Tensors, beyond limit: Double) -> [String] {
    guard a.map(\.name) == b.map(\.name) else { return ["names"] }
    return zip(a, b).compactMap { got, expected in
      let error = DeviceAgreementTests.error(got.tensor, expected.tensor)
      return error <= limit ? nil : "\(got.name) by \(error)"
    }
  }

  // States are rounded to single precision after each step; sums of doubles in another order differ in
  // their last bit, which moves such a rounding once in a hundred million times.
  @Test(
    "In double precision they see the same latents, labels and batches and learn the same in 20 steps",
    arguments: games + approximations, [2, 3, 4])
  func doublePrecision(game: Game, count: Int) throws {
    let options = game.options
    let alone = try Self.train(
      options, on: game.dataset, ranks: 1, steps: 20, device: .reference)[0]
    let ranks = try Self.train(
      options, on: game.dataset, ranks: count, steps: 20, device: .reference)
    for (rank, result) in ranks.enumerated() {
      #expect(
        Self.outliers(result.trace, alone.trace, beyond: 1e-10).isEmpty, "rank \(rank)")
      #expect(
        Self.outliers(result.state, alone.state, beyond: 1e-10).isEmpty, "rank \(rank)")
    }
  }

  // Sums of some hundred terms in another order; Adam divides a gradient by its own size.
  @Test(
    "In single precision gradients of the first step agree to 1e-5, states after 20 to 1e-3",
    arguments: games, [2, 3, 4])
  func singlePrecision(game: Game, count: Int) throws {
    let options = game.options
    let alone = try Self.train(options, on: game.dataset, ranks: 1, steps: 20, device: .cpu)[0]
    let ranks = try Self.train(options, on: game.dataset, ranks: count, steps: 20, device: .cpu)
    #expect(Self.outliers(ranks[0].trace, alone.trace, beyond: 1e-5).isEmpty)
    #expect(Self.outliers(ranks[0].state, alone.state, beyond: 1e-3).isEmpty)
    for other in ranks.dropFirst() {
      #expect(Self.differences(other.trace, ranks[0].trace).isEmpty, "ranks differ")
      #expect(Self.differences(other.state, ranks[0].state).isEmpty, "ranks differ")
    }
    let again = try Self.train(options, on: game.dataset, ranks: count, steps: 20, device: .cpu)
    #expect(Self.differences(again[0].state, ranks[0].state).isEmpty, "a second run differs")
  }

  @Test(
    "With sums in four parts one, two and four ranks learn the same bits, and go on from each other",
    arguments: games + approximations, [DeviceKind.cpu, .reference])
  func chunks(game: Game, device: DeviceKind) throws {
    var options = game.options
    options.reduction.chunks = 4
    let alone = try Self.train(options, on: game.dataset, ranks: 1, steps: 9, device: device)[0]
    for count in [2, 4] {
      let ranks = try Self.train(
        options, on: game.dataset, ranks: count, steps: 9, device: device)
      for result in ranks {
        #expect(Self.differences(result.trace, alone.trace).isEmpty, "\(count) ranks")
        #expect(Self.differences(result.state, alone.state).isEmpty, "\(count) ranks")
      }
    }
    var state: Tensors?
    for count in [4, 1, 2] {
      state = try Self.train(
        options, on: game.dataset, ranks: count, steps: 3, device: device, from: state)[0].state
    }
    #expect(Self.differences(try #require(state), alone.state).isEmpty, "resumed")
  }

  @Test("Two players without statistics of batches take two exchanges a step, one for each update")
  func exchanges() throws {
    let game = Game.all[0]
    let step = StepGraph(
      game: game.options.setup.game, batchSizes: [8], itemCount: 31)
    let graph = try step.written().graph(dividedBy: BatchDivision(rank: 1, of: 2))
      .optimized(for: CPUDevice.fastestProfile)
    let exchanges = graph.nodes.filter { $0.op == .allReduce(parts: 1) }
    #expect(exchanges.count == 2)
    // Gradients, loss, scores and, with the first, the signal.
    let sizes = exchanges.map(\.type.shape.elementCount)
    let parameters = [Role.discriminator, .generator].map { role in
      game.options.network(of: role).parameters.reduce(0) { $0 + $1.shape.elementCount }
    }
    for (size, count) in zip(sizes, parameters) { #expect((count + 2...count + 4).contains(size)) }
  }

  /// Batch normalisation of both players, each part of a batch by itself.
  private static func byParts(chunks: Int = 1) throws -> (Game, TrainingOptions) {
    let game = try #require(
      games.first { $0.testDescription.hasPrefix("batch normalisation of both") })
    var options = game.options
    (options.batchStatistics, options.reduction.chunks) = (.rank, chunks)
    return (game, options)
  }

  // As doublePrecision.
  @Test(
    "Ranks with statistics of their own learn what one process does that normalises as many parts",
    arguments: [2, 4])
  func ownStatistics(count: Int) throws {
    let (game, options) = try Self.byParts()
    let (_, divided) = try Self.byParts(chunks: count)
    let alone = try Self.train(
      divided, on: game.dataset, ranks: 1, steps: 20, device: .reference)[0]
    for result in try Self.train(
      options, on: game.dataset, ranks: count, steps: 20, device: .reference)
    {
      #expect(Self.outliers(result.trace, alone.trace, beyond: 1e-10).isEmpty)
      #expect(Self.outliers(result.state, alone.state, beyond: 1e-10).isEmpty)
    }
    let whole = try Self.train(
      game.options, on: game.dataset, ranks: 1, steps: 20, device: .reference)[0]
    #expect(!Self.outliers(alone.state, whole.state, beyond: 1e-3).isEmpty)
  }

  @Test("Chunks with statistics of their own give every number of ranks the same bits")
  func chunksWithOwnStatistics() throws {
    let (game, options) = try Self.byParts(chunks: 4)
    let states = try [1, 2, 4].map {
      try Self.train(options, on: game.dataset, ranks: $0, steps: 9, device: .cpu)[0].state
    }
    for state in states.dropFirst() { #expect(Self.differences(state, states[0]).isEmpty) }
  }

  @Test("Statistics of the whole batch take an exchange each, a rank's own none")
  func exchangesOfStatistics() throws {
    let (game, _) = try Self.byParts()
    let counts = try [1, 2].map { parts in
      var step = StepGraph(game: game.options.setup.game, batchSizes: [8], itemCount: 31)
      step.statisticsParts = parts
      return try step.written().graph(dividedBy: BatchDivision(rank: 1, of: 2))
        .optimized(for: CPUDevice.fastestProfile)
        .nodes.filter { $0.op == .allReduce(parts: 1) }.count
    }
    #expect(counts[0] > 10 && counts[1] == 2, "\(counts)")
  }

  @Test("A rank that asks for an end has all end after the same step, and tells them its signal")
  func stopping() throws {
    let game = Game.all[0]
    let options = game.options
    let results = try ThreadRanks.run(3) { ranks in
      let session = try TrainingSession(
        options.setup, dataset: game.dataset, on: ReferenceDevice(ranks: ranks))
      let request = StopRequest()
      while !session.isToStop(request) {
        try session.runStep()
        if session.step == 2 + ranks.rank, ranks.rank == 1 { request.stop(signal: 15) }
      }
      return (step: session.step, signal: request.signal)
    }
    #expect(Set(results.map(\.step)) == [4])
    #expect(results.allSatisfy { $0.signal == 15 })
  }

  /// Changes the first weights of a session's generator.
  private static func change(_ session: TrainingSession, _ value: (Float) -> Float) throws {
    var state = Dictionary(try session.checkpoint().map { ($0, $1) }, uniquingKeysWith: { $1 })
    let weight = try #require(state["generator.0.weight"])
    state["generator.0.weight"] = HostTensor(shape: weight.shape, weight.floats.map(value))
    try session.restore(state)
  }

  @Test("A state that drifted apart is noticed with the next report, and the rank is named")
  func drift() throws {
    let game = Game.all[0]
    let options = game.options
    let errors = try ThreadRanks.run(3) { ranks in
      let session = try TrainingSession(
        options.setup, dataset: game.dataset, on: ReferenceDevice(ranks: ranks),
        measuring: ReportPlan(interval: 2, stepsPerEpoch: 4, totalSteps: 8))
      try session.runStep()
      if ranks.rank == 2 {
        try Self.change(session) { $0.nextUp }
      }
      let error = #expect(throws: RankError.self) { try session.runStep() }
      return error
    }
    #expect(errors.allSatisfy { $0 == RankError.differ(ranks: [2], step: 2) })
  }

  @Test("A NaN that one rank alone has is every rank's in the same step")
  func notANumber() throws {
    let game = Game.all[0]
    let options = game.options
    let areFinite = try ThreadRanks.run(3) { ranks in
      let session = try TrainingSession(
        options.setup, dataset: game.dataset, on: ReferenceDevice(ranks: ranks))
      try session.runStep()
      if ranks.rank == 1 {
        try Self.change(session) { _ in .nan }
      }
      let wasFinite = session.report.isFinite
      try session.runStep()
      return [wasFinite, session.report.isFinite]
    }
    #expect(areFinite == Array(repeating: [true, false], count: 3))
  }

  @Test("Numbers of ranks and chunks that cannot share a batch are refused")
  func refusals() throws {
    var options = Game.all[0].options
    #expect(throws: OptionsError.self) { try options.validate(rankCount: 8) }
    options.reduction.chunks = 4
    try options.validate()
    #expect(throws: OptionsError.self) { try options.validate(rankCount: 3) }
    options.reduction.chunks = 3
    #expect(throws: OptionsError.self) { try options.validate() }
    options.reduction.chunks = 8
    #expect(throws: OptionsError.self) { try options.validate() }
    // Eight items are not three equal parts, and one item has no variance.
    (_, options) = try Self.byParts()
    try options.validate(rankCount: 2)
    #expect(throws: OptionsError.self) { try options.validate(rankCount: 3) }
    options.batchStatistics = .global
    try options.validate(rankCount: 3)
  }

  @Test("The variables of launchers say which rank a process is")
  func launchers() {
    let openMPI = [
      "OMPI_COMM_WORLD_RANK": "3", "OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_LOCAL_RANK": "1",
      "OMPI_COMM_WORLD_LOCAL_SIZE": "2",
    ]
    let launch = RankLaunch(environment: openMPI)
    #expect([launch?.rank, launch?.rankCount] == [3, 4])
    #expect([launch?.localRank, launch?.localCount] == [1, 2])
    #expect(RankLaunch(environment: ["PMI_RANK": "0", "PMI_SIZE": "2"])?.rankCount == 2)
    // A script of Slurm's, and a step of it.
    let script = ["SLURM_PROCID": "0", "SLURM_NTASKS": "8"]
    #expect(RankLaunch(environment: script) == nil)
    let step = script.merging(["SLURM_STEP_NUM_TASKS": "8"]) { $1 }
    #expect(RankLaunch(environment: step)?.rankCount == 8)
    #expect(RankLaunch(environment: [:]) == nil)
    // Two ranks on eight free processors, and one that is bound to a single one.
    #expect(launch?.threadCount(usable: 8, of: 8) == 4)
    #expect(launch?.threadCount(usable: 1, of: 8) == 1)
  }
}
