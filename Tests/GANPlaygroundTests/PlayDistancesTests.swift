import Foundation
import GANData
import GANRuntime
import GANStatistics
import GANTensor
import GANTraining
import Testing

@testable import GANLab
@testable import GANPlayground

@Suite("The playground's divergences are the lab's") struct PlayDistancesTests {
  @Test(
    "a stand-in's numbers are those of gan lab divergence, to 1e-6",
    arguments: [
      ("ring-8(2,0.3)", "normal2d(0,0,1.5)"),
      ("0.5*normal2d(-1,0,0.4)+0.5*normal2d(1,0,0.4)", "normal2d(1,0,0.4)"),
      ("normal2d(0,0,1)", "normal2d(0.5,-0.5,1)"),
    ])
  func equalLab(world: String, standIn: String) async throws {
    let lab = try await DivergenceExperiment(NamedDistribution(world), NamedDistribution(standIn))
      .run(on: try Engine()) { _ in }
    var settings = PlaySettings()
    (settings.world, settings.standIn) = (world, standIn)
    let reading = try await Engine().firstReading(of: settings)
    let ours = try #require(reading.distances)
    #expect(reading.isExact)
    #expect(abs(ours.klForward - lab.klForward.value) < 1e-6)
    #expect(abs(ours.klBackward - lab.klBackward.value) < 1e-6)
    #expect(abs(ours.jensenShannon - lab.jensenShannon) < 1e-6)
    #expect(abs(ours.bound - lab.optimalValue) < 1e-6)
    #expect(reading.value < lab.optimalValue)
  }

  @Test("a discriminator that trains against a stand-in comes near -log 4 + 2 JSD, from below")
  func valueNearsBound() async throws {
    var settings = PlaySettings()
    (settings.world, settings.standIn) = ("normal2d(0,0,1)", "normal2d(1,0,1)")
    let reading = try await Engine().reading(of: settings, after: 1_500)
    let bound = try #require(reading.bound)
    #expect(reading.value <= bound + 1e-6)
    #expect(reading.value > bound - 0.02)
  }

  @Test(
    "the world's own points get its floor, and points elsewhere far more",
    arguments: ["ring-8(1,0.1)", "grid-25", "spirals", "moons", "checkerboard"])
  func perfectShowsFloor(world: String) throws {
    var settings = PlaySettings()
    settings.world = world
    let place = try PlayWorld(settings)
    let judge = try PlayJudge(of: place, seed: 0)
    let stream = RandomStream(seed: 99, purpose: .evaluationWorld, step: 7)
    let perfect = points(
      of: place.mixture.samples(count: PlayJudge.sampleCount, from: stream), dimension: 2)
    let own = judge.distances(of: perfect)
    #expect(abs(own.jensenShannon - judge.floor.jensenShannon) < 0.006)
    #expect(abs(own.klForward - judge.floor.klForward) < 0.04)
    let wrong = judge.distances(of: perfect.map { $0 / 8 })
    #expect(wrong.jensenShannon > judge.floor.jensenShannon + 0.2)
    let optimum = judge.optimum(of: perfect).filter { !$0.isNaN }
    let mean = optimum.reduce(0, +) / Double(optimum.count)
    #expect(abs(mean - 0.5) < 0.1, "\(mean)")
  }

  @Test("drawn points come back from the address as they were drawn, within a four-thousandth")
  func pointsInText() throws {
    let drawn = [SIMD2(-1.5, 1.5), SIMD2(0.1, -0.72), SIMD2(2, -9)]
    let back = try PlayPoints.read(PlayPoints.write(drawn))
    for (one, other) in zip(drawn, back) {
      #expect(abs(min(max(one.x, -1.5), 1.5) - other.x) < 0.0004)
      #expect(abs(min(max(one.y, -1.5), 1.5) - other.y) < 0.0004)
    }
  }

  @Test(
    "settings that cannot be are refused in words",
    arguments: [
      ("world=nothing", #"{"world": "nothing"}"#, "distribution"),
      ("a file", #"{"world": "/etc/passwd.json"}"#, "paste"),
      ("the line", #"{"world": "normal(0,1)"}"#, "plane"),
      ("no points", #"{"world": "points"}"#, "draw"),
      ("letters", #"{"world": "points", "points": "!!!!"}"#, "draw"),
      ("no JSON", #"{"world": "mixture", "mixture": "{"}"#, "JSON"),
      ("width", #"{"generator": {"width": 0}}"#, "width"),
      ("packing", #"{"packing": 4}"#, "packing"),
      ("rate", #"{"discriminator": {"learningRate": -1}}"#, "learning rate"),
    ])
  func refusals(name: String, json: String, word: String) throws {
    let settings = try JSONDecoder().decode(PlaySettings.self, from: Data(json.utf8))
    do {
      _ = try settings.options(threads: 1)
      _ = try PlayWorld(settings)
      Issue.record("\(name) was taken")
    } catch { #expect("\(error)".contains(word), "\(name): \(error)") }
  }
}

extension Engine {
  fileprivate func firstReading(of settings: PlaySettings) throws -> PlayReading {
    try reading(of: settings, after: 0)
  }

  fileprivate func reading(of settings: PlaySettings, after rounds: Int) throws -> PlayReading {
    let session = try PlaySession(
      settings, on: DeviceKind.fastest.makeDevice(threadCount: 1))
    let scales = try PlayScales(of: session)
    for _ in 0..<rounds { session.stepRound() }
    return try session.reading(scales).reading
  }
}
