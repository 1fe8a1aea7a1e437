import GANGraph
import GANRuntime
import GANTensor
import GANTestSupport
import Testing

@Suite("Sums of the CPU backend agree with the reference backend")
struct CPUSumTests {
  /// What batch, layer and instance normalisation, pooling and penalties sum over; with a rest after
  /// the last block of columns, and enough to share.
  static let cases: [(Shape, [Int])] = [
    ([8, 9, 7, 96], [0, 1, 2]), ([8, 9, 7, 97], [1, 2]), ([8, 9, 7, 97], [1, 2, 3]),
    ([8, 33, 9, 16], [0, 2, 3]), ([64, 4, 2, 70], [2]), ([16, 3, 2, 5, 2, 35], [2, 4]),
    ([5, 100, 80], [1]), ([8, 9, 7, 16], [0, 1, 2]), ([3, 1, 1, 512], [0, 1, 2]),
    ([40_000, 1], [0]), ([1, 40_000], [1]),
  ]

  @Test(arguments: cases, [1, 2])
  func everyPatternAgrees(of test: (shape: Shape, axes: [Int]), threadCount: Int) async throws {
    let builder = GraphBuilder()
    builder.output(builder.input("x", test.shape).summed(over: test.axes), as: "sum")
    var random = SplitMix(seed: 3)
    let x = ReferenceTensor(test.shape, random.reals(test.shape.elementCount, in: -1...1))
    let errors = try await CPUEngine.shared.errors(
      of: try builder.finish(), inputs: ["x": x], optimizing: false, threadCount: threadCount)
    // Accumulated in double and rounded once; what is summed was rounded too.
    #expect(errors.allSatisfy { $0.value < 1e-6 }, "\(errors)")
    #expect(errors.count == 1)
  }

  /// Less than a tile, tiles with a rest, more than a tile to a chunk.
  static let images: [Shape] = [[1, 2, 3, 16], [5, 3, 7, 64], [16, 9, 8, 256], [2, 13, 3, 512]]

  @Test(
    "What a region adds up on the way has the bits of a sum that reads memory", arguments: images)
  func sumsInRegions(shape: Shape) async throws {
    let builder = GraphBuilder()
    let x = builder.input("x", shape)
    let (y, axes) = (x * x, [0, 1, 2])
    builder.output(y.summed(over: axes), as: "alone")
    builder.output((y - 1).summed(over: axes), as: "second")
    let both = builder.input("y", shape)
    builder.output(both.summed(over: axes), as: "read")
    builder.output((both - 1).summed(over: axes), as: "secondRead")
    var random = SplitMix(seed: 4)
    let values = random.reals(shape.elementCount, in: -1...1).map { Double(Float($0)) }
    let squares = values.map { Double(Float($0) * Float($0)) }
    var expected: [Float] = []
    for threadCount in [1, 2, 3] {
      let outputs = try await CPUEngine.shared.outputs(
        of: try builder.finish(),
        inputs: ["x": ReferenceTensor(shape, values), "y": ReferenceTensor(shape, squares)],
        threadCount: threadCount)
      let alone = try #require(outputs["alone"])
      if expected.isEmpty { expected = alone }
      #expect(alone == expected)
      #expect(outputs["read"] == expected)
      #expect(outputs["second"] == outputs["secondRead"])
    }
  }
}
