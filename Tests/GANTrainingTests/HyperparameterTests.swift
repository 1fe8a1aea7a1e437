import GANData
import GANGraph
import GANLearning
import GANNetworks
import GANTensor
import GANTestSupport
import GANTraining
import Synchronization
import Testing

@Suite("Hyperparameters are inputs of the program", .serialized)
struct HyperparameterTests {
  /// 50 images of 5 by 6 in batches of 12, two a step: three steps an epoch.
  private static func session(
    _ change: (inout TrainingOptions) -> Void, explain: ((String) -> Void)? = nil
  ) throws -> TrainingSession {
    var random = SplitMix(seed: 7)
    let pixels = (0..<50 * 30).map { _ in UInt8.random(in: 0...255, using: &random) }
    let data = ImageDataset(name: "noise", imageShape: [1, 5, 6], pixels: pixels)
    var options = TrainingOptions()
    options.adopt(data)
    (options.batchSize, options.discriminatorSteps, options.threads) = (12, 2, 1)
    (options.generator.hidden, options.discriminator.hidden) = ([32], [32])
    (options.latentSize, options.seed) = (8, 3)
    options.penalties = [.r1]
    options.penalty.r1.interval = 2
    options.average.rampUp = 0
    options.augmentation = Augmentation.allCases
    change(&options)
    try options.validate()
    return try TrainingSession(options.setup, dataset: data, explain: explain)
  }

  /// Everything at once, on its way over the first two epochs.
  private static func scheduled(_ options: inout TrainingOptions) {
    options.optimizer.generator.learningRate = ScheduledValue(
      from: 2e-3, to: 5e-4, over: 100, .cosine)
    options.optimizer.discriminator.beta2 = ScheduledValue(from: 0.9, to: 0.99, over: 90, .linear)
    options.penalty.r1.weight = ScheduledValue(from: 10, to: 1, over: 70, .cosine)
    options.average.halfLife = ScheduledValue(from: 0, to: 500, over: 100, .linear)
    options.augmentationStrength = ScheduledValue(from: 0, to: 1, over: 100, .linear)
  }

  private static func isSame(_ session: TrainingSession, _ other: TrainingSession) throws -> Bool {
    let states = Dictionary(
      uniqueKeysWithValues: try other.checkpoint().map { ($0.name, $0.tensor) })
    return try session.checkpoint().allSatisfy { states[$0.name] == $0.tensor }
  }

  @Test(
    "A schedule is, step by step, the value somebody would set by hand, and needs no other program")
  func schedulesAreTheirValues() throws {
    let programs = Mutex(0)
    let scheduled = try Self.session(Self.scheduled)
    let byHand = try Self.session {
      $0.average.halfLife = 1
    } explain: { text in
      if text.hasPrefix("graph as built") { programs.withLock { $0 += 1 } }
    }
    for step in 0..<9 {
      for (name, value) in scheduled.hyperparameters {
        try byHand.setHyperparameter(name, to: value)
      }
      try scheduled.runStep()
      try byHand.runStep()
      #expect(try Self.isSame(scheduled, byHand), "after step \(step)")
    }
    // A full step and the last of an epoch, each with and without the penalty at most.
    #expect(programs.withLock { $0 } <= 4)
    let values = Dictionary(
      uniqueKeysWithValues: scheduled.hyperparameters.map { ($0.name, $0.value) })
    #expect(values["optimizer.generator.learningRate"] == 5e-4)
    #expect(values["penalty.r1.weight"] == 1)
  }

  @Test("A run with schedules that goes on from a checkpoint has the bits of one never stopped")
  func resumes() throws {
    let whole = try Self.session(Self.scheduled)
    for _ in 0..<4 { try whole.runStep() }
    let checkpoint = Dictionary(
      uniqueKeysWithValues: try whole.checkpoint().map { ($0.name, $0.tensor) })
    let resumed = try Self.session(Self.scheduled)
    try resumed.restore(checkpoint)
    #expect(resumed.hyperparameters.map(\.value) == whole.hyperparameters.map(\.value))
    for _ in 0..<4 {
      try whole.runStep()
      try resumed.runStep()
    }
    #expect(try Self.isSame(whole, resumed))
  }

  @Test("Set back, a hyperparameter follows its schedule again")
  func setBack() throws {
    let (one, other) = (try Self.session(Self.scheduled), try Self.session(Self.scheduled))
    try one.setHyperparameter("penalty.r1.weight", to: 100)
    try one.setHyperparameter("penalty.r1.weight", to: nil)
    for session in [one, other] { for _ in 0..<2 { try session.runStep() } }
    #expect(try Self.isSame(one, other))
  }

  @Test("What there is not, or cannot be, is refused")
  func refusals() throws {
    let session = try Self.session { _ in }
    #expect(throws: OptionsError.self) {
      try session.setHyperparameter("optimizer.generator.speed", to: 1)
    }
    for (name, value) in [
      ("optimizer.generator.learningRate", -1), ("optimizer.discriminator.beta2", 1),
      ("augmentationStrength", 1.5), ("penalty.r1.weight", .nan),
    ] {
      #expect(throws: OptionsError.self, "\(name)") {
        try session.setHyperparameter(name, to: value)
      }
    }
  }

  @Test("A game asks for what its terms, its optimisers and its average need")
  func names() throws {
    let session = try Self.session { $0.average.halfLife = 100 }
    #expect(
      Set(session.hyperparameters.map(\.name)) == [
        "optimizer.generator.learningRate", "optimizer.generator.beta2",
        "optimizer.discriminator.learningRate", "optimizer.discriminator.beta2",
        "penalty.r1.weight", "augmentationStrength", "average.halfLife",
      ])
  }
}
