import GANTensor
import Testing

@testable import GANTraining

@Suite("Latents")
struct LatentTests {
  private static let size = 64

  private func rows(_ tensor: HostTensor) -> [[Float]] {
    let (values, size) = (tensor.floats, tensor.shape[1])
    return (0..<tensor.shape[0]).map { Array(values[$0 * size..<($0 + 1) * size]) }
  }

  private func length(_ row: [Float]) -> Double {
    row.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }

  private func angle(_ a: [Float], _ b: [Float]) -> Double {
    zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } / length(a) / length(b)
  }

  @Test("A loop passes through every latent exactly, in equal angles, as long as latents are")
  func loop() {
    let points = ItemSampler.Latents.drawn(seed: 3, .sampleLatents).matrix(
      count: 5, size: Self.size)
    let (corners, path) = (rows(points), rows(LatentLoop(through: points, frames: 8).latents))
    #expect(path.count == 40)
    for (index, corner) in corners.enumerated() {
      #expect(path[8 * index] == corner)
      let way = (0...8).map { path[(8 * index + $0) % 40] }
      let cosines = (0..<8).map { angle(way[$0], way[$0 + 1]) }
      // Single precision of 64 numbers.
      #expect(cosines.allSatisfy { abs($0 - cosines[0]) < 1e-6 })
      let (from, to) = (length(corner), length(corners[(index + 1) % 5]))
      for (frame, latent) in way.enumerated() {
        let expected = from + (to - from) * Double(frame) / 8
        #expect(abs(length(latent) - expected) < 1e-5 * expected)
      }
    }
  }

  @Test("Latents in opposite, equal or no directions have a way between them without NaN")
  func degenerate() {
    let points = HostTensor(shape: [4, 2], [1, 0, -1, 0, -1, 0, 0, 0] as [Float])
    let path = LatentLoop(through: points, frames: 4).latents.floats
    #expect(path.allSatisfy { $0.isFinite })
    #expect(Array(path[4..<6]) == [0, 0] && Array(path[8..<10]) == [-1, 0])
  }

  @Test(
    "Truncated latents keep the numbers within the limit and draw the others anew",
    arguments: [0.05, 0.5, 1, 2, 10] as [Float])
  func truncation(limit: Float) {
    func matrix(_ latents: ItemSampler.Latents, count: Int) -> [Float] {
      latents.matrix(count: count, size: Self.size).floats
    }
    let plain = matrix(.drawn(seed: 9, .sampleLatents), count: 100)
    let truncated = ItemSampler.Latents.truncated(seed: 9, .sampleLatents, limit: limit)
    let drawn = matrix(truncated, count: 100)
    #expect(drawn.allSatisfy { abs($0) <= limit })
    #expect(zip(plain, drawn).allSatisfy { abs($0) > limit || $0 == $1 })
    // A latent does not depend on how many there are.
    #expect(matrix(truncated, count: 3) == Array(drawn.prefix(3 * Self.size)))
    // Those of numbers below a limit that are normal otherwise: variance 1 - 2 t p(t) / (2 P(t) - 1).
    let mean = drawn.reduce(0) { $0 + Double($1) } / Double(drawn.count)
    #expect(abs(mean) < 4 * Double(min(limit, 1)) / Double(drawn.count).squareRoot())
  }
}
