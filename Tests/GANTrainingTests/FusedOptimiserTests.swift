import GANData
import GANLearning
import GANNetworks
import GANTensor
import GANTestSupport
import GANTraining
import Testing

@Suite("Fusing the optimiser into its gradient changes nothing", .serialized)
struct FusedOptimiserTests {
  private static func session(
    hidden: [Int], batchSize: Int, discriminatorSteps: Int, penalties: [Penalty] = [],
    threadCount: Int
  ) throws -> TrainingSession {
    var random = SplitMix(seed: 7)
    let pixels = (0..<150 * 30).map { _ in UInt8.random(in: 0...255, using: &random) }
    let dataset = ImageDataset(name: "noise", imageShape: [1, 5, 6], pixels: pixels)
    let game = Game(
      generator: .generatorMLP(latentSize: 17, hidden: hidden, pixelCount: 30),
      discriminator: .discriminatorMLP(pixelCount: 30, hidden: hidden),
      objective: .nonSaturating,
      penalties: penalties.map { PenaltyTerm($0, weight: 10, interval: 2) })
    return try TrainingSession(
      TrainingSession.Setup(
        game: game, batchSize: batchSize, discriminatorSteps: discriminatorSteps, seed: 3,
        threadCount: threadCount),
      dataset: dataset)
  }

  typealias Shape = (
    hidden: [Int], batchSize: Int, discriminatorSteps: Int, penalties: [Penalty]
  )

  // A traced step has every gradient as an output, so that no step of Adam can use it up.
  @Test(
    "A traced run and a plain one have the same bits, on one thread and on two",
    arguments: [
      (hidden: [32], batchSize: 20, discriminatorSteps: 1, penalties: []),
      (hidden: [37, 16], batchSize: 7, discriminatorSteps: 1, penalties: [.wganGP]),
      (hidden: [64, 48], batchSize: 40, discriminatorSteps: 2, penalties: [.r1, .r2]),
    ] as [Shape], [1, 2])
  func tracedBits(shape: Shape, threadCount: Int) throws {
    func session() throws -> TrainingSession {
      try Self.session(
        hidden: shape.hidden, batchSize: shape.batchSize,
        discriminatorSteps: shape.discriminatorSteps, penalties: shape.penalties,
        threadCount: threadCount)
    }
    let (plain, traced) = (try session(), try session())
    for _ in 0..<9 {
      try plain.runStep()
      _ = try traced.runTracedStep()
    }
    let (states, others) = (try plain.checkpoint(), try traced.checkpoint())
    #expect(states.map(\.name).sorted() == others.map(\.name).sorted())
    for (name, tensor) in states {
      #expect(others.first { $0.name == name }?.tensor == tensor, "\(name)")
    }
  }
}
