import GANRuntime
import GANTraining
import Testing

@testable import GANPlayground

@Suite("Each story of the playground happens") struct StoryTests {
  @Test("mode collapse: at most three of eight modes are there, in at least 4 of 5 seeds")
  func collapse() async throws {
    let counts = try await readings(of: .collapse, rounds: 200).map { $0.modes ?? 0 }
    #expect(counts.count { $0 <= 3 } >= 4, "modes: \(counts)")
  }

  @Test(
    "vanishing gradients: arrows are less than 0.001 and the points stand still, in at least 4 of 5 seeds"
  )
  func vanishing() async throws {
    let starts = try await readings(of: .vanishing, rounds: 0)
    let ends = try await readings(of: .vanishing, rounds: 250)
    let pushes = try await pushes(of: .vanishing, rounds: 250)
    #expect(pushes.count { $0 < 0.001 } >= 4, "arrows: \(pushes)")
    let ways = zip(starts, ends).map { abs($0.mean[0] - $1.mean[0]) }
    #expect(ways.count { $0 < 0.3 } >= 4, "ways: \(ways)")
  }

  @Test("why -log D: with it the points are most of the way there, in at least 4 of 5 seeds")
  func logarithm() async throws {
    let ends = try await readings(of: .logarithm, rounds: 350)
    // The world's middle is at 3.
    #expect(ends.count { $0.mean[0] > 2 } >= 4, "means: \(ends.map(\.mean))")
  }

  @Test("oscillation: the points' mean passes the mode again and again, in at least 4 of 5 seeds")
  func oscillation() async throws {
    let paths = try await paths(of: .oscillation)
    let crossings = paths.map { path in
      zip(path, path.dropFirst()).count { ($0.x > 0.5) != ($1.x > 0.5) }
    }
    #expect(crossings.count { $0 >= 5 } >= 4, "crossings: \(crossings)")
    let distances = paths.map { mean(ofLast: $0) }
    #expect(distances.count { $0 > 0.15 } >= 4, "distances: \(distances)")
  }

  @Test("R1: the same game comes closer to rest on the mode, in at least 4 of 5 seeds")
  func r1() async throws {
    let without = try await paths(of: .oscillation).map { mean(ofLast: $0) }
    let with = try await paths(of: .r1).map { mean(ofLast: $0) }
    let shares = zip(with, without).map { $0 / $1 }
    #expect(shares.count { $0 < 0.65 } >= 4, "shares: \(shares)")
  }

  /// The mean distance from the mode over the last third of a path.
  private func mean(ofLast path: [SIMD2<Double>]) -> Double {
    let rest = path.suffix(path.count / 3)
    let distances = rest.map { point -> Double in
      let way = point - SIMD2(0.5, 0.5)
      return (way * way).sum().squareRoot()
    }
    return distances.reduce(0, +) / Double(distances.count)
  }

  private func paths(of story: Story) async throws -> [[SIMD2<Double>]] {
    var paths: [[SIMD2<Double>]] = []
    for seed in 0..<5 as Range<UInt64> {
      paths.append(try await Engine().path(of: story, seed: seed, rounds: 600, every: 20))
    }
    return paths
  }

  private func readings(of story: Story, rounds: Int) async throws -> [PlayReading] {
    var readings: [PlayReading] = []
    for seed in 0..<5 as Range<UInt64> {
      readings.append(try await Engine().reading(of: story, seed: seed, rounds: rounds))
    }
    return readings
  }

  private func pushes(of story: Story, rounds: Int) async throws -> [Float] {
    var pushes: [Float] = []
    for seed in 0..<5 as Range<UInt64> {
      pushes.append(try await Engine().push(of: story, seed: seed, rounds: rounds))
    }
    return pushes
  }
}

extension Engine {
  fileprivate func session(_ story: Story, seed: UInt64) throws -> PlaySession {
    var settings = story.settings
    settings.seed = seed
    return try PlaySession(settings, on: DeviceKind.fastest.makeDevice(threadCount: 1))
  }

  fileprivate func reading(of story: Story, seed: UInt64, rounds: Int) throws -> PlayReading {
    let session = try session(story, seed: seed)
    for _ in 0..<rounds { session.stepRound() }
    return try session.reading(PlayScales(of: session)).reading
  }

  fileprivate func push(of story: Story, seed: UInt64, rounds: Int) throws -> Float {
    let session = try session(story, seed: seed)
    for _ in 0..<rounds { session.stepRound() }
    return try session.frame(PlayJudge(of: session.world, seed: seed)).push
  }

  /// The mean of the points, every so many rounds.
  fileprivate func path(
    of story: Story, seed: UInt64, rounds: Int, every interval: Int
  ) throws -> [SIMD2<Double>] {
    let session = try session(story, seed: seed)
    let scales = try PlayScales(of: session)
    return try stride(from: 0, to: rounds, by: interval).map { _ in
      for _ in 0..<interval { session.stepRound() }
      let mean = try session.reading(scales).reading.mean
      return SIMD2(mean[0], mean[1])
    }
  }
}
