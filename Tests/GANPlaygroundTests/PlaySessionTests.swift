import Foundation
import GANData
import GANGraph
import GANLab
import GANLearning
import GANNetworks
import GANRuntime
import GANStatistics
import GANTensor
import GANTraining
import Testing

@testable import GANPlayground

/// Settings by what is unusual about them.
private struct SettingsCase: Sendable {
  let name: String
  let settings: PlaySettings

  init(_ name: String, _ change: (inout PlaySettings) -> Void) {
    self.name = name
    var settings = PlaySettings()
    change(&settings)
    self.settings = settings
  }
}

/// Settings that reach every branch of the step.
private let table =
  Objective.allCases.map { objective in
    SettingsCase(objective.rawValue) { $0.objective = objective }
  }
  + Penalty.allCases.map { penalty in
    SettingsCase(penalty.rawValue) { ($0.penalty, $0.penaltyWeight) = (penalty, 0.3) }
  }
  + [
    SettingsCase("packing") { $0.packing = 3 },
    SettingsCase("an average") { $0.averageHalfLife = 3_000 },
    SettingsCase("several") {
      ($0.packing, $0.objective, $0.penalty) = (2, .relativistic, .r1)
      $0.averageHalfLife = 1_000
    },
  ]

@Suite("The playground's game is the engine's") struct PlaySessionTests {
  @Test("a round's losses are those of a step of gan train", arguments: table.indices)
  func roundIsStep(index: Int) async throws {
    try await Engine().compareRounds(table[index].settings, table[index].name)
  }

  @Test(
    "arrows are the gradients that the engine's generator update spreads", arguments: table.indices)
  func arrowsAreGradients(index: Int) async throws {
    try await Engine().compareArrows(table[index].settings, table[index].name)
  }

  @Test("the seed decides every picture, and another seed another one")
  func seedDecides() async throws {
    let texts = try await Engine().pictures(ofSeeds: [3, 3, 4])
    #expect(texts[0] == texts[1])
    #expect(texts[0] != texts[2])
  }

  @Test("a game goes on under other losses and step sizes, and starts anew in another world")
  func goesOn() async throws { try await Engine().changeSettings() }

  @Test("NaN is counted and kept, never replaced")
  func nonFinite() async throws {
    var settings = PlaySettings()
    settings.generator.learningRate = 10
    settings.discriminator.learningRate = 10
    (settings.generator.depth, settings.discriminator.depth) = (6, 6)
    settings.objective = .leastSquares
    try await Engine().diverge(settings)
  }
}

extension Engine {
  fileprivate func session(_ settings: PlaySettings) throws -> PlaySession {
    try PlaySession(settings, on: DeviceKind.fastest.makeDevice(threadCount: 1))
  }

  /// The same game as `gan train` would play it.
  fileprivate func training(_ settings: PlaySettings) throws -> TrainingSession {
    let world = try PlayWorld(settings)
    return try TrainingSession(settings.options(threads: 1).setup, dataset: world.real)
  }

  fileprivate func compareRounds(_ settings: PlaySettings, _ name: String) throws {
    let (playground, training) = (try session(settings), try training(settings))
    for round in 1...12 {
      playground.stepRound()
      try training.runStep()
      for (reading, value) in training.readings {
        let ours = try #require(playground.losses[reading], "\(name): \(reading)")
        #expect(
          abs(ours - value) <= 2e-5 * max(1, abs(value)),
          "\(name), round \(round): \(reading) is \(ours), of gan train \(value)")
      }
    }
    #expect(playground.generatorUpdates == 12 && playground.discriminatorUpdates == 12)
  }

  /// Spreads arrows over the generator's parameters by the chain rule, and compares with the gradients
  /// that a traced update had.
  fileprivate func compareArrows(_ settings: PlaySettings, _ name: String) throws {
    let (playground, training) = (try session(settings), try training(settings))
    for _ in 0..<5 {
      playground.stepRound()
      try training.runStep()
    }
    playground.stepDiscriminator()
    // The generator's weights of before its update, at which it takes its gradients.
    let weights = try training.tensors(of: .generator)
    let traced = Dictionary(uniqueKeysWithValues: try training.runTracedStep())
    let latents = try #require(traced["generator.latents"])
    let count = settings.batchSize
    let description = training.setup.game.network(of: .generator)
    let sampler = try ItemSampler(
      description, tensors: Dictionary(uniqueKeysWithValues: weights), itemShape: [2],
      on: training.device)
    let points = try sampler.outputs(of: latents).floats
    let indices = EpochOrder(count: playground.world.real.count, seed: settings.seed, epoch: 0)
      .indices[5 * count..<6 * count]
    let real = playground.world.real.items(indices).floats
    let arrows = try playground.probes.pushes.pushes(at: points, beside: real)

    let builder = GraphBuilder()
    let generator = Network(description, prefix: "\(Role.generator)", in: builder)
    let items = generator(builder.input("latents", latents.shape))
    let product = (items * builder.input("arrows", [count, 2])).sum()
    let parameters = generator.orderedParameters
    for (parameter, gradient) in zip(
      parameters, product.gradients(withRespectTo: parameters.map(\.tensor)))
    { builder.output(gradient, as: parameter.name) }
    let state = try training.device.makeState(
      description.tensorTypes.map { ("\(Role.generator).\($0.name)", $0.type) })
    for (name, tensor) in weights { try state.write(tensor, to: "\(Role.generator).\(name)") }
    let executable = try training.device.prepare(
      builder.finish().optimized(for: training.device.profile), state: state)
    try executable.write(latents, to: "latents")
    try executable.write(HostTensor(shape: [count, 2], arrows), to: "arrows")
    executable.run()
    for parameter in parameters {
      let ours = try executable.tensor(parameter.name).floats.map { -$0 / Float(count) }
      let engine = try #require(traced["generator.gradient.\(parameter.name)"]).floats
      let largest = engine.map(abs).max() ?? 0
      let error = zip(ours, engine).map { abs($0 - $1) }.max() ?? .infinity
      #expect(
        error <= 2e-4 * largest + 1e-7, "\(name), \(parameter.name): \(error) of \(largest)")
    }
  }

  fileprivate func pictures(ofSeeds seeds: [UInt64]) throws -> [String] {
    try seeds.map { seed in
      var settings = PlaySettings()
      settings.seed = seed
      let session = try session(settings)
      let scales = try PlayScales(of: session)
      for _ in 0..<30 { session.stepRound() }
      let frame = try session.frame(scales.judge)
      let (reading, optimum) = try session.reading(scales)
      return [
        frame.field, frame.samples, frame.arrows, frame.manifold, optimum, "\(reading.value)",
      ]
      .joined(separator: " ")
    }
  }

  fileprivate func changeSettings() throws {
    let device = try DeviceKind.fastest.makeDevice(threadCount: 1)
    let first = try PlaySession(PlaySettings(), on: device)
    let judge = try PlayJudge(of: first.world, seed: 0)
    for _ in 0..<30 { first.stepRound() }
    let before = try first.frame(judge)
    var other = PlaySettings()
    (other.objective, other.penalty, other.generator.learningRate) = (.hinge, .r1, 1e-4)
    other.averageHalfLife = 100
    let second = try PlaySession(other, on: device, goingOnWith: first)
    #expect(second.discriminatorUpdates == 30)
    #expect(try second.frame(judge).field == before.field)
    second.stepRound()
    other.world = "moons"
    let third = try PlaySession(other, on: device, goingOnWith: second)
    #expect(third.discriminatorUpdates == 0)
  }

  fileprivate func diverge(_ settings: PlaySettings) throws {
    let session = try session(settings)
    let scales = try PlayScales(of: session)
    for _ in 0..<200 { session.stepRound() }
    let reading = try session.reading(scales).reading
    let frame = try session.frame(scales.judge)
    #expect(reading.nonFinite > 0 || reading.value.isNaN)
    if reading.nonFinite > 0 {
      #expect(frame.nonFinite > 0)
      #expect(reading.distances == nil && reading.modes == nil)
    }
    let field = try #require(Data(base64Encoded: frame.field))
    #expect(field.contains(255))
  }
}
