import GANData
import GANGraph
import GANLearning
import GANNetworks
import GANTensor
import GANTestSupport
import GANTraining
import Testing

@Suite("Fusing the optimiser into its gradient changes nothing", .serialized)
struct FusedOptimiserTests {
  private static func session(
    hidden: [Int], batchSize: Int, batchesPerStep: Int, penalties: [Penalty] = [],
    threadCount: Int
  ) throws -> TrainingSession {
    var random = SplitMix(seed: 7)
    let pixels = (0..<150 * 30).map { _ in UInt8.random(in: 0...255, using: &random) }
    let dataset = ImageDataset(name: "noise", imageShape: [1, 5, 6], pixels: pixels)
    let game = Game.adversarialPair(
      generator: .generatorMLP(latentSize: 17, hidden: hidden, pixelCount: 30),
      discriminator: .discriminatorMLP(pixelCount: 30, hidden: hidden),
      objective: .nonSaturating,
      penalties: penalties.map { PenaltyTerm($0, weight: 10, interval: 2) })
    return try TrainingSession(
      TrainingSession.Setup(
        game: game, batchSize: batchSize, batchesPerStep: batchesPerStep, seed: 3,
        threadCount: threadCount),
      dataset: dataset)
  }

  typealias Shape = (
    hidden: [Int], batchSize: Int, batchesPerStep: Int, penalties: [Penalty]
  )

  // A traced step has every gradient as an output, so that no step of Adam can use it up.
  @Test(
    "A traced run and a plain one have the same bits, on one thread and on two",
    arguments: [
      (hidden: [32], batchSize: 20, batchesPerStep: 1, penalties: []),
      (hidden: [37, 16], batchSize: 7, batchesPerStep: 1, penalties: [.wganGP]),
      (hidden: [64, 48], batchSize: 40, batchesPerStep: 2, penalties: [.r1, .r2]),
    ] as [Shape], [1, 2])
  func tracedBits(shape: Shape, threadCount: Int) throws {
    func session() throws -> TrainingSession {
      try Self.session(
        hidden: shape.hidden, batchSize: shape.batchSize,
        batchesPerStep: shape.batchesPerStep, penalties: shape.penalties,
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

  @Test("A penalty's share of a weight's gradient is added in the product that steps the weight")
  func termsOfOneProduct() throws {
    // Where a penalty looks at the real images, they and the generated ones go through apart.
    var profile = PlanningProfile.processor
    profile.productFusion = .optimiser
    let cases: [([Penalty], Int)] = [([], 1), ([.wganGP], 2), ([.wganGP, .r1], 4)]
    for (penalties, terms) in cases {
      let game = Game.adversarialPair(
        generator: .generatorMLP(latentSize: 8, hidden: [32, 24], pixelCount: 30),
        discriminator: .discriminatorMLP(pixelCount: 30, hidden: [32, 24]), objective: .wasserstein,
        penalties: penalties.map { PenaltyTerm($0, weight: 10, interval: 1) })
      let graph = try StepGraph(game: game, batchSizes: [20], itemCount: 100).build().optimized()
      let steps = Schedule(graph, profile).kernels.compactMap { kernel -> (String, Int)? in
        guard case .product(let product) = kernel, case .adam(let step) = product.finish,
          case .state(let name, _) = graph[step.parameter].op
        else { return nil }
        return (name, product.operations.count)
      }
      let expected = [0, 2, 4].flatMap {
        [("discriminator.\($0).weight", terms), ("generator.\($0).weight", 1)]
      }
      #expect(Dictionary(uniqueKeysWithValues: steps) == Dictionary(uniqueKeysWithValues: expected))
    }
  }
}
