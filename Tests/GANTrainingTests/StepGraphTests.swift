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
  private static func tutorial(
    _ objective: Objective = .nonSaturating, penalties: [PenaltyTerm] = []
  ) -> Game {
    .adversarialPair(
      generator: .generatorMLP(latentSize: 64, hidden: [256, 256], pixelCount: 784),
      discriminator: .discriminatorMLP(pixelCount: 784, hidden: [256, 256]),
      objective: objective, penalties: penalties)
  }

  @Test(
    // A gradient that went on through the discriminator's last update would nearly double them.
    "The tutorial's step holds exactly 284,467,200 multiply-adds once dead code is gone",
    arguments: Objective.allCases, [true, false])
  func multiplyAdds(objective: Objective, joinsBatches: Bool) throws {
    let graph = try StepGraph(
      game: Self.tutorial(objective), batchSizes: [100], itemCount: 60_000,
      joinsBatches: joinsBatches
    ).build()
    // A relativistic generator also looks at the discriminator's logits on the real images.
    let more = objective == .relativistic ? 100 * Self.discriminatorProducts : 0
    #expect(graph.withoutDeadCode().multiplyAddCount == 284_467_200 + more)
    #expect(try graph.optimized().multiplyAddCount == 284_467_200 + more)
  }

  /// Multiply-adds of the tutorial's discriminator on one image.
  private static let discriminatorProducts = 784 * 256 + 256 * 256 + 256

  /// Multiply-adds of a step of the tutorial with penalties, before the passes.
  private static func products(with penalties: [Penalty]) throws -> (written: Int, kept: Int) {
    let game = tutorial(penalties: penalties.map { PenaltyTerm($0, weight: 1, interval: 1) })
    let graph = try StepGraph(game: game, batchSizes: [100], itemCount: 60_000).build()
    return (graph.withoutDeadCode().multiplyAddCount, try graph.optimized().multiplyAddCount)
  }

  @Test(
    "A penalty adds the products of its gradient and of that gradient's, and shares the others'",
    arguments: Penalty.ofGradients)
  func penaltyMultiplyAdds(penalty: Penalty) throws {
    func count(_ penalties: [Penalty]) throws -> Int {
      let (written, kept) = try Self.products(with: penalties)
      // Two penalties both begin with the last weights, once for each item; the passes notice.
      let shared = max(penalties.count - 1, 0) * 100 * 256
      #expect(kept == written - shared)
      return written
    }
    let others = Penalty.ofGradients.filter { $0 != penalty }
    let added = try count([penalty]) - count([])
    #expect(try count(Penalty.ofGradients) - count(others) == added)
    // The gradient at the items; through it the gradients of its operands and of the weights.
    // Masks are constant, so nothing flows back to where they come from, nor is a logit needed,
    // but the masks of items that the objective does not judge must be computed first.
    let hidden = Self.discriminatorProducts - 256
    let gradient = Self.discriminatorProducts + 2 * hidden + 256
    let forward = penalty.isTakenAtJudgedItems ? 0 : hidden
    #expect(added == 100 * (gradient + forward))
  }

  @Test("An approximation costs a judgement more, and LeCam no product at all")
  func firstOrderMultiplyAdds() throws {
    let none = try Self.products(with: []).written
    // Forward at the items moved, and back to the weights and to all inputs but the images.
    let judgement = 3 * Self.discriminatorProducts - 784 * 256
    for penalty in [Penalty.approximateR1, .approximateR2] {
      #expect(try Self.products(with: [penalty]).written - none == 100 * judgement)
    }
    #expect(try Self.products(with: [.leCam]).written == none)
  }

  @Test("Products grow with the batch and the discriminator's updates, and with nothing else")
  func multiplyAddsScale() throws {
    func count(_ batchSizes: [Int]) throws -> Int {
      try StepGraph(game: Self.tutorial(), batchSizes: batchSizes, itemCount: 60_000)
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

  private static func small(
    _ objective: Objective = .nonSaturating, penalties: [PenaltyTerm] = []
  ) -> Game {
    .adversarialPair(
      generator: .generatorMLP(latentSize: 3, hidden: [7, 5], pixelCount: 6),
      discriminator: .discriminatorMLP(pixelCount: 6, hidden: [5, 4]), objective: objective,
      penalties: penalties)
  }

  /// Inputs and state of a step in small, drawn from a seed.
  static func situation(
    _ graph: Graph, seed: UInt64, itemCount: Int
  ) -> (inputs: [String: ReferenceTensor], state: [String: ReferenceTensor]) {
    var random = SplitMix(seed: seed)
    var inputs: [String: ReferenceTensor] = [:]
    for node in graph.nodes {
      switch node.op {
      case .input(let name, let type):
        inputs[name] = ReferenceTensor(
          type.shape, .int32, (0..<type.shape.elementCount).map { Int64(($0 * 3 + 1) % itemCount) }
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
    "Joined and separate batches are the same step, alone and beside each penalty",
    arguments: Objective.allCases, [[4], [5, 5], [5, 2]])
  func joinedBatches(objective: Objective, batchSizes: [Int]) throws {
    try compareJoinedBatches(objective, [], batchSizes)
    for penalty in Penalty.allCases { try compareJoinedBatches(objective, [penalty], batchSizes) }
  }

  private func compareJoinedBatches(
    _ objective: Objective, _ penalties: [Penalty], _ batchSizes: [Int]
  ) throws {
    let game = Self.small(
      objective, penalties: penalties.map { PenaltyTerm($0, weight: 3, interval: 1) })
    func step(joined: Bool) throws -> [String: ReferenceTensor] {
      let graph = try StepGraph(
        game: game, batchSizes: batchSizes, itemCount: 9, joinsBatches: joined
      ).build()
      let (inputs, state) = Self.situation(graph, seed: 3, itemCount: 9)
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
    let plain = try StepGraph(game: Self.small(), batchSizes: [4], itemCount: 9).build()
    let traced = try StepGraph(
      game: Self.small(), batchSizes: [4], itemCount: 9, detail: .traced
    ).build()
    #expect(plain.nodes == traced.nodes)
    #expect(plain.updates == traced.updates)
    #expect(Set(traced.outputs).isSuperset(of: plain.outputs))
  }
}
