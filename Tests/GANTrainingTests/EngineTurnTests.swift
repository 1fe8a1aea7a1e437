import GANData
import GANNetworks
import GANTensor
import GANTestSupport
import Synchronization
import Testing

@testable import GANTraining

@Suite("An engine serves whoever waits between two steps")
struct EngineTurnTests {
  /// What was done on the engine, in order.
  private final class Log: Sendable {
    private let entries = Mutex<[String]>([])

    func append(_ entry: String) { entries.withLock { $0.append(entry) } }
    var all: [String] { entries.withLock { $0 } }
  }

  @Test("Long work advances by turns, and what comes meanwhile waits for one step of each")
  func turns() async throws {
    let (engine, log) = (try Engine(), Log())
    await engine.playTurns(log.append)
    let all = log.all
    // Three of ten steps each; one asks for more in its fourth.
    #expect(
      Array(all.prefix(12)) == [
        "a0", "b0", "c0", "a1", "b1", "c1", "a2", "b2", "c2", "a3", "b3", "c3",
      ])
    #expect(Array(all[12...15]) == ["sample", "a4", "b4", "c4"])
    #expect(all.count == 31)
  }

  @Test("Nobody waits: the caller goes on at once")
  func alone() async throws {
    let log = Log()
    try await Engine().playAlone(log.append)
    #expect(log.all == (0..<5).map { "a\($0)" })
  }

  @Test("Two trainings on one engine with different threads advance together, to the same bits")
  func trainings() async throws {
    let dataset = ImageDataset.strokes(count: 200)
    var options = TrainingOptions()
    options.adopt(dataset)
    (options.batchSize, options.epochs, options.reportInterval) = (20, 3, 1)
    (options.generator.hidden, options.discriminator.hidden) = ([24], [24])
    let base = options
    @Sendable func weights(_ engine: Engine, threads: Int) async throws -> [[UInt8]] {
      var own = base
      own.threads = threads
      let outcome = try await engine.training(TrainingRequest(own, on: dataset)).outcome()
      return try #require(outcome).generator.tensors.map { $0.tensor.bytes }
    }
    var alone: [[[UInt8]]] = []
    for threads in 1...3 { alone.append(try await weights(Engine(), threads: threads)) }
    let engine = try Engine()
    async let one = weights(engine, threads: 1)
    async let two = weights(engine, threads: 2)
    async let three = weights(engine, threads: 3)
    #expect(try await [one, two, three] == alone)
  }

  @Test("Work of a cancelled caller ends while the engine is busy")
  func cancellation() async throws {
    let dataset = ImageDataset.strokes(count: 40)
    var options = TrainingOptions()
    options.adopt(dataset)
    (options.batchSize, options.epochs, options.threads) = (20, 1, 1)
    (options.generator.hidden, options.discriminator.hidden) = ([4], [4])
    let engine = try Engine()
    let outcome = try await engine.training(TrainingRequest(options, on: dataset)).outcome()
    let trained = try #require(outcome).generator
    let (held, gate) = (Gate(), Gate())
    let blocker = Task.detached { await engine.hold(until: gate, saying: held) }
    while !held.isOpen { await Task.yield() }
    let sampling = Task.detached {
      try await engine.samples(of: trained, count: 4, seed: 0, threads: 1)
    }
    sampling.cancel()
    // The engine is held until this has ended.
    await #expect(throws: CancellationError.self) { try await sampling.value }
    gate.open()
    await blocker.value
  }
}

extension Engine {
  /// Three loops that let each other go first; the first of them asks for more.
  fileprivate func playTurns(_ log: @escaping @Sendable (String) -> Void) async {
    let loops = ["a", "b", "c"].map { name in
      Task(executorPreference: tasks) { await self.loop(name, log) }
    }
    for loop in loops { await loop.value }
  }

  private func loop(_ name: String, _ log: @escaping @Sendable (String) -> Void) async {
    for step in 0..<10 {
      log("\(name)\(step)")
      // Queued by the engine itself, so that its place does not depend on the machine's load.
      if name == "a", step == 3 { Task { self.sample(log) } }
      await passTurn()
    }
  }

  private func sample(_ log: @Sendable (String) -> Void) { log("sample") }

  fileprivate func playAlone(_ log: @Sendable (String) -> Void) async {
    for step in 0..<5 {
      log("a\(step)")
      await passTurn()
    }
  }

  /// Keeps the engine from everybody else for as long as told.
  fileprivate func hold(until gate: Gate, saying held: Gate) {
    held.open()
    while !gate.isOpen {}
  }
}

/// What keeps an engine from going on.
private final class Gate: Sendable {
  private let flag = Atomic(false)

  var isOpen: Bool { flag.load(ordering: .acquiring) }

  func open() { flag.store(true, ordering: .releasing) }
}
