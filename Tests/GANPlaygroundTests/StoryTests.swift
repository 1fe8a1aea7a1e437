import GANRuntime
import GANTraining
import Testing

@testable import GANPlayground

@Suite("Each story of the playground happens in at least nine of the seeds 0 to 9")
struct StoryTests {
  private static let seeds = 0..<10 as Range<UInt64>
  private static let enough = 9

  @Test("Mode collapse: at most three of eight modes are there")
  func collapse() async throws {
    let counts = try await ends(of: .collapse, rounds: 200).map { $0.reading.modes ?? 0 }
    #expect(counts.count { $0 <= 3 } >= Self.enough, "modes: \(counts)")
  }

  @Test("Vanishing gradients: arrows are shorter than 0.001 and the points stand still")
  func vanishing() async throws {
    let starts = try await ends(of: .vanishing, rounds: 0)
    let ends = try await ends(of: .vanishing, rounds: 250)
    let pushes = ends.map(\.push)
    #expect(pushes.count { $0 < 0.001 } >= Self.enough, "arrows: \(pushes)")
    let ways = zip(starts, ends).map { abs($0.reading.mean[0] - $1.reading.mean[0]) }
    #expect(ways.count { $0 < 0.3 } >= Self.enough, "ways: \(ways)")
  }

  @Test("Why -log D: with it the points are most of the way there")
  func logarithm() async throws {
    let ends = try await ends(of: .logarithm, rounds: 350).map(\.reading)
    // The world's middle is at 3.
    #expect(ends.count { $0.mean[0] > 2 } >= Self.enough, "means: \(ends.map(\.mean))")
  }

  @Test(
    "Oscillation: the points' mean passes the mode again and again, and comes closer to rest with R1"
  )
  func oscillation() async throws {
    let without = try await paths(of: .oscillation)
    let crossings = without.map { path in
      zip(path, path.dropFirst()).count { ($0.x > 0.5) != ($1.x > 0.5) }
    }
    #expect(crossings.count { $0 >= 5 } >= Self.enough, "crossings: \(crossings)")
    let distances = without.map(distance)
    #expect(distances.count { $0 > 0.15 } >= Self.enough, "distances: \(distances)")
    let shares = zip(try await paths(of: .r1).map(distance), distances).map { $0 / $1 }
    #expect(shares.count { $0 < 0.65 } >= Self.enough, "shares with R1: \(shares)")
  }

  /// The mean distance from the mode over the last third of a path.
  private func distance(ofLast path: [SIMD2<Double>]) -> Double {
    let rest = path.suffix(path.count / 3)
    let distances = rest.map { point -> Double in
      let way = point - SIMD2(0.5, 0.5)
      return (way * way).sum().squareRoot()
    }
    return distances.reduce(0, +) / Double(distances.count)
  }

  private func paths(of story: Story) async throws -> [[SIMD2<Double>]] {
    var paths: [[SIMD2<Double>]] = []
    for seed in Self.seeds {
      paths.append(try await Engine().path(of: story, seed: seed, rounds: 600, every: 20))
    }
    return paths
  }

  private func ends(
    of story: Story, rounds: Int
  ) async throws -> [(reading: PlayReading, push: Float)] {
    var ends: [(PlayReading, Float)] = []
    for seed in Self.seeds {
      ends.append(try await Engine().end(of: story, seed: seed, rounds: rounds))
    }
    return ends
  }
}

extension Engine {
  fileprivate func session(_ story: Story, seed: UInt64) throws -> PlaySession {
    var settings = story.settings
    settings.seed = seed
    return try PlaySession(settings, on: DeviceKind.fastest.makeDevice(threadCount: 1))
  }

  /// The reading after so many rounds, and the mean length of the arrows.
  fileprivate func end(
    of story: Story, seed: UInt64, rounds: Int
  ) throws -> (PlayReading, Float) {
    let session = try session(story, seed: seed)
    for _ in 0..<rounds { session.stepRound() }
    let scales = try PlayScales(of: session)
    return (try session.reading(scales).reading, try session.frame(scales.judge).push)
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
