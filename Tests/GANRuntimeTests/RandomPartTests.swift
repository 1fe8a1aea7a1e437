import GANGraph
import GANRuntime
import GANTensor
import GANTestSupport
import Testing

@Suite("Parts of a random tensor are what the whole has there")
struct RandomPartTests {
  // Cut at odd places, since normals come in pairs; the largest is shared by a team.
  static let cases: [(rows: Int, cut: Int)] = [(1, 1), (7, 3), (37, 13), (4_099, 2_001)]

  @Test(
    "Two parts equal the whole, on both backends", arguments: cases,
    [RandomDistribution.normal, .uniform])
  func parts(extents: (rows: Int, cut: Int), distribution: RandomDistribution) async throws {
    let (rows, cut) = extents
    let builder = GraphBuilder()
    let seed = builder.constant(5, .scalar, .int64)
    func output(_ name: String, first: Int, count: Int) {
      guard count > 0 else { return }
      builder.output(
        builder.random(
          distribution, .generatorLatents, [count, 3], first: 3 * first, seed: seed, step: seed),
        as: name)
    }
    output("whole", first: 0, count: rows)
    output("start", first: 0, count: cut)
    output("rest", first: cut, count: rows - cut)
    let graph = try builder.finish()
    #expect("\(graph)".contains("from \(3 * cut) ") == (rows > cut))

    let reference = try ReferenceBackend().run(graph).outputs.mapValues(\.hostTensor.floats)
    let processor = try await CPUEngine.shared.outputs(of: graph, inputs: [:], threadCount: 2)
    for outputs in [reference, processor] {
      let whole = try #require(outputs["whole"])
      #expect(try #require(outputs["start"]) + (outputs["rest"] ?? []) == whole)
      #expect(whole.count == 3 * rows)
    }
  }
}
