import GANGraph
import GANLearning
import GANNetworks
import GANRuntime
import GANTensor
import GANTestSupport
import GANTraining
import Testing

@Suite("A training step as a graph")
struct StepGraphTests {
  private static let tutorial = Game(
    generator: .generatorMLP(latentSize: 64, hidden: [256, 256], pixelCount: 784),
    discriminator: .discriminatorMLP(pixelCount: 784, hidden: [256, 256]),
    objective: .nonSaturating)

  @Test(
    // A gradient that went on through the discriminator's last update would nearly double them.
    "The tutorial's step holds exactly 284,467,200 multiply-adds once dead code is gone",
    arguments: Objective.allCases, [true, false])
  func multiplyAdds(objective: Objective, joinsBatches: Bool) throws {
    var game = Self.tutorial
    game.objective = objective
    let graph = try StepGraph(
      game: game, batchSizes: [100], imageCount: 60_000, joinsBatches: joinsBatches
    ).build()
    #expect(graph.withoutDeadCode().multiplyAddCount == 284_467_200)
    #expect(try graph.optimized().multiplyAddCount == 284_467_200)
  }

  @Test("Products grow with the batch and the discriminator's updates, and with nothing else")
  func multiplyAddsScale() throws {
    func count(_ batchSizes: [Int]) throws -> Int {
      try StepGraph(game: Self.tutorial, batchSizes: batchSizes, imageCount: 60_000)
        .build().withoutDeadCode().multiplyAddCount
    }
    #expect(try count([37]) * 100 == count([100]) * 37)
    let generator = 64 * 256 + 256 * 256 + 256 * 784
    let discriminator = 784 * 256 + 256 * 256 + 256
    // One more discriminator update: the generator forward; on real and on generated images the
    // discriminator forward, its weights' gradients, and its inputs' but for the images'.
    let update = generator + 2 * (discriminator + discriminator + discriminator - 784 * 256)
    #expect(try count([100, 100]) - count([100]) == 100 * update)
  }

  private static let small = Game(
    generator: .generatorMLP(latentSize: 3, hidden: [7, 5], pixelCount: 6),
    discriminator: .discriminatorMLP(pixelCount: 6, hidden: [5, 4]),
    objective: .nonSaturating)

  /// Inputs and state of a step in small, drawn from a seed.
  private static func situation(
    _ graph: Graph, seed: UInt64, imageCount: Int
  ) -> (inputs: [String: ReferenceTensor], state: [String: ReferenceTensor]) {
    var random = SplitMix(seed: seed)
    var inputs: [String: ReferenceTensor] = [:]
    for node in graph.nodes {
      switch node.op {
      case .input(let name, let type):
        inputs[name] = ReferenceTensor(
          type.shape, .int32, (0..<type.shape.elementCount).map { Int64(($0 * 3 + 1) % imageCount) }
        )
      case .data(let name, let type):
        inputs[name] = ReferenceTensor(
          type.shape, .uint8,
          (0..<type.shape.elementCount).map { _ in Int64.random(in: 0...255, using: &random) })
      default: break
      }
    }
    var state: [String: ReferenceTensor] = [:]
    for (name, type) in graph.stateTypes {
      if type.elementType == .int64 {
        state[name] = ReferenceTensor(type.shape, .int64, [name == "seed" ? Int64(seed) : 4])
      } else {
        let isSecondMoment = name.hasSuffix("secondMoment")
        state[name] = ReferenceTensor(
          type.shape,
          (0..<type.shape.elementCount).map { _ in
            Double.random(in: (isSecondMoment ? 0.1 : -0.5)...0.5, using: &random)
          })
      }
    }
    return (inputs, state)
  }

  @Test(
    "Joined and separate batches are the same step", arguments: Objective.allCases,
    [[4], [5, 5], [5, 2]])
  func joinedBatches(objective: Objective, batchSizes: [Int]) throws {
    var game = Self.small
    game.objective = objective
    func step(joined: Bool) throws -> [String: ReferenceTensor] {
      let graph = try StepGraph(
        game: game, batchSizes: batchSizes, imageCount: 9, joinsBatches: joined
      ).build()
      let (inputs, state) = Self.situation(graph, seed: 3, imageCount: 9)
      return try ReferenceBackend().run(graph, inputs: inputs, state: state).state
    }
    let (joined, separate) = (try step(joined: true), try step(joined: false))
    #expect(joined.keys.sorted() == separate.keys.sorted())
    for (name, tensor) in joined where tensor.type.elementType == .float32 {
      let other = try #require(separate[name])
      #expect(tensor.reals.count == other.reals.count)
      for (a, b) in zip(tensor.reals, other.reals) {
        // Double precision; only the order of the sums over the batch differs.
        #expect(abs(a - b) <= 1e-12 * max(abs(a), 1), "\(name)")
      }
    }
  }

  @Test("Tracing adds outputs and changes no update")
  func tracing() throws {
    let plain = try StepGraph(game: Self.small, batchSizes: [4], imageCount: 9).build()
    let traced = try StepGraph(
      game: Self.small, batchSizes: [4], imageCount: 9, isTraced: true
    ).build()
    #expect(plain.nodes == traced.nodes)
    #expect(plain.updates == traced.updates)
    #expect(Set(traced.outputs).isSuperset(of: plain.outputs))
  }
}
