import GANData
import GANGraph
import GANLearning
import GANNetworks
import GANRuntime
import GANTensor
import GANTestSupport
import Testing

@testable import GANTraining

@Suite("The probability of augmentation follows the discriminator's overfitting", .serialized)
struct AdaptedProbabilityTests {
  static let name = "augmentation.discriminator"

  @Test("It moves by a batch's share of the images, up above the target, else down, within [0, 1]")
  func moves() throws {
    let builder = GraphBuilder()
    var probability = AdaptedProbability(
      target: 0.6, images: 16, of: .discriminator, in: builder)
    // The fourth mean is 0.625, the fifth 0.825, the sixth 0.85, the next four from 0.525 to 0.55.
    let batches: [(overfitting: Double, count: Int)] = [
      (0.2, 8), (1, 8), (0.3, 8), (1, 8), (1, 4), (1.1, 8), (-0.9, 2), (1, 8), (1, 8), (1, 8),
      (1, 8), (-1, 8),
    ]
    for (number, batch) in batches.enumerated() {
      probability.follow(builder.constant(batch.overfitting), ofBatch: batch.count)
      builder.output(probability.value, as: "\(number)")
    }
    probability.recordUpdates(in: builder)
    let result = try ReferenceBackend().run(
      builder.finish(),
      state: [
        "\(Self.name).probability": ReferenceTensor(.scalar, [0]),
        "\(Self.name).overfitting": ReferenceTensor([4], [0, 0, 0, 0]),
      ])
    let values = try batches.indices.map { try #require(result.outputs["\($0)"]).reals[0] }
    #expect(values == [0, 0, 0, 0.5, 0.75, 1, 0.875, 0.375, 0, 0, 0.5, 0])
    #expect(result.state["\(Self.name).probability"]?.reals == [0])
    #expect(result.state["\(Self.name).overfitting"]?.reals == [1, 1, 1, -1])
  }

  @Test("Overfitting is the sign of logits, or of their differences where only those count")
  func overfitting() throws {
    let builder = GraphBuilder()
    let real = Logits(builder.input("real", [4, 1]))
    let fake = Logits(builder.input("fake", [4, 1]))
    for objective in Objective.allCases {
      builder.output(objective.overfitting(real: real, fake: fake), as: objective.rawValue)
    }
    let outputs = try ReferenceBackend().run(
      builder.finish(),
      inputs: [
        "real": ReferenceTensor([4, 1], [5, 4, -1, 3]),
        "fake": ReferenceTensor([4, 1], [6, 5, -2, 4]),
      ]
    ).outputs
    for objective in Objective.allCases {
      let differs = [.wasserstein, .relativistic].contains(objective)
      #expect(outputs[objective.rawValue]?.reals == [differs ? -0.5 : 0.5], "\(objective)")
    }
  }

  /// 50 images of 6 by 6 in batches of 12, two a step: three steps an epoch, the last a smaller one.
  private static func session(
    reports: Int? = nil, _ change: (inout TrainingOptions) -> Void = { _ in }
  ) throws -> TrainingSession {
    var random = SplitMix(seed: 7)
    let pixels = (0..<50 * 36).map { _ in UInt8.random(in: 0...255, using: &random) }
    let data = ImageDataset(name: "noise", imageShape: [1, 6, 6], pixels: pixels)
    var options = TrainingOptions()
    options.adopt(data)
    (options.batchSize, options.discriminatorSteps, options.threads) = (12, 2, 1)
    (options.generator.hidden, options.discriminator.hidden) = ([32], [32])
    (options.latentSize, options.seed) = (8, 3)
    options.augmentation = Augmentation.allCases
    (options.augmentationTarget, options.augmentationImages) = (0, 100)
    change(&options)
    try options.validate()
    return try TrainingSession(
      options.setup, dataset: data,
      measuring: reports.map { ReportPlan(interval: $0, stepsPerEpoch: 3, totalSteps: 100) })
  }

  private static func state(_ session: TrainingSession, _ part: String) throws -> [Float] {
    try #require(session.checkpoint().first { $0.name == "\(name).\(part)" }).tensor.floats
  }

  @Test("Each batch of a run moves it as the last four batches' overfitting says")
  func session() throws {
    let session = try Self.session()
    // An epoch is batches of 12 and 12, then the remainder of 2 with 12 and 12.
    let batches = [[12, 12], [2, 12, 12]]
    var (probability, values) = (Float(0), Set<Float>())
    for step in 0..<12 {
      let before = try Self.state(session, "overfitting")
      try session.runStep()
      let after = try Self.state(session, "overfitting")
      let sizes = batches[step % batches.count]
      // A step's batches come after those before it.
      let all = before + after.suffix(sizes.count)
      #expect(Array(all.suffix(4)) == after)
      for (batch, size) in sizes.enumerated() {
        let mean = all[(batch + 1)..<(batch + 5)].reduce(0, +) / 4
        probability = min(max(probability + Float(mean > 0 ? size : -size) / 100, 0), 1)
      }
      // Some sums of a few values of order 1 in another order.
      let now = try Self.state(session, "probability")[0]
      #expect(abs(now - probability) < 1e-5, "after step \(step)")
      values.insert(now)
    }
    #expect(values.count > 2)
  }

  @Test("Its run goes on from a checkpoint with the bits of one never stopped", arguments: [0, 3])
  func resumes(steps: Int) throws {
    let whole = try Self.session()
    for _ in 0..<steps { try whole.runStep() }
    let resumed = try Self.session()
    try resumed.restore(
      Dictionary(uniqueKeysWithValues: try whole.checkpoint().map { ($0.name, $0.tensor) }))
    for _ in 0..<4 {
      try whole.runStep()
      try resumed.runStep()
    }
    for (one, other) in zip(try whole.checkpoint(), try resumed.checkpoint()) {
      #expect(one.name == other.name && one.tensor == other.tensor, "\(one.name)")
    }
  }

  @Test("Measured and traced steps read it and learn the same bits")
  func readings() throws {
    let (plain, measured) = (try Self.session(), try Self.session(reports: 1))
    let traced = try Self.session()
    for _ in 0..<5 {
      try plain.runStep()
      try measured.runStep()
      let values = try traced.runTracedStep()
      let read = Dictionary(
        measured.readings.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
      let probability = try Self.state(plain, "probability")[0]
      #expect(read["discriminator.augmentation.probability"] == probability)
      #expect(read["discriminator.augmentation.overfitting"] != nil)
      let last = values.last { $0.name.hasSuffix(".augmentation.probability") }
      #expect(last?.tensor.floats == [probability])
    }
    let states = try [plain, measured, traced].map { try $0.checkpoint() }
    for other in states.dropFirst() {
      for (one, other) in zip(states[0], other) {
        #expect(one.name == other.name && one.tensor == other.tensor, "\(one.name)")
      }
    }
  }

  @Test("A target that is never reached leaves images, and so networks, as they are without")
  func unreached() throws {
    let (adapted, plain) = (
      try Self.session { $0.augmentationTarget = 1.0.nextDown },
      try Self.session { ($0.augmentation, $0.augmentationTarget) = ([], nil) }
    )
    for _ in 0..<4 {
      try adapted.runStep()
      try plain.runStep()
    }
    for role in Role.pair {
      for (one, other) in zip(try adapted.tensors(of: role), try plain.tensors(of: role)) {
        #expect(one.name == other.name && one.tensor == other.tensor, "\(one.name)")
      }
    }
  }

  @Test("A probability that follows a schedule is, step by step, the value set by hand")
  func schedule() throws {
    let scheduled = try Self.session {
      $0.augmentationTarget = nil
      $0.augmentationProbability = ScheduledValue(from: 0, to: 1, over: 100, .linear)
    }
    let byHand = try Self.session {
      ($0.augmentationTarget, $0.augmentationProbability) = (nil, 0.5)
    }
    for _ in 0..<5 {
      for (name, value) in scheduled.hyperparameters {
        try byHand.setHyperparameter(name, to: value)
      }
      try scheduled.runStep()
      try byHand.runStep()
    }
    for (one, other) in zip(try scheduled.checkpoint(), try byHand.checkpoint()) {
      #expect(one.name == other.name && one.tensor == other.tensor, "\(one.name)")
    }
  }
}
