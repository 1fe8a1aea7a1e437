import GANData
import GANGraph
import GANLearning
import GANNetworks
import GANTensor
import GANTestSupport
import GANTraining
import Testing

@Suite("Steps that measure gradients learn the same bits in little more memory", .serialized)
struct MeasuredStepTests {
  private static func game(hidden: [Int], _ penalties: [Penalty] = []) -> Game {
    .adversarialPair(
      generator: .generatorMLP(latentSize: 16, hidden: hidden, pixelCount: 30),
      discriminator: .discriminatorMLP(pixelCount: 30, hidden: hidden),
      objective: .nonSaturating,
      penalties: penalties.map { PenaltyTerm($0, weight: 1, interval: 2) })
  }

  private static func session(
    _ game: Game, batchesPerStep: Int, threadCount: Int, reportInterval: Int?
  ) throws -> TrainingSession {
    var random = SplitMix(seed: 7)
    let pixels = (0..<150 * 30).map { _ in UInt8.random(in: 0...255, using: &random) }
    let setup = TrainingSession.Setup(
      game: game, batchSize: 20, batchesPerStep: batchesPerStep, seed: 3,
      threadCount: threadCount)
    return try TrainingSession(
      setup, dataset: ImageDataset(name: "noise", imageShape: [1, 5, 6], pixels: pixels),
      measuring: reportInterval.map {
        ReportPlan(interval: $0, stepsPerEpoch: 8 / batchesPerStep, totalSteps: 100)
      })
  }

  // A measured step's gradients are read twice, so that no step of Adam can use them up.
  @Test("A run that measures some steps has the bits of one that measures none", arguments: [1, 2])
  func bits(threadCount: Int) throws {
    for (penalties, batchesPerStep) in [([], 1), ([.wganGP], 1), ([.r1], 2)]
      as [([Penalty], Int)]
    {
      func session(_ reportInterval: Int?) throws -> TrainingSession {
        try Self.session(
          Self.game(hidden: [48, 32], penalties), batchesPerStep: batchesPerStep,
          threadCount: threadCount, reportInterval: reportInterval)
      }
      let (plain, measured) = (try session(nil), try session(2))
      for _ in 0..<11 {
        try plain.runStep()
        try measured.runStep()
        #expect(plain.report == measured.report)
      }
      for (one, other) in zip(try plain.checkpoint(), try measured.checkpoint()) {
        #expect(one.name == other.name && one.tensor == other.tensor, "\(one.name)")
      }
    }
  }

  @Test("No gradient is kept for its norm: memory grows by the largest at most")
  func memory() throws {
    let game = Self.game(hidden: [256, 256, 256])
    for fusion in [ProductFusion.activations, .optimiser] {
      var profile = PlanningProfile.processor
      profile.productFusion = fusion
      func arenaBytes(_ detail: StepGraph.Detail) throws -> Int {
        let step = StepGraph(game: game, batchSizes: [4], itemCount: 100, detail: detail)
        return planArena(Schedule(try step.build().optimized(), profile).buffers).byteCount
      }
      let parameters = game.players.flatMap(\.network.parameters)
      let largest = parameters.map { 4 * $0.shape.elementCount }.max() ?? 0
      // Two numbers of each parameter, in places of 64 bytes.
      let numbers = 128 * parameters.count
      #expect(try arenaBytes(.measured) - arenaBytes(.plain) <= largest + numbers)
    }
  }

  @Test(
    "The working memory that a session has before its first step is all it takes",
    arguments: [2, 3, 5, 30])
  func foreseen(reportInterval: Int) throws {
    for penalties in [[], [.r1], [.wganGP]] as [[Penalty]] {
      let session = try Self.session(
        Self.game(hidden: [48, 32], penalties), batchesPerStep: 1, threadCount: 1,
        reportInterval: reportInterval)
      let foreseen = session.arenaBytes
      for _ in 0..<25 { try session.runStep() }
      #expect(session.arenaBytes == foreseen, "\(penalties)")
    }
  }
}
