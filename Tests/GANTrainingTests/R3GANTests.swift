import Foundation
import GANGraph
import GANLearning
import GANNetworks
import GANRuntime
import GANTensor
import GANTestSupport
import Testing

@testable import GANTraining

/// A tiny network whose every weight is a sine, computed by PyTorch 2.13 in double precision.
@Suite("R3GAN's networks and losses are PyTorch's")
struct R3GANTests {
  private static let plan = NetworkPlan(.r3gan, itemShape: [1, 8, 8], latentSize: 8)

  private static var options: PlayerOptions {
    var options = PlayerOptions(activation: .leakyReLU)
    options.hidden = [16, 16]
    return options
  }

  /// The parameters in the order in which PyTorch's network made them, with their scales.
  private static let parameters: [(name: String, scale: Double)] =
    [("generator.1.weight", 1), ("generator.0.weight", 0.5)]
    + block("generator.2") + block("generator.4")
    + [("generator.5.weight", 0.3), ("discriminator.0.weight", 1)]
    + block("discriminator.1") + block("discriminator.3")
    + [("discriminator.4.weight", 0.25), ("discriminator.6.weight", 0.25)]

  private static func block(_ name: String) -> [(name: String, scale: Double)] {
    [
      ("\(name).main.0.weight", 0.2), ("\(name).main.0.bias", 0.1), ("\(name).main.2.weight", 0.1),
      ("\(name).main.2.bias", 0.1), ("\(name).main.4.weight", 0.2),
    ]
  }

  private static func sines(_ shape: Shape, rate: Double, scale: Double = 1) -> ReferenceTensor {
    ReferenceTensor(
      shape, (1...shape.elementCount).map { scale * sin(rate * Double($0)) })
  }

  /// Both players' losses and their gradients, of two latents and two images.
  private static func graph() throws -> (Graph, state: [String: ReferenceTensor]) {
    let builder = GraphBuilder()
    let descriptions = (plan.generator(options), plan.discriminator(options))
    let generator = Network(descriptions.0, prefix: "generator", in: builder)
    let discriminator = Network(descriptions.1, prefix: "discriminator", in: builder)
    let pass = NetworkPass.training { _, _ in preconditionFailure("nothing drops out") }
    let fake = generator(builder.input("latents", [2, 8]), pass)
    let real = builder.input("real", [2, 1, 8, 8])
    let judged = [real, fake].map { Judged(items: $0, logits: Logits(discriminator($0, pass))) }
    let update = JudgedUpdate(
      real: judged[0], fake: judged[1], judge: { Logits(discriminator($0, pass)) },
      anchors: { preconditionFailure("nothing is averaged") },
      uniform: { _, _ in preconditionFailure("nothing is drawn") })
    let objective = Objective.relativistic
    let adversarial = objective.discriminatorLoss(real: judged[0].logits, fake: judged[1].logits)
    let penalties = [Penalty.r1, .r2].map { $0.value(of: update) }
    let loss = adversarial + 0.1 * penalties[0] + 0.1 * penalties[1]
    let generatorLoss = objective.generatorLoss(fake: judged[1].logits) { judged[0].logits }
    let outputs = [
      "fake": fake, "real logits": judged[0].logits.tensor, "fake logits": judged[1].logits.tensor,
      "adversarial": adversarial, "r1": penalties[0], "r2": penalties[1], "loss": loss,
      "generator loss": generatorLoss,
    ]
    for (name, value) in outputs { builder.output(value, as: name) }
    for (network, prefix, loss) in [
      (discriminator, "discriminator", loss), (generator, "generator", generatorLoss),
    ] {
      let parameters = network.orderedParameters
      let gradients = loss.gradients(withRespectTo: parameters.map(\.tensor))
      for (parameter, gradient) in zip(parameters, gradients) {
        builder.output(gradient, as: "gradient of \(prefix).\(parameter.name)")
      }
    }
    let graph = try builder.finish()
    let shapes = Dictionary(uniqueKeysWithValues: graph.stateTypes.map { ($0.name, $0.type.shape) })
    var state: [String: ReferenceTensor] = [:]
    for (index, parameter) in Self.parameters.enumerated() {
      let shape = try #require(shapes[parameter.name])
      state[parameter.name] = sines(shape, rate: 0.1 * Double(index + 1), scale: parameter.scale)
    }
    #expect(Set(state.keys) == Set(shapes.keys))
    return (graph, state)
  }

  private static let inputs = [
    "latents": sines([2, 8], rate: 0.7), "real": sines([2, 1, 8, 8], rate: 0.3),
  ]

  /// Numbers by the name of an output: its first elements, its sum, or its norm.
  private static let expected: [(output: String, what: What, values: [Double])] = [
    (
      "fake", .first,
      [0.15908925053711154, 0.1883067647347902, 0.17915399985052355, 0.16994614310054057]
    ),
    ("fake", .sum, [9.27494735309326]),
    ("real logits", .first, [-0.036366391255769175, -0.03486126673903816]),
    ("fake logits", .first, [-0.03376533153633073, -0.03313106176193185]),
    ("adversarial", .first, [0.6942306066789969]),
    // Half the mean squared norm.
    ("r1", .first, [0.01908907315778291 / 2]), ("r2", .first, [0.019473749429281047 / 2]),
    ("loss", .first, [0.6961587478083502]),
    (
      "gradient of discriminator.0.weight", .first,
      [0.0012003807435572562, 0.0009468482174742912, -0.0003243617984093703]
    ),
    ("gradient of discriminator.0.weight", .norm, [0.0036746220338134817]),
    ("gradient of discriminator.1.main.2.weight", .norm, [0.031042365311005567]),
    ("gradient of discriminator.1.main.0.bias", .norm, [0.0022642233411208513]),
    ("gradient of discriminator.6.weight", .norm, [0.016865501465803623]),
    ("generator loss", .first, [0.6920649743307246]),
    ("gradient of generator.1.weight", .norm, [0.03636003883741538]),
    ("gradient of generator.0.weight", .norm, [0.012621501487897188]),
    ("gradient of generator.5.weight", .norm, [0.030081283641523557]),
  ]

  private enum What { case first, sum, norm }

  private func expectGolden(_ outputs: [String: ReferenceTensor], within bound: Double) throws {
    for (output, what, values) in Self.expected {
      let all = try #require(outputs[output]).reals
      let got =
        switch what {
        case .first: Array(all.prefix(values.count))
        case .sum: [all.reduce(0, +)]
        case .norm: [all.reduce(0) { $0 + $1 * $1 }.squareRoot()]
        }
      for (got, value) in zip(got, values) {
        #expect(abs(got - value) <= bound * abs(value), "\(output), \(what): \(got), not \(value)")
      }
    }
  }

  // Sums of a few thousand terms, in double precision.
  @Test("On the reference device to 1e-12")
  func reference() throws {
    let (graph, state) = try Self.graph()
    let outputs = try ReferenceBackend().run(graph, inputs: Self.inputs, state: state).outputs
    try expectGolden(outputs, within: 1e-12)
  }

  // Second derivatives of sums in single precision, some of which nearly cancel.
  @Test("On the processor to 1e-5", arguments: [1, 2])
  func processor(threadCount: Int) async throws {
    let (graph, state) = try Self.graph()
    let outputs = try await CPUEngine.shared.outputs(
      of: graph, inputs: Self.inputs, state: state, threadCount: threadCount)
    try expectGolden(outputs, within: 1e-5)
  }

  @Test(
    "Networks have the paper's numbers of parameters",
    arguments: [
      ([768, 768, 768, 768], 2, nil, 20_732_160, 20_683_776),
      ([768, 768, 768, 768], 2, 10, 20_732_160 + 64 * 768 + 10 * 64, 21_280_512),
      ([128, 128, 64, 32], 1, nil, 274_912, 266_848),
    ] as [([Int], Int, Int?, Int, Int)])
  func parameterCounts(
    widths: [Int], blocks: Int, classes: Int?, generator: Int, discriminator: Int
  ) {
    let plan = NetworkPlan(
      .r3gan, itemShape: [3, 32, 32], latentSize: 64,
      conditioning: classes == nil ? .none : .projection, classCount: classes ?? 1, blocks: blocks)
    var options = Self.options
    options.hidden = widths
    #expect(plan.generator(options).parameterCount == generator)
    options.hidden.reverse()
    #expect(plan.discriminator(options).parameterCount == discriminator)
  }
}
