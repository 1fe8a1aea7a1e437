import GANGraph
import GANRuntime
import GANTensor
import GANTestSupport
import Testing

@Suite("Convolutions of the CPU backend agree with the reference backend")
struct CPUConvolutionTests {
  /// Sums of up to 9 × 33 products of values below 1, or of as many pixels, rounded in another
  /// order, relative to the largest.
  private static let bound = 2e-5

  /// Extents 1, primes, and beside the width of a block of channels.
  private static let channels = [1, 2, 3, 16, 17, 33]

  @Test(
    "All three kinds and their epilogues, in both layouts, over random shapes",
    arguments: 0..<6 as Range<UInt64>, [1, 2])
  func kindsAgree(block: UInt64, threadCount: Int) async throws {
    for seed in block * 8..<(block + 1) * 8 {
      var random = SplitMix(seed: seed)
      let (graph, inputs) = try Self.network(&random)
      for optimizing in [false, true] {
        let errors = try await CPUEngine.shared.errors(
          of: graph, inputs: inputs, optimizing: optimizing, threadCount: threadCount)
        let wrong = errors.filter { !($0.value <= Self.bound) }
        #expect(wrong == [:], "seed \(seed), optimised \(optimizing)\n\(graph)")
      }
    }
  }

  @Test(
    "So do grouped and depthwise ones, on the core and in loops of their own",
    arguments: [
      (1, 16, 16), (2, 16, 16), (3, 16, 32), (2, 5, 3), (16, 1, 1), (33, 1, 1), (7, 1, 2),
    ],
    [1, 2])
  func groupsAgree(extents: (groups: Int, channels: Int, filters: Int), threadCount: Int)
    async throws
  {
    let (groups, channels, filters) = extents
    var random = SplitMix(seed: UInt64(groups * 1_000 + channels))
    for (window, stride, padding, side) in [(1, 1, 0, 5), (3, 1, 1, 7), (4, 2, 1, 8), (4, 1, 0, 4)]
    {
      let builder = GraphBuilder()
      let x = builder.input("x", [5, groups * channels, side, side])
      let w = builder.input("w", [groups * filters, channels, window, window])
      let bias = builder.input("bias", [groups * filters])
      let bare = x.convolved(with: w, stride: stride, padding: padding, groups: groups)
      let y = (bare + bias.broadcast(to: bare.shape, axes: [1])).leakyReLU(slope: 0.2)
      builder.output(y, as: "y")
      builder.output(bare * builder.input("scale", bare.shape), as: "bare")
      let value = (y * builder.input("cotangent", y.shape)).sum()
      let gradients = value.gradients(withRespectTo: [x, w])
      for (name, gradient) in zip(["x", "w"], gradients) {
        builder.output(gradient, as: "gradient of \(name)")
      }
      // As a penalty has it.
      let penalty = gradients[0].summedSquares(over: [0, 1, 2, 3])
      builder.output(penalty.gradients(withRespectTo: [w])[0], as: "second order")
      let graph = try builder.finish()
      var inputs: [String: ReferenceTensor] = [:]
      for case .input(let name, let type) in graph.nodes.map(\.op) {
        let scale = name == "w" ? 1 / Double(channels * window * window).squareRoot() : 1
        inputs[name] = ReferenceTensor(
          type.shape, random.reals(type.shape.elementCount, in: -scale...scale))
      }
      for optimizing in [false, true] {
        let errors = try await CPUEngine.shared.errors(
          of: graph, inputs: inputs, optimizing: optimizing, threadCount: threadCount)
        let wrong = errors.filter { !($0.value <= Self.bound) }
        #expect(wrong == [:], "\(window) × \(window), optimised \(optimizing)")
      }
    }
  }

  /// Channels that fill a tile of the interpreter evenly, that do not, and more than fit in it.
  @Test(
    "What every pixel gets per channel is the same in every tile",
    arguments: [1, 16, 48, 64, 1024],
    [1, 2])
  func normalisationAgrees(channels: Int, threadCount: Int) async throws {
    let builder = GraphBuilder()
    let x = builder.input("x", [3, 1, 5, 7])
    let y = x.convolved(with: builder.input("w", [channels, 1, 1, 1]))
    func wide(_ vector: Tensor) -> Tensor { vector.broadcast(to: y.shape, axes: [1]) }
    let centred = y - wide(y.summed(over: [0, 2, 3]) * (1.0 / 105))
    let variance = (centred * centred).summed(over: [0, 2, 3]) * (1.0 / 105)
    let scaled = centred / wide((variance + 0.5).squareRoot())
    builder.output(
      (scaled * wide(builder.input("scale", [channels])) + wide(builder.input("shift", [channels])))
        .relu(), as: "y")
    var random = SplitMix(seed: UInt64(channels))
    var inputs: [String: ReferenceTensor] = [:]
    let graph = try builder.finish()
    for case .input(let name, let type) in graph.nodes.map(\.op) {
      inputs[name] = ReferenceTensor(
        type.shape, random.reals(type.shape.elementCount, in: -1...1))
    }
    let errors = try await CPUEngine.shared.errors(
      of: graph, inputs: inputs, optimizing: true, threadCount: threadCount)
    #expect(errors.allSatisfy { $0.value < Self.bound }, "\(errors)")
  }

  /// A convolution with what may follow it, and the gradients of what it gives.
  private static func network(
    _ random: inout SplitMix
  ) throws -> (Graph, [String: ReferenceTensor]) {
    let builder = GraphBuilder()
    let window: Shape = [random.choice([1, 2, 3, 4, 5]), random.choice([1, 3, 4])]
    let (stride, padding) = (random.choice([1, 2, 3]), random.choice([0, 1, 2]))
    let extents = window.dimensions.map { max($0, random.choice([1, 4, 5, 7, 8])) }
    let (inputChannels, outputChannels) = (random.choice(channels), random.choice(channels))
    let x = builder.input("x", [random.choice([1, 2, 5]), inputChannels, extents[0], extents[1]])
    let w = builder.input("w", [outputChannels, inputChannels, window[0], window[1]])
    var y = x.convolved(with: w, stride: stride, padding: padding)
    let bias = builder.input("bias", [outputChannels])
    if random.oneIn(2) {
      let wide = bias.broadcast(to: y.shape, axes: [1])
      y = random.oneIn(2) ? y + wide : wide + y
    }
    switch Int.random(in: 0..<5, using: &random) {
    case 0: y = y.relu()
    case 1: y = y.leakyReLU(slope: 0.2)
    case 2: y = y.tanh()
    case 3: y = y.sigmoid()
    default: break
    }
    builder.output(y, as: "y")
    let value = (y * builder.input("cotangent", y.shape)).sum()
    for (name, gradient) in zip(["x", "w", "b"], value.gradients(withRespectTo: [x, w, bias])) {
      builder.output(gradient, as: "gradient of \(name)")
    }
    let graph = try builder.finish()
    var inputs: [String: ReferenceTensor] = [:]
    for case .input(let name, let type) in graph.nodes.map(\.op) {
      let scale = name == "w" ? 1 / Double(inputChannels * window.elementCount).squareRoot() : 1
      inputs[name] = ReferenceTensor(
        type.shape, random.reals(type.shape.elementCount, in: -scale...scale))
    }
    return (graph, inputs)
  }
}
