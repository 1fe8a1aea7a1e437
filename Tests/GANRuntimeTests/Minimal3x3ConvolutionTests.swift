import GANGraph
import GANRuntime
import GANTensor
import GANTestSupport
import Testing

/// Channels come last there, as the processor's profile has them.
@Suite("Convolutions of 3 x 3 windows by minimal filtering")
struct Minimal3x3ConvolutionTests {
  struct Case: CustomTestStringConvertible {
    let images: Int
    let groups: Int
    /// Of a group.
    let channels: Int
    let filters: Int
    let extents: [Int]
    let padding: Int

    var testDescription: String {
      "\(images) x \(groups) x \(channels) x \(extents), \(filters) filters, padding \(padding)"
    }

    /// Whole tiles, half ones at either end, one window, no padding and as much as there is use for; channels
    /// that fill one vector or whole panels of every instruction set, and half ones; one group and several.
    static let all = [
      Case(images: 2, groups: 4, channels: 16, filters: 16, extents: [8, 8], padding: 1),
      Case(images: 3, groups: 1, channels: 48, filters: 16, extents: [6, 10], padding: 1),
      Case(images: 1, groups: 2, channels: 32, filters: 48, extents: [7, 9], padding: 1),
      Case(images: 5, groups: 3, channels: 16, filters: 16, extents: [3, 3], padding: 0),
      Case(images: 2, groups: 1, channels: 80, filters: 64, extents: [5, 4], padding: 2),
      Case(images: 9, groups: 2, channels: 16, filters: 16, extents: [16, 16], padding: 1),
    ]

    /// The convolution with what follows it, and its gradients.
    func graph() throws -> Graph {
      let builder = GraphBuilder()
      let x = builder.input("x", [images, groups * channels, extents[0], extents[1]])
      let w = builder.input("w", [groups * filters, channels, 3, 3])
      let bias = builder.input("b", [groups * filters])
      var y = x.convolved(with: w, stride: 1, padding: padding, groups: groups)
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
    // Four such numbers added up, and quarters of nine, have few digits.
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
    // Sums of up to 9 x 80 products of numbers below 9, each rounded, relative to the largest.
    let wrong = errors.filter { !($0.value <= 2e-5) }
    #expect(wrong == [:])
  }

  @Test("They serve what they are for, and refuse what they are not", arguments: [16, 24])
  func choice(channels: Int) async throws {
    let graph = try Case(
      images: 2, groups: 2, channels: channels, filters: 16, extents: [8, 8], padding: 1
    ).graph()
    let explanation = try await CPUEngine.shared.explanation(of: graph)
    let served = explanation.split(separator: "\n").filter {
      $0.contains("onvolution") && $0.contains("threads, minimal filtering")
    }
    // The gradient in the weights is the core's.
    #expect(served.count == (channels == 16 ? 2 : 0), "\(explanation)")
    #expect(
      explanation.contains("refused: 24 and 16 channels in a group") == (channels == 24),
      "\(explanation)")
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
