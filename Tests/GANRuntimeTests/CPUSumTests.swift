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
    ([5, 100, 80], [1]), ([40_000, 1], [0]), ([1, 40_000], [1]),
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
}
