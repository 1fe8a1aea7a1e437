import GANGraph
import GANRuntime
import GANTensor
import GANTestSupport
import Testing

/// Channels come last there, as the processor's profile has them.
@Suite("Convolutions by minimal filtering")
struct MinimalConvolutionTests {
  /// The windows that there is minimal filtering for.
  enum Windows {
    /// Windows of 4 x 4 at stride 2, in one group.
    case four
    /// Windows of 3 x 3 at stride 1.
    case three

    var side: Int { self == .four ? 4 : 3 }
    var stride: Int { self == .four ? 2 : 1 }
  }

  struct Case: CustomTestStringConvertible {
    let windows: Windows
    let images: Int
    var groups = 1
    /// Of a group, as are `filters`.
    let channels: Int
    let filters: Int
    let extents: [Int]
    let padding: Int

    var testDescription: String {
      "\(windows), \(images) x \(groups) x \(channels) x \(extents), \(filters) filters, padding \(padding)"
    }

    /// Whole tiles, half ones at either end, one window, no padding and as much as there is use for or more;
    /// channels that fill one vector or whole panels of every instruction set, and half ones; one group and several.
    static let all = [
      Case(windows: .four, images: 2, channels: 16, filters: 32, extents: [8, 8], padding: 1),
      Case(windows: .four, images: 3, channels: 48, filters: 16, extents: [6, 10], padding: 1),
      Case(windows: .four, images: 1, channels: 32, filters: 48, extents: [7, 9], padding: 1),
      Case(windows: .four, images: 5, channels: 16, filters: 16, extents: [4, 4], padding: 0),
      Case(windows: .four, images: 2, channels: 80, filters: 64, extents: [5, 4], padding: 2),
      Case(windows: .four, images: 1, channels: 16, filters: 112, extents: [11, 6], padding: 3),
      Case(windows: .four, images: 9, channels: 64, filters: 64, extents: [16, 16], padding: 1),
      Case(
        windows: .three, images: 2, groups: 4, channels: 16, filters: 16, extents: [8, 8],
        padding: 1),
      Case(windows: .three, images: 3, channels: 48, filters: 16, extents: [6, 10], padding: 1),
      Case(
        windows: .three, images: 1, groups: 2, channels: 32, filters: 48, extents: [7, 9],
        padding: 1),
      Case(
        windows: .three, images: 5, groups: 3, channels: 16, filters: 16, extents: [3, 3],
        padding: 0),
      Case(windows: .three, images: 2, channels: 80, filters: 64, extents: [5, 4], padding: 2),
      Case(
        windows: .three, images: 9, groups: 2, channels: 16, filters: 16, extents: [16, 16],
        padding: 1),
    ]

    /// The convolution with what follows it, and its gradients.
    func graph() throws -> Graph {
      let builder = GraphBuilder()
      let x = builder.input("x", [images, groups * channels, extents[0], extents[1]])
      let w = builder.input("w", [groups * filters, channels, windows.side, windows.side])
      let bias = builder.input("b", [groups * filters])
      var y = x.convolved(with: w, stride: windows.stride, padding: padding, groups: groups)
      y = (y + bias.broadcast(to: y.shape, axes: [1])).leakyReLU(slope: 0.25)
      builder.output(y, as: "y")
      let value = (y * builder.input("cotangent", y.shape)).sum()
      for (name, gradient) in zip("xwb", value.gradients(withRespectTo: [x, w, bias])) {
        builder.output(gradient, as: "gradient of \(name)")
      }
      return try builder.finish()
    }
  }

  @Test(
    "Where every sum on the way is exact they are the reference's bits, in every precision there is",
    arguments: Case.all, [1, 2])
  func exactSums(test: Case, threadCount: Int) async throws {
    let graph = try test.graph()
    var random = SplitMix(seed: UInt64(test.channels))
    // Four such numbers added up are bfloat16s, a quarter of them too; quarters of nine have few digits.
    let inputs = Self.inputs(of: graph) { _ in Double(Int.random(in: -16...16, using: &random)) / 16
    }
    for precision in Precision.allCases where precision.isAvailable {
      let errors = try await CPUEngine.shared.errors(
        of: graph, inputs: inputs, optimizing: true, threadCount: threadCount, precision: precision)
      #expect(errors.filter { $0.value != 0 } == [:], "\(precision)")
    }
  }

  @Test("Of any numbers they agree with the reference to single precision", arguments: Case.all)
  func rounding(test: Case) async throws {
    let graph = try test.graph()
    var random = SplitMix(seed: UInt64(test.filters))
    let inputs = Self.inputs(of: graph) { _ in random.reals(1, in: -1...1)[0] }
    let errors = try await CPUEngine.shared.errors(
      of: graph, inputs: inputs, optimizing: true, threadCount: 2)
    // Sums of up to 16 x 80 products of numbers below 4, or 9 x 80 of some below 9, each rounded, relative to the
    // largest.
    let wrong = errors.filter { !($0.value <= 2e-5) }
    #expect(wrong == [:])
  }

  /// Of windows of 3 x 3 the gradient in the weights is the core's.
  @Test(
    "They serve what they are for, and refuse what they are not",
    arguments: [(Windows.four, 1, 3), (.three, 2, 2)], [16, 24])
  func choice(of kind: (windows: Windows, groups: Int, kernels: Int), channels: Int) async throws {
    let graph = try Case(
      windows: kind.windows, images: 2, groups: kind.groups, channels: channels, filters: 16,
      extents: [8, 8], padding: 1
    ).graph()
    let explanation = try await CPUEngine.shared.explanation(of: graph)
    let served = explanation.split(separator: "\n").filter {
      $0.contains("onvolution") && $0.contains("threads, minimal filtering")
    }
    #expect(served.count == (channels == 16 ? kind.kernels : 0), "\(explanation)")
    let refusal =
      switch kind.windows {
      case .four: "minimal filtering refused: 24 and 16 channels"
      case .three: "minimal filtering of 3 x 3 refused: 24 and 16 channels in a group"
      }
    #expect(explanation.contains(refusal) == (channels == 24), "\(explanation)")
  }

  private static func inputs(
    of graph: Graph, number: (Int) -> Double
  ) -> [String: ReferenceTensor] {
    var inputs: [String: ReferenceTensor] = [:]
    for case .input(let name, let type) in graph.nodes.map(\.op) {
      inputs[name] = ReferenceTensor(type.shape, (0..<type.shape.elementCount).map(number))
    }
    return inputs
  }
}
