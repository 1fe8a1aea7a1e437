import GANGraph
import GANLearning
import GANNetworks
import GANRuntime
import GANTensor
import GANTestSupport
import GANTraining
import Testing

@Suite("Dropout in a training step")
struct DropoutTests {
  private static let game = Game.adversarialPair(
    generator: NetworkDescription(
      inputShape: [3],
      layers: [
        .linear(inputs: 3, outputs: 5), .dropout(probability: 0.5), .tanh,
        .dropout(probability: 0.5), .linear(inputs: 5, outputs: 6),
      ]),
    discriminator: NetworkDescription(
      inputShape: [6],
      layers: [
        .dropout(probability: 0.3), .linear(inputs: 6, outputs: 5), .softplus,
        .residual(main: [.dropout(probability: 0.3)]), .linear(inputs: 5, outputs: 1),
      ]),
    objective: .nonSaturating, penalties: [PenaltyTerm(.wganGP, weight: 1, interval: 1)])

  @Test("Every layer draws numbers of its own in every application, of this step and the next")
  func masks() throws {
    let graph = try StepGraph(
      game: Self.game, batchSizes: [4, 4], itemCount: 9, detail: .traced
    ).build()
    let situation = StepGraphTests.situation(graph, seed: 3, itemCount: 9)
    var state = situation.state
    var drawn: Set<[Double]> = []
    for step in 1...2 {
      let outputs: [String: ReferenceTensor]
      (outputs, state) = try ReferenceBackend().run(
        graph, inputs: situation.inputs, state: state)
      let uniforms = outputs.filter { $0.key.contains(".dropout.") }
      let judgements = ["real", "generated", "penalty"].flatMap { ["\($0).0", "\($0).3.main.0"] }
      let made = ["generator.1", "generator.3"]
      let expected =
        [0, 1].flatMap { update in
          (judgements + made).map { "discriminator.\(update).dropout.\($0)" }
        }
        + (["generated.0", "generated.3.main.0"] + made).map { "generator.dropout.\($0)" }
      #expect(Set(uniforms.keys) == Set(expected))
      // Whatever the layer's size, its first numbers.
      drawn.formUnion(uniforms.values.map { Array($0.reals.prefix(8)) })
      #expect(drawn.count == step * expected.count)
    }
  }
}
