import Foundation
import GANData
import GANFormats
import GANLearning
import GANNetworks
import GANTensor
import GANTestSupport
import GANTraining
import Testing

@Suite("A game is a value", .serialized)
struct OtherGameTests {
  private static let modeCount = 4

  /// Four modes on a circle, the first at an angle, in turns.
  private static func ring(_ name: String, radius: Float, turn: Float, count: Int) -> PointDataset {
    var values: [Float] = []
    let noise = RandomStream(seed: 5, purpose: .worldData, step: UInt64(count))
    for index in 0..<count {
      let mode = modes(radius: radius, turn: turn)[index % modeCount]
      values += [
        mode.x + 0.05 * noise.normal(at: 2 * index),
        mode.y + 0.05 * noise.normal(at: 2 * index + 1),
      ]
    }
    return PointDataset(name: name, dimension: 2, values: values)
  }

  private static func modes(radius: Float, turn: Float) -> [SIMD2<Float>] {
    (0..<modeCount).map { index in
      let angle = 2 * Float.pi * (Float(index) / Float(modeCount) + turn)
      return SIMD2(radius * cos(angle), radius * sin(angle))
    }
  }

  // Sizes that share no factor: the second set's epochs end inside batches.
  private static func worlds() -> [any TrainingData] {
    [
      ring("a", radius: 1, turn: 0, count: 400), ring("b", radius: 1.5, turn: 0.06, count: 388),
    ]
  }

  private static func session(
    _ game: Game, on data: [any TrainingData], batchSize: Int = 40, batchesPerStep: Int = 1,
    measuring reports: ReportPlan? = nil
  ) throws -> TrainingSession {
    try TrainingSession(
      TrainingSession.Setup(
        game: game, batchSize: batchSize, batchesPerStep: batchesPerStep, seed: 1,
        threadCount: 1),
      datasets: data, measuring: reports)
  }

  private static func nearest(_ point: SIMD2<Float>, _ modes: [SIMD2<Float>]) -> (Int, Float) {
    let squares = modes.map { ((point - $0) * (point - $0)).sum() }
    let best = squares.indices.min { squares[$0] < squares[$1] } ?? 0
    return (best, squares[best].squareRoot())
  }

  @Test("CycleGAN takes each mode of a world to one of the other's, each to another, both ways")
  func cycle() throws {
    let session = try Self.session(CycleGame.game(), on: Self.worlds())
    for _ in 0..<2_000 { try session.runStep() }
    let places = [
      Self.modes(radius: 1, turn: 0), Self.modes(radius: 1.5, turn: 0.06),
    ]
    for (role, source, target) in [("toB", 0, 1), ("toA", 1, 0)] as [(Role, Int, Int)] {
      let items = Self.worlds()[source].items(0..<200)
      let images = try session.outputs(of: role, on: items).floats
      var targets: [Set<Int>] = Array(repeating: [], count: Self.modeCount)
      var distances: Float = 0
      for index in 0..<200 {
        let point = SIMD2(images[2 * index], images[2 * index + 1])
        let (mode, distance) = Self.nearest(point, places[target])
        targets[index % Self.modeCount].insert(mode)
        distances += distance / 200
      }
      #expect(targets.allSatisfy { $0.count == 1 }, "\(role): \(targets)")
      #expect(Set(targets.flatMap { $0 }).count == Self.modeCount, "\(role): \(targets)")
      // Modes are 1.4 and 2.1 apart and 0.05 wide.
      #expect(distances < 0.25, "\(role): \(distances)")
    }
    #expect(try session.previewItems(count: 8).shape == [8, 2])
  }

  @Test("A recogniser and a generator agree on a code that tells modes apart")
  func information() throws {
    let data = Self.ring("a", radius: 1, turn: 0, count: 400)
    let session = try Self.session(InformationGame.game(), on: [data])
    for _ in 0..<1_500 { try session.runStep() }
    let latents = (0..<200).flatMap { index in
      let stream = RandomStream(seed: 2, purpose: .sampleLatents, step: UInt64(index))
      return (0..<3).map { stream.normal(at: $0) }
        + (0..<4).map { $0 == index % 4 ? Float(1) : 0 }
    }
    let items = try session.outputs(
      of: .generator, on: HostTensor(shape: [200, 7], latents))
    let features = try session.outputs(of: "trunk", on: items)
    let guesses = try session.outputs(of: "recogniser", on: features).floats
    let right = (0..<200).count { index in
      let row = guesses[4 * index..<4 * index + 4]
      return row.indices.max { row[$0] < row[$1] } == 4 * index + index % 4
    }
    #expect(right > 180, "\(right) of 200 codes are recognised")
    #expect(try session.previewItems(count: 6).shape == [6, 2])
  }

  @Test("A data set that only updates once a step see advances like the others")
  func setSeenOnceAStep() throws {
    // Both generators are told by distances alone: only the judge sees batches of a set, a's.
    let (a, b) = (Source.data("a"), Source.data("b"))
    let fake = Source.output("toB", of: a)
    let contest = Contest("a", judge: Judge("judgeA"), real: a, fake: fake)
    let whole = CycleGame.game()
    let game = Game(
      players: whole.players.filter { ["toB", "judgeA"].contains($0.role) },
      updates: [
        UpdateRule(
          "judgeA", learners: ["judgeA"], cadence: .batch,
          terms: [JudgingLoss(.leastSquares, in: contest)]),
        UpdateRule(
          "toB", learners: ["toB"], cadence: .step,
          terms: [DistanceLoss("pairs", weight: 1, from: fake, to: b)]),
      ],
      data: whole.data, preview: fake)
    let session = try Self.session(
      game, on: Self.worlds(), batchSize: 130, batchesPerStep: 2)
    // Steps of two batches and, at an epoch's end, of two more with what is left.
    var seen: Set<[Float]> = []
    for _ in 0..<4 {
      let tensors = try session.runTracedStep()
      let items = try #require(tensors.first { $0.name == "toB.b" }, "\(tensors.map(\.name))")
      seen.insert(items.tensor.floats)
    }
    #expect(seen.count == 4)
    #expect(session.readings.allSatisfy { $0.value.isFinite })
  }

  @Test("A patch discriminator's verdict is a map of logits")
  func patches() throws {
    let session = try Self.session(PatchGame.game(), on: [PatchGame.data()])
    try session.runStep()
    let verdicts = try session.outputs(of: .discriminator, on: PatchGame.data().items(0..<3))
    #expect(verdicts.shape == Shape([3] + PatchGame.mapShape.dimensions))
  }

  @Test("A session of any game restored from a checkpoint goes on to the same bits")
  func resume() throws {
    let games: [(Game, [any TrainingData])] = [
      (CycleGame.game(dropout: 0.3), Self.worlds()),
      (InformationGame.game(), [Self.worlds()[0]]), (PatchGame.game(), [PatchGame.data()]),
    ]
    for (game, data) in games {
      func session() throws -> TrainingSession {
        try Self.session(game, on: data, batchSize: 130, batchesPerStep: 2)
      }
      let (whole, continued) = (try session(), try session())
      for _ in 0..<5 { try whole.runStep() }
      let checkpoint = try whole.checkpoint()
      try continued.restore(Dictionary(uniqueKeysWithValues: checkpoint.map { ($0, $1) }))
      #expect(continued.step == 5)
      for _ in 0..<6 {
        try whole.runStep()
        try continued.runStep()
        #expect(whole.readings.map(\.value) == continued.readings.map(\.value))
      }
      for (one, other) in zip(try whole.checkpoint(), try continued.checkpoint()) {
        #expect(one.tensor == other.tensor, "\(one.name)")
      }
    }
  }

  @Test("Readings are named by update, in the game's order, and measured steps learn the same bits")
  func readings() throws {
    let (plain, measured) = (
      try Self.session(CycleGame.game(), on: Self.worlds()),
      try Self.session(
        CycleGame.game(), on: Self.worlds(),
        measuring: ReportPlan(interval: 1, stepsPerEpoch: 10, totalSteps: 3))
    )
    for _ in 0..<3 {
      try plain.runStep()
      try measured.runStep()
    }
    func judge(_ name: String) -> [String] {
      ["judge\(name.uppercased()).\(name).judging", "judge\(name.uppercased()).loss"]
        + ["real", "fake"].map { "judge\(name.uppercased()).\(name).\($0)Score" }
    }
    let translators = [
      "a.fooling", "b.fooling", "cycleA", "cycleB", "identityA", "identityB", "loss",
      "a.fakeScore", "b.fakeScore",
    ].map { "translators.\($0)" }
    #expect(plain.readings.map(\.name) == judge("a") + judge("b") + translators)
    let more = Set(measured.readings.map(\.name)).subtracting(plain.readings.map(\.name))
    #expect(
      more == [
        "judgeA.a.logits.real.sign", "judgeB.b.logits.real.sign",
        "judgeA.a.logits.real.deviation", "judgeA.a.logits.fake.deviation", "judgeA.gradientNorm",
        "judgeB.b.logits.real.deviation", "judgeB.b.logits.fake.deviation", "judgeB.gradientNorm",
        "translators.a.logits.fake.deviation", "translators.b.logits.fake.deviation",
        "translators.toB.gradientNorm", "translators.toA.gradientNorm",
      ])
    #expect(
      measured.readings.allSatisfy {
        $0.value.isFinite && ($0.value != 0 || $0.name.hasSuffix("sign"))
      })
    for (one, other) in zip(try plain.checkpoint(), try measured.checkpoint()) {
      #expect(one.tensor == other.tensor, "\(one.name)")
    }
  }

  @Test("What is drawn for one thing is drawn for no other, and data sets have orders of their own")
  func streams() throws {
    let session = try Self.session(CycleGame.game(dropout: 0.5), on: Self.worlds())
    var drawn: Set<[Float]> = []
    var count = 0
    for _ in 0..<2 {
      let tensors = try session.runTracedStep()
      let uniforms = tensors.filter { $0.name.contains(".dropout.") }
      drawn.formUnion(uniforms.map { Array($0.tensor.floats.prefix(16)) })
      count += uniforms.count
    }
    // Each judge: its two sides and what made the fake one. The translators: two fakes, their
    // verdicts, two ways back, two identities.
    #expect(count == 2 * (3 + 3 + 8))
    #expect(drawn.count == count)
  }

  @Test(
    "PyTorch replays games of four networks, of heads that share layers, and of a patch discriminator",
    .enabled(if: PythonPeer.missingModules("numpy, safetensors, torch") == nil))
  func parity() throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "gan-games-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let games: [(name: String, game: Game, data: [any TrainingData])] = [
      ("cycle", CycleGame.game(), Self.worlds()),
      ("cycle", CycleGame.game(dropout: 0.3), Self.worlds()),
      ("information", InformationGame.game(), [Self.worlds()[0]]),
      ("patches", PatchGame.game(), [PatchGame.data()]),
    ]
    for (number, (name, game, data)) in games.enumerated() {
      let session = try Self.session(game, on: data, batchSize: 130, batchesPerStep: 2)
      let path = folder.appending(path: "\(number).safetensors").path()
      let networks = Dictionary(
        uniqueKeysWithValues: game.players.map { ($0.role.rawValue, $0.network) })
      let optimizers = Dictionary(
        uniqueKeysWithValues: game.players.map { ($0.role.rawValue, $0.optimizer) })
      let encoder = JSONEncoder()
      let metadata = [
        "kind": "trace", "formatVersion": "1",
        "networks": String(decoding: try encoder.encode(networks), as: UTF8.self),
        "options": String(decoding: try encoder.encode(["optimizer": optimizers]), as: UTF8.self),
      ]
      var record = try TraceRecord(of: session, steps: 5)
      for step in 0..<5 { try record.append(session.runTracedStep(), ofStep: step) }
      try record.finish(with: session)
      try SafetensorsFile(metadata: metadata, tensors: record.tensors).write(to: path)
      let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Parity/replay_games.py").path()
      let result = try PythonPeer.run([script, name, path])
      print(result.text)
      #expect(result.status == 0, "\(name): \(result.text)")
    }
  }
}
