import GANGraph
import GANRuntime
import GANTensor
import GANTestSupport
import Testing

/// Multiples of 1/16 up to 4, as minimal filtering adds up four of them, are bfloat16s, and sums of a few
/// thousand of their products are exact in float32: in any order they are the reference's.
@Suite(
  "Products in bfloat16",
  .enabled(if: Precision.bfloat16.isAvailable, "the processor has no AVX512-BF16"))
struct BFloat16Tests {
  @Test(
    "A matrix product and its gradients are exact where every operand and sum is",
    arguments: [
      [1, 1, 16], [7, 2, 16], [100, 64, 256], [101, 63, 33], [37, 784, 48], [13, 5, 31],
      [3, 9, 200],
    ], [1, 2])
  func productsAreExact(extents: [Int], threadCount: Int) async throws {
    let builder = GraphBuilder()
    let x = builder.input("x", [extents[0], extents[1]])
    let weights = builder.input("w", [extents[2], extents[1]])
    let bias = builder.input("b", [extents[2]])
    let y =
      x.matmul(weights, transposingRHS: true)
      + bias.broadcast(to: [extents[0], extents[2]], axes: [1])
    builder.output(y, as: "y")
    let value = (y * builder.input("cotangent", y.shape)).sum()
    for (name, gradient) in zip("xwb", value.gradients(withRespectTo: [x, weights, bias])) {
      builder.output(gradient, as: "gradient of \(name)")
    }
    try await expectExact(builder.finish(), seed: UInt64(extents[1]), threadCount: threadCount)
  }

  @Test(
    "So are a convolution and its gradients",
    arguments: [
      // Images, channels, filters, extent, window, stride, padding.
      [2, 16, 32, 8, 4, 2, 1], [3, 1, 16, 9, 4, 2, 1], [2, 3, 33, 7, 3, 1, 1],
      [1, 34, 17, 5, 3, 1, 0],
      [5, 64, 1, 4, 4, 1, 0], [4, 64, 48, 4, 4, 1, 0], [2, 17, 16, 6, 1, 1, 0],
      [3, 32, 18, 1, 1, 1, 0],
    ], [1, 2])
  func convolutionsAreExact(extents: [Int], threadCount: Int) async throws {
    let builder = GraphBuilder()
    let x = builder.input("x", [extents[0], extents[1], extents[3], extents[3]])
    let weights = builder.input("w", [extents[2], extents[1], extents[4], extents[4]])
    let y = x.convolved(with: weights, stride: extents[5], padding: extents[6])
    builder.output(y, as: "y")
    let value = (y * builder.input("cotangent", y.shape)).sum()
    for (name, gradient) in zip("xw", value.gradients(withRespectTo: [x, weights])) {
      builder.output(gradient, as: "gradient of \(name)")
    }
    try await expectExact(builder.finish(), seed: UInt64(extents[1]), threadCount: threadCount)
  }

  @Test("Operands between two bfloat16s are rounded to the nearest")
  func operandsAreRounded() async throws {
    let builder = GraphBuilder()
    builder.output(
      builder.input("x", [4, 2]).matmul(builder.input("w", [2, 16])), as: "y")
    // Numbers of 8 bits, those a quarter and half a step above, and three quarters.
    let values = [
      1.0, 1 + 1.0 / 512, 1 + 1.0 / 256, 1 + 3.0 / 512, 1 + 1.0 / 128, 1 + 3.0 / 256, -3, 0,
    ]
    let rounded = [1.0, 1, 1, 1 + 1.0 / 128, 1 + 1.0 / 128, 1 + 1.0 / 64, -3, 0]
    let identity = (0..<32).map { $0 % 16 == $0 / 16 ? 1.0 : 0 }
    let y = try await CPUEngine.shared.outputs(
      of: builder.finish(),
      inputs: ["x": ReferenceTensor([4, 2], values), "w": ReferenceTensor([2, 16], identity)],
      threadCount: 1, precision: .bfloat16)["y"]
    let columns = y.map { y in (0..<8).map { y.reals[$0 / 2 * 16 + $0 % 2] } }
    #expect(columns == rounded)
  }

  @Test("Elsewhere it is refused with what it needs")
  func refusal() {
    #expect(throws: RuntimeError.noPrecision("bfloat16", device: "reference")) {
      try DeviceKind.reference.makeDevice(threadCount: 1, precision: .bfloat16)
    }
  }

  private func expectExact(_ graph: Graph, seed: UInt64, threadCount: Int) async throws {
    var random = SplitMix(seed: seed)
    var inputs: [String: ReferenceTensor] = [:]
    for case .input(let name, let type) in graph.nodes.map(\.op) {
      let values = (0..<type.shape.elementCount).map { _ in
        Double(Int.random(in: -16...16, using: &random)) / 16
      }
      inputs[name] = ReferenceTensor(type.shape, values)
    }
    let errors = try await CPUEngine.shared.errors(
      of: graph, inputs: inputs, optimizing: true, threadCount: threadCount, precision: .bfloat16)
    #expect(errors.filter { $0.value != 0 } == [:], "\(graph)")
  }
}
