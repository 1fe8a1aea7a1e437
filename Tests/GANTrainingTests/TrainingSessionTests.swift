import GANData
import GANLearning
import GANNetworks
import GANTensor
import GANTestSupport
import GANTraining
import Testing

@Suite("A session runs the step that is due", .serialized)
struct TrainingSessionTests {
  private static func session(
    _ objective: Objective, penalties: [PenaltyTerm] = [], packing: Int = 1, clip: Double? = nil,
    batchesPerStep: Int = 1, on device: SessionDevice
  ) throws -> TrainingSession {
    var random = SplitMix(seed: 7)
    let pixels = (0..<50 * 30).map { _ in UInt8.random(in: 0...255, using: &random) }
    let game = Game.adversarialPair(
      generator: .generatorMLP(latentSize: 4, hidden: [12], pixelCount: 30),
      discriminator: .discriminatorMLP(pixelCount: 30 * packing, hidden: [12]),
      objective: objective, penalties: penalties, packing: packing, clip: clip)
    return try TrainingSession(
      TrainingSession.Setup(
        game: game, batchSize: 12, batchesPerStep: batchesPerStep, seed: 3, threadCount: 1),
      dataset: ImageDataset(name: "noise", imageShape: [1, 5, 6], pixels: pixels),
      on: device.made())
  }

  @Test(
    "A penalty is in the updates it is due in, with its random numbers, and in no others",
    arguments: SessionDevice.allCases)
  func lazyPenalties(device: SessionDevice) throws {
    let session = try Self.session(
      .hinge,
      penalties: [
        PenaltyTerm(.wganGP, weight: 1, interval: 3), PenaltyTerm(.dragan, weight: 1, interval: 4),
      ], batchesPerStep: 2, on: device)
    var number = 0
    for _ in 0..<12 {
      let names = Set(try session.runTracedStep().map(\.name))
      var index = 0
      while names.contains("discriminator.\(index).loss") {
        for (role, interval) in [
          ("penalty.wgan-gp", 3), ("interpolation", 3), ("penalty.dragan", 4), ("noise", 4),
          ("scale", 4),
        ] {
          let isThere = names.contains("discriminator.\(index).\(role)")
          #expect(isThere == number.isMultiple(of: interval), "\(role) in update \(number)")
        }
        index += 1
        number += 1
      }
    }
    // Five batches an epoch in two steps.
    #expect(number == 30)
  }

  @Test(
    "With several discriminator updates a step the generator learns of a full batch, whatever remains",
    arguments: SessionDevice.allCases)
  func remainder(device: SessionDevice) throws {
    let session = try Self.session(.nonSaturating, batchesPerStep: 5, on: device)
    for _ in 0..<2 {
      let traced = Dictionary(
        uniqueKeysWithValues: try session.runTracedStep().map { ($0.name, $0) })
      let sizes = (0..<5).map { traced["discriminator.\($0).real"]?.tensor.shape[0] }
      #expect(sizes == [2, 12, 12, 12, 12])
      #expect(traced["discriminator.5.real"] == nil)
      #expect(traced["generator.latents"]?.tensor.shape == [12, 4])
    }
    #expect(session.stepsPerEpoch == 1)
    // With one update a step the tutorial's counting stays.
    let single = try Self.session(.nonSaturating, on: device)
    #expect(single.stepsPerEpoch == 5)
  }

  @Test(
    "Clipping leaves no parameter of the discriminator beyond its bound",
    arguments: SessionDevice.allCases)
  func clipping(device: SessionDevice) throws {
    let session = try Self.session(.wasserstein, clip: 0.01, on: device)
    try session.runStep()
    for (name, tensor) in try session.tensors(of: .discriminator) {
      #expect(tensor.floats.allSatisfy { abs($0) <= 0.01 }, "\(name)")
      #expect(tensor.floats.contains { abs($0) == 0.01 }, "\(name)")
    }
    let generator = try session.tensors(of: .generator)
    #expect(generator.contains { $0.tensor.floats.contains { abs($0) > 0.01 } })
  }

  @Test(
    "A packed batch drops what fills no pack, and the generator draws as many",
    arguments: SessionDevice.allCases)
  func packing(device: SessionDevice) throws {
    let session = try Self.session(.relativistic, packing: 4, on: device)
    // Batches of 12, 12, 12, 12 and the 2 that remain of 50, which are no pack.
    #expect(session.stepsPerEpoch == 4)
    let other = try Self.session(
      .relativistic, packing: 3, batchesPerStep: 5, on: device)
    for (name, tensor) in try other.runTracedStep() where name.hasSuffix(".real") {
      #expect(tensor.shape == [12, 30], "\(name)")
    }
  }

  @Test(
    "Points reach the discriminator as they are, and the generator's may lie anywhere",
    arguments: SessionDevice.allCases)
  func points(device: SessionDevice) throws {
    var random = SplitMix(seed: 1)
    let data = PointDataset(
      name: "points", dimension: 2, values: random.reals(60, in: 5...9).map { Float($0) })
    var options = TrainingOptions()
    options.adopt(data)
    (options.batchSize, options.threads, options.packing) = (10, 1, 2)
    (options.generator.hidden, options.discriminator.hidden) = ([6], [7])
    options.generator.activation = .tanh
    options.optimizer.generator.learningRate = 1
    let session = try TrainingSession(options.setup, dataset: data, on: device.made())
    let traced = try session.runTracedStep()
    let real = try #require(traced.first { $0.name == "discriminator.0.real" }).tensor
    #expect(real == session.firstRealItems(count: 10))
    #expect(real.floats.allSatisfy { (5...9).contains($0) })
    #expect(try session.previewItems(count: 3).shape == [3, 2])
    #expect(try session.previewItems(count: 3).floats.contains { abs($0) > 1 })
  }

  @Test(
    "A session restored from a checkpoint goes on to the same bits",
    arguments: SessionDevice.allCases)
  func restored(device: SessionDevice) throws {
    func session() throws -> TrainingSession {
      try Self.session(
        .nonSaturating, penalties: [PenaltyTerm(.r1, weight: 1, interval: 2)], on: device)
    }
    let (whole, continued) = (try session(), try session())
    for _ in 0..<3 { try whole.runStep() }
    try continued.restore(
      Dictionary(uniqueKeysWithValues: whole.checkpoint().map { ($0.name, $0.tensor) }))
    for session in [whole, continued] { for _ in 0..<2 { try session.runStep() } }
    #expect(try whole.checkpoint().map(\.name) == continued.checkpoint().map(\.name))
    #expect(try whole.checkpoint().map(\.tensor) == continued.checkpoint().map(\.tensor))
    #expect(continued.step == 5)
  }
}
