import GANGraph
import GANLearning
import GANNetworks
import GANRuntime
import GANTensor
import GANTestSupport
import GANTraining
import Testing

@Suite("Penalties are what their formulas say")
struct PenaltyTests {
  private static let width = 5

  /// A penalty of a linear discriminator, `w · x + b`, and its gradient for `w`.
  private func linear(
    _ term: PenaltyTerm, w: [Double]
  ) throws -> (value: Double, gradient: [Double]) {
    let builder = GraphBuilder()
    let weight = builder.input("w", [1, Self.width])
    let (real, fake) = (builder.input("real", [3, Self.width]), builder.input("fake", [3, 5]))
    func judge(_ items: Tensor) -> Logits { Logits(items.matmul(weight, transposingRHS: true)) }
    let seed = builder.state("seed", .scalar, .int64)
    let value = term.term(
      of: JudgedUpdate(
        real: Judged(items: real, logits: judge(real)),
        fake: Judged(items: fake, logits: judge(fake)), judge: judge,
        anchors: { (builder.constant(0), builder.constant(0)) },
        uniform: { builder.random(.uniform, $0.purpose, $1, seed: seed, step: seed) }),
      named: "penalty", Hyperparameters(constantsOf: builder))
    builder.output(value, as: "value")
    builder.output(value.gradients(withRespectTo: [weight])[0], as: "gradient")
    var random = SplitMix(seed: 5)
    let outputs = try ReferenceBackend().run(
      builder.finish(),
      inputs: [
        "w": ReferenceTensor([1, Self.width], w),
        "real": ReferenceTensor([3, Self.width], random.reals(15, in: -1...1)),
        "fake": ReferenceTensor([3, Self.width], random.reals(15, in: -1...1)),
      ], state: ["seed": ReferenceTensor(.scalar, .int64, [3])]
    ).outputs
    return (
      try #require(outputs["value"]).reals[0], try #require(outputs["gradient"]).reals
    )
  }

  @Test(
    "A linear discriminator's slope is its weight everywhere",
    arguments: Penalty.ofGradients, [(10.0, 1), (0.5, 4)])
  func slopeOfLinear(penalty: Penalty, coefficients: (weight: Double, interval: Int)) throws {
    let term = PenaltyTerm(
      penalty, weight: ScheduledValue(coefficients.weight), interval: coefficients.interval)
    let factor = coefficients.weight * Double(coefficients.interval)
    let w = [0.5, -2, 0.25, 1, 3]
    let norm = w.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let (value, gradient) = try linear(term, w: w)
    let (expected, slope) =
      switch penalty {
      case .wganGP, .dragan: ((norm - 1) * (norm - 1), 2 * (norm - 1) / norm)
      default: (norm * norm / 2, 1)
      }
    // A few dozen roundings in double precision.
    #expect(abs(value - factor * expected) < 1e-12 * factor * expected)
    for (got, w) in zip(gradient, w) {
      #expect(abs(got - factor * slope * w) < 1e-12 * factor * abs(slope * w))
    }
  }

  @Test("Where the slope is 0, so is what a penalty asks for", arguments: Penalty.allCases)
  func flat(penalty: Penalty) throws {
    let (value, gradient) = try linear(
      PenaltyTerm(penalty, weight: 10, interval: 1), w: [0, 0, 0, 0, 0])
    #expect(value == (penalty == .wganGP || penalty == .dragan ? 10 : 0))
    #expect(gradient == [0, 0, 0, 0, 0])
  }

  @Test("Over many shifts, approximations have the value that they approximate")
  func approximations() throws {
    let (count, w) = (20_000, [0.5, -2, 0.25, 1, 3])
    let builder = GraphBuilder()
    let weight = builder.input("w", [1, 5])
    func judge(_ items: Tensor) -> Logits { Logits(items.matmul(weight, transposingRHS: true)) }
    let seed = builder.state("seed", .scalar, .int64)
    let items = [builder.constant(0.25, [count, 5]), builder.constant(-0.5, [count, 5])].map {
      Judged(items: $0, logits: judge($0))
    }
    let update = JudgedUpdate(
      real: items[0], fake: items[1], judge: judge,
      anchors: { (builder.constant(0), builder.constant(0)) },
      uniform: { builder.random(.uniform, $0.purpose, $1, seed: seed, step: seed) })
    let penalties = [Penalty.approximateR1, .approximateR2]
    for penalty in penalties { builder.output(penalty.value(of: update), as: penalty.rawValue) }
    let outputs = try ReferenceBackend().run(
      builder.finish(), inputs: ["w": ReferenceTensor([1, 5], w)],
      state: ["seed": ReferenceTensor(.scalar, .int64, [3])]
    ).outputs
    let exact = w.reduce(0) { $0 + $1 * $1 } / 2
    for penalty in penalties {
      let value = try #require(outputs[penalty.rawValue]).reals[0]
      // A square of a sum of uniforms has a variance of less than twice its squared mean.
      #expect(abs(value / exact - 1) < 5 * (2 / Double(count)).squareRoot(), "\(penalty)")
    }
    let values = penalties.compactMap { outputs[$0.rawValue]?.reals[0] }
    #expect(values[0] != values[1], "each has shifts of its own")
  }

  @Test("LeCam's penalty is of logits on the far side of the others' average")
  func leCam() throws {
    let builder = GraphBuilder()
    func judged(_ logits: [Double]) -> Judged {
      let parts = logits.map { builder.constant($0, [1, 1]) }
      let all = parts[0].concatenated(with: Array(parts.dropFirst()), axis: 0)
      return Judged(items: all, logits: Logits(all))
    }
    let update = JudgedUpdate(
      real: judged([3, -1, 0.5]), fake: judged([-2, 4, 1]), judge: { Logits($0) },
      anchors: { (builder.constant(1.5), builder.constant(-0.5)) },
      uniform: { builder.constant(0, $1) })
    builder.output(Penalty.leCam.value(of: update), as: "value")
    let value = try ReferenceBackend().run(builder.finish(), inputs: [:]).outputs["value"]
    // Reals above -0.5 by 3.5 and 1, fakes below 1.5 by 3.5 and 0.5.
    #expect(
      abs(try #require(value).reals[0] - (3.5 * 3.5 + 1 + 3.5 * 3.5 + 0.25) / 3) < 1e-12)
  }

  // MARK: Finite differences

  /// LeCam's averages, which its gradients hold constant, are of these very logits in the first update.
  private static let differentiated = Penalty.allCases.filter { $0 != .leCam }

  private static func smoothGame(_ objective: Objective, packing: Int) -> Game {
    .adversarialPair(
      generator: NetworkDescription(inputShape: [3]) {
        Layer.linear(inputs: 3, outputs: 5)
        Layer.softplus
        Layer.linear(inputs: 5, outputs: 4)
        Layer.tanh
      },
      discriminator: NetworkDescription(inputShape: [4 * packing]) {
        Layer.linear(inputs: 4 * packing, outputs: 6)
        Layer.tanh
        Layer.linear(inputs: 6, outputs: 5)
        Layer.softplus
        Layer.linear(inputs: 5, outputs: 1)
      },
      objective: objective,
      penalties: differentiated.enumerated().map {
        PenaltyTerm($1, weight: ScheduledValue(1 + Double($0)), interval: 1)
      }, packing: packing)
  }

  @Test(
    "With smooth activations the gradients of loss and penalties are central differences",
    arguments: Objective.allCases, [1, 2])
  func centralDifferences(objective: Objective, packing: Int) throws {
    for penalties in Self.differentiated.indices.map({ TermSet($0) }) {
      let graph = try StepGraph(
        game: Self.smoothGame(objective, packing: packing),
        updates: [StepGraph.Update(batchSize: 6, terms: penalties)],
        sets: ["real": StepGraph.ResidentSet(itemCount: 9, elementType: .uint8)],
        detail: .traced
      ).build()
      let (inputs, state) = StepGraphTests.situation(graph, seed: 11, itemCount: 9)
      let outputs = try ReferenceBackend().run(graph, inputs: inputs, state: state).outputs
      var random = SplitMix(seed: 2)
      for name in Self.smoothGame(objective, packing: packing).network(of: .discriminator)
        .parameters.map(\.name)
      {
        let gradient = try #require(outputs["discriminator.0.gradient.\(name)"]).reals
        let direction = unit(random.reals(gradient.count, in: -1...1))
        let slope = zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
        let (ahead, behind) = (
          try loss(graph, inputs, moved(state, name, along: direction, by: 1e-5)),
          try loss(graph, inputs, moved(state, name, along: direction, by: -1e-5))
        )
        let difference = (ahead - behind) / 2e-5
        // The error of the difference: h² times a third derivative of order 1 and the loss's own
        // rounding over h. A first-order gradient, which stops at the norm, is off by a tenth.
        #expect(abs(slope - difference) < 1e-7 * max(abs(slope), 1), "\(name), \(penalties)")
      }
    }
  }

  private func loss(
    _ graph: Graph, _ inputs: [String: ReferenceTensor], _ state: [String: ReferenceTensor]
  ) throws -> Double {
    let outputs = try ReferenceBackend().run(graph, inputs: inputs, state: state).outputs
    return try #require(outputs["discriminator.0.loss"]).reals[0]
  }

  private func moved(
    _ state: [String: ReferenceTensor], _ name: String, along direction: [Double], by h: Double
  ) -> [String: ReferenceTensor] {
    let key = "discriminator.\(name)"
    guard let tensor = state[key] else { return state }
    return state.merging([
      key: ReferenceTensor(tensor.shape, zip(tensor.reals, direction).map { $0 + h * $1 })
    ]) { $1 }
  }

  private func unit(_ direction: [Double]) -> [Double] {
    let norm = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return direction.map { $0 / norm }
  }
}

extension Penalty {
  /// Those of a gradient at items, which take a second derivative.
  static let ofGradients: [Penalty] = [.wganGP, .dragan, .r1, .r2]
}
