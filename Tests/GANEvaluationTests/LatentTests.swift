import Foundation
import GANData
import GANNetworks
import GANRuntime
import GANTensor
import GANTestSupport
import GANTraining
import Testing

@testable import GANEvaluation

@Suite("What latents do")
struct LatentTests {
  /// A generator `12 → 24 → 36` whose first layer stretches known directions of latents by known amounts.
  private struct Planted {
    static let (size, hidden) = (12, 24)
    /// Orthonormal directions of latents, the strongest first.
    let directions: [[Double]]
    let generator: SavedNetwork

    init(seed: UInt64, strengths: [Double], bias: Float = 12) throws {
      var random = SplitMix(seed: seed)
      func orthonormal(_ count: Int, _ size: Int) -> [[Double]] {
        var vectors: [[Double]] = []
        for _ in 0..<count {
          var vector = (0..<size).map { _ in Double(random.next() >> 11) * 0x1p-53 - 0.5 }
          for other in vectors {
            let share = zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 }
            vector = zip(vector, other).map { $0 - share * $1 }
          }
          let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
          vectors.append(vector.map { $0 / norm })
        }
        return vectors
      }
      let (right, left) = (orthonormal(Self.size, Self.size), orthonormal(Self.size, Self.hidden))
      let stretch = strengths + [Double](repeating: 0.05, count: Self.size - strengths.count)
      var weight = [Float](repeating: 0, count: Self.hidden * Self.size)
      for row in 0..<Self.hidden {
        for column in 0..<Self.size {
          weight[row * Self.size + column] = Float(
            (0..<Self.size).reduce(0) { $0 + stretch[$1] * left[$1][row] * right[$1][column] })
        }
      }
      directions = right
      var options = TrainingOptions()
      (options.itemShape, options.latentSize) = ([1, 6, 6], Self.size)
      options.generator.hidden = [Self.hidden]
      let second = (0..<36 * Self.hidden).map { _ in
        Float(Double(random.next() >> 11) * 0x1p-53 - 0.5) / 6
      }
      let network = options.network(of: .generator)
      let tensors = [
        "0.weight": weight, "0.bias": [Float](repeating: bias, count: Self.hidden),
        "2.weight": second, "2.bias": [Float](repeating: 0, count: 36),
      ]
      generator = SavedNetwork(
        player: .generator, network: network,
        tensors: try network.parameters.map { parameter in
          let values = try #require(tensors[parameter.name])
          return (parameter.name, HostTensor(shape: parameter.shape, values))
        }, options: options, step: 1)
    }
  }

  @Test(
    "Planted directions are found, the strongest first, with their shares",
    arguments: LatentDirections.Method.allCases, [1, 2, 3] as [UInt64])
  func directions(method: LatentDirections.Method, seed: UInt64) async throws {
    let strengths = [3.0, 2, 1.2]
    let planted = try Planted(seed: seed, strengths: strengths)
    let found = try await Engine().directions(
      of: planted.generator, by: method, count: 3, seed: 0, on: .cpu, threads: 2)
    let total = strengths.map { $0 * $0 }.reduce(0, +)
    for (index, strength) in strengths.enumerated() {
      let row = found.directions.floats[index * Planted.size..<(index + 1) * Planted.size]
      let cosine = zip(row, planted.directions[index]).reduce(0) { $0 + Double($1.0) * $1.1 }
      // A thousand latents turn principal components by a few hundredths.
      #expect(abs(cosine) > (method == .weights ? 1 - 1e-5 : 0.97), "direction \(index)")
      #expect(abs(found.shares[index] - strength * strength / total) < 0.06)
    }
  }

  @Test("The same directions are found on any number of threads")
  func threads() async throws {
    let planted = try Planted(seed: 4, strengths: [3, 2, 1])
    var found: [HostTensor] = []
    for threads in [1, 3] {
      found.append(
        try await Engine().directions(
          of: planted.generator, by: .activations, count: 5, seed: 0, on: .cpu, threads: threads
        ).directions)
    }
    #expect(found[0] == found[1])
  }

  @Test("Images of a generator are found again, by a search that does not know their latents")
  func inversion() async throws {
    let planted = try Planted(
      seed: 5, strengths: [1, 1, 0.9, 0.8, 0.7, 0.6, 0.6, 0.5, 0.5, 0.4, 0.4, 0.3], bias: 0.1)
    let engine = try Engine()
    let images = try await engine.samples(
      of: planted.generator, count: 20, seed: 9, on: .cpu, threads: 2)
    var effort = Inversion.Effort()
    (effort.candidates, effort.starts, effort.steps, effort.furtherSteps) = (200, 4, 100, 200)
    let found = try await engine.inversion(
      of: images, by: planted.generator, effort: effort, seed: 0, on: .cpu, threads: 2
    ) { _ in }
    #expect(found.errors.count { $0 < 1e-3 } >= 19, "\(found.errors)")
    // What is told is what the latents make.
    let made = try await engine.samples(
      of: planted.generator, count: 20, latents: .given(found.latents), threads: 2)
    for item in 0..<20 {
      let pixels = item * 36..<(item + 1) * 36
      let error = zip(made.floats[pixels], images.floats[pixels]).reduce(0) {
        $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) / 36
      }
      #expect(abs(error - found.errors[item]) < 1e-6)
    }
    // Nothing of it is near noise.
    let stream = RandomStream(seed: 1, purpose: .noiseFloor, step: 0)
    let noise = HostTensor(shape: [1, 1, 6, 6], (0..<36).map { stream.uniform(at: $0) * 2 - 1 })
    let far = try await engine.inversion(
      of: noise, by: planted.generator, effort: effort, seed: 0, on: .cpu, threads: 2
    ) { _ in }
    #expect(far.errors[0] > 0.05)
  }

  @Test("A search some images at a time finds what a comparison of all distances does")
  func pixelSearch() throws {
    let (size, count) = (9, 5_000)
    let stream = RandomStream(seed: 3, purpose: .noiseFloor, step: 0)
    var pixels = (0..<count * size).map { UInt8(255 * stream.uniform(at: $0)) }
    // Equals in the first block, the second and the third: the first comes first.
    for copy in [2_500, 4_900] {
      pixels.replaceSubrange(copy * size..<(copy + 1) * size, with: pixels[90..<99])
    }
    let data = ImageDataset(name: "noise", imageShape: [1, 3, 3], pixels: pixels)
    func distance(_ one: Int, _ other: Int) -> Double {
      let squares = (0..<size).map { place in
        let difference =
          Double(pixels[one * size + place]) - Double(pixels[other * size + place])
        return difference * difference * 4 / (255 * 255)
      }
      return (squares.reduce(0, +) / Double(size)).squareRoot()
    }
    let search = PixelSearch(data, threads: 2)
    let items = [10, 17, 2_500, 4_999]
    let found = try search.nearest(to: data.items(items.map { Int32($0) }), count: 5)
    for (item, matches) in zip(items, found) {
      let all = (0..<count).map { ($0, distance(item, $0)) }
        .sorted { ($0.1, $0.0) < ($1.1, $1.0) }.prefix(5)
      // Equally far within single precision's steps of a pixel, they may be in another order.
      #expect(zip(matches, all).allSatisfy { abs($0.distance - $1.1) < 1e-6 })
      for match in matches { #expect(abs(distance(item, match.index) - match.distance) < 1e-6) }
    }
    #expect(found[0].prefix(3).map(\.index) == [10, 2_500, 4_900])
    let others = try search.distancesToOthers(of: items)
    for (item, other) in zip(items, others) {
      let nearest = (0..<count).filter { $0 != item }.map { distance(item, $0) }.min()
      #expect(abs(other - (nearest ?? .infinity)) < 1e-6)
    }
    #expect(others[0] == 0 && others[2] == 0)
  }

  @Test("A copied image is its own nearest at distance 0, by pixels and by features")
  func neighbours() async throws {
    // Without labels no classifier is trained.
    let strokes = ImageDataset.strokes(count: 300)
    let data = ImageDataset(
      name: "strokes", imageShape: strokes.imageShape, pixels: Array(strokes.storage.bytes))
    let images = data.items([7, 250])
    for space in NearestImages.Space.allCases {
      let found = try await Engine().nearest(
        to: images, in: data, count: 3, by: space, features: FeatureSearch(cache: nil, file: nil),
        on: .cpu, threads: 2
      ) { _ in }
      #expect(found.indices.map(\.first) == [7, 250])
      #expect(found.distances.allSatisfy { $0[0] < 1e-6 && $0[0] <= $0[1] && $0[1] <= $0[2] })
      #expect(found.floors.count == 300 && found.floors[150] > 0)
    }
  }
}
