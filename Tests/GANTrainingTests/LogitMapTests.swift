import GANData
import GANGraph
import GANLearning
import GANNetworks
import GANRuntime
import GANTensor
import GANTestSupport
import GANTraining
import Testing

@Suite("A discriminator may judge patches: its logits are maps", .serialized)
struct LogitMapTests {
  private func value(
    _ inputs: [String: ReferenceTensor], _ build: (GraphBuilder) -> Tensor
  ) throws -> Double {
    let builder = GraphBuilder()
    builder.output(build(builder), as: "value")
    let outputs = try ReferenceBackend().run(builder.finish(), inputs: inputs).outputs
    return try #require(outputs["value"]).reals[0]
  }

  @Test("A loss on maps is that on all their places as items", arguments: Objective.allCases)
  func lossesAreMeans(objective: Objective) throws {
    var random = SplitMix(seed: 3)
    let (real, fake) = (random.reals(24, in: -2...2), random.reals(24, in: -2...2))
    func losses(_ shape: Shape) throws -> [Double] {
      let inputs = ["real": ReferenceTensor(shape, real), "fake": ReferenceTensor(shape, fake)]
      func loss(_ build: (Logits, Logits) -> Tensor) throws -> Double {
        try value(inputs) {
          build(Logits($0.input("real", shape)), Logits($0.input("fake", shape)))
        }
      }
      return [
        try loss { objective.discriminatorLoss(real: $0, fake: $1) },
        try loss { real, fake in objective.generatorLoss(fake: fake) { real } },
        try loss { real, _ in real.meanScore },
      ]
    }
    #expect(try losses([2, 1, 3, 4]) == losses([24, 1]))
  }

  @Test("The classes of a map's places are that of their item")
  func classification() throws {
    var random = SplitMix(seed: 4)
    let logits = random.reals(2 * 3 * 4, in: -2...2)
    let labels = ReferenceTensor([2], .int32, [2, 0])
    let map = try value(["x": ReferenceTensor([2, 3, 2, 2], logits), "labels": labels]) {
      ClassLogits($0.input("x", [2, 3, 2, 2])).crossEntropy(of: $0.input("labels", [2], .int32))
    }
    // Place after place, with the item's label each.
    let places = try (0..<4).map { place in
      let rows = (0..<2).flatMap { item in
        (0..<3).map { logits[item * 12 + $0 * 4 + place] }
      }
      return try value(["x": ReferenceTensor([2, 3], rows), "labels": labels]) {
        ClassLogits($0.input("x", [2, 3])).crossEntropy(of: $0.input("labels", [2], .int32))
      }
    }
    // A few roundings in double precision.
    #expect(abs(map - places.reduce(0, +) / 4) < 1e-14)
  }

  @Test("A penalty takes the gradient of a map's sum: patches side by side add up")
  func penaltyOfPatches() throws {
    let weights = [0.5, -2, 0.25, 1]
    let square = weights.reduce(0) { $0 + $1 * $1 }
    let inputs = [
      "w": ReferenceTensor([1, 1, 2, 2], weights),
      "x": ReferenceTensor([3, 1, 4, 6], Array(repeating: 0.1, count: 72)),
    ]
    let penalty = try value(inputs) { builder in
      let w = builder.input("w", [1, 1, 2, 2])
      func judge(_ items: Tensor) -> Logits {
        Logits(items.convolved(with: w, stride: 2, padding: 0))
      }
      let x = builder.input("x", [3, 1, 4, 6])
      let judged = Judged(items: x, logits: judge(x))
      return Penalty.r1.value(
        of: JudgedUpdate(
          real: judged, fake: judged, judge: judge,
          anchors: { (judged.logits.tensor.mean(), judged.logits.tensor.mean()) }
        ) { _, shape in
          builder.constant(0.5, shape)
        })
    }
    // Two rows of three patches, each with the weights as its slope.
    #expect(abs(penalty - 6 * square / 2) < 1e-12)
  }

  @Test("A game with a patch discriminator trains, with penalties that look at the same patches")
  func patchGame() throws {
    var random = SplitMix(seed: 7)
    let pixels = (0..<20 * 64).map { _ in UInt8.random(in: 0...255, using: &random) }
    let game = Game.adversarialPair(
      generator: NetworkDescription(
        inputShape: [4],
        layers: [.linear(inputs: 4, outputs: 64), .tanh, .reshape(to: [1, 8, 8])]),
      discriminator: NetworkDescription(
        inputShape: [1, 8, 8],
        layers: [
          .convolution(inputs: 1, outputs: 4, window: 4, stride: 2, padding: 1),
          .leakyReLU(slope: 0.2),
          .convolution(inputs: 4, outputs: 1, window: 3, stride: 1, padding: 1),
        ]),
      objective: .leastSquares,
      penalties: [
        PenaltyTerm(.r1, weight: 1, interval: 1), PenaltyTerm(.wganGP, weight: 1, interval: 1),
      ],
      imageShape: [1, 8, 8], augmentation: JudgeAugmentation([.cutout]))
    let session = try TrainingSession(
      TrainingSession.Setup(
        game: game, batchSize: 10, batchesPerStep: 1, seed: 3, threadCount: 1),
      dataset: ImageDataset(name: "noise", imageShape: [1, 8, 8], pixels: pixels))
    for _ in 0..<3 { try session.runStep() }
    #expect(session.readings.allSatisfy { $0.value.isFinite })
    #expect(
      session.readings.contains { $0.name == "discriminator.penalty.wgan-gp" && $0.value > 0 })
    #expect(try session.firstNonFinite() == nil)
  }
}
