import GANGraph
import GANRuntime
import GANTensor
import GANTestSupport
import Testing

@testable import GANNetworks

@Suite("Plans of networks become networks")
struct NetworkPlanTests {
  /// A plan with both players' options, none of which keeps it from being made.
  struct Planned {
    let plan: NetworkPlan
    let options: PlayerOptions
    var generator: NetworkDescription { plan.generator(options) }
    var discriminator: NetworkDescription { plan.discriminator(options) }
  }

  /// Every architecture with every conditioning and normalisation, over sizes.
  static func plans(_ architecture: Architecture) -> [Planned] {
    let shapes: [Shape] =
      architecture == .mlp
      ? [[2], [1, 3, 5]] : [[1, 4, 4], [3, 8, 8], [1, 28, 28], [3, 12, 12]]
    return Conditioning.allCases.flatMap { conditioning in
      Normalization.allCases.flatMap { normalization in
        shapes.flatMap { shape in
          widths.flatMap { hidden in
            [(1, 0, 0.0), (1, 4, 0.5), (2, 0, 0.5)].compactMap { packing, group, dropout in
              let plan = NetworkPlan(
                architecture, itemShape: shape, latentSize: 5, conditioning: conditioning,
                classCount: 3, packing: packing, minibatchDeviation: group)
              var options = PlayerOptions(activation: .relu)
              options.hidden = hidden
              options.normalization = normalization
              options.dropout = dropout
              return plan.defect(generator: options, discriminator: options) == nil
                ? Planned(plan: plan, options: options) : nil
            }
          }
        }
      }
    }
  }

  /// The last of them has blocks of a single group, of one and of two.
  private static let widths = [[], [3], [3, 2], [4, 3, 2], [3, 8, 16]]

  @Test(
    "Generators make items, discriminators judge packs of them", arguments: Architecture.allCases)
  func shapes(architecture: Architecture) throws {
    let all = Self.plans(architecture)
    // One has neither normalisation nor dropout, and two ways to tell classes.
    #expect(all.count > (architecture == .r3gan ? 20 : 100))
    for planned in all {
      let plan = planned.plan
      let items = try planned.generator.outputShape()
      let judged = planned.discriminator.inputShape
      if architecture == .mlp {
        #expect(items == [plan.itemShape.elementCount], "\(planned)")
        #expect(judged == [plan.packing * plan.itemShape.elementCount], "\(planned)")
      } else {
        #expect(items == plan.itemShape, "\(planned)")
        #expect(
          judged == plan.itemShape.replacing(axis: 0, with: plan.packing * plan.itemShape[0]),
          "\(planned)")
      }
      #expect(try planned.discriminator.outputShape() == [plan.logitCount], "\(planned)")
      #expect(planned.generator.inputShape == [plan.latentSize], "\(planned)")
    }
  }

  @Test("R3GAN's blocks have whole groups of 16 channels, or a single one of fewer")
  func groups() {
    let plan = NetworkPlan(.r3gan, itemShape: [1, 8, 8], latentSize: 3)
    for (width, groups) in [
      (1, 1), (2, 1), (7, 1), (8, 1), (9, nil), (12, nil), (16, 2), (24, 3), (100, nil),
      (128, 16),
    ] as [(Int, Int?)] {
      var options = PlayerOptions(activation: .leakyReLU)
      var sound = options
      (options.hidden, sound.hidden) = ([width], [8])
      for (generator, discriminator) in [(options, sound), (sound, options)] {
        let defect = plan.defect(generator: generator, discriminator: discriminator)
        let reason = "needs hidden layers below 8 or multiples of it, not \(width)"
        #expect(defect?.reason == (groups == nil ? reason : nil))
      }
      guard let groups else { continue }
      for network in [plan.generator(options), plan.discriminator(options)] {
        let blocks = network.layers.compactMap { $0.content as? Residual }
        #expect(blocks.map { ($0.main[2].content as? Convolution2D)?.groups } == [groups])
      }
    }
  }

  @Test(
    "Networks are told classes just where the conditioning says so",
    arguments: Conditioning.allCases)
  func classes(conditioning: Conditioning) {
    for planned in Architecture.allCases.flatMap(Self.plans)
    where planned.plan.conditioning == conditioning {
      #expect(planned.generator.classCount == (conditioning == .none ? nil : 3))
      let isTold = [.concatenation, .projection].contains(conditioning)
      #expect(planned.discriminator.classCount == (isTold ? 3 : nil))
    }
  }

  /// Whichever the layer, of both branches where it is a block.
  @Test("No bias stands before a batch normalisation", arguments: Architecture.allCases)
  func biases(architecture: Architecture) {
    for planned in Self.plans(architecture) where planned.options.normalization == .batch {
      for network in [planned.generator, planned.discriminator] {
        #expect(biasesBeforeBatchNorm(network.layers) == [], "\(network)")
      }
    }
  }

  /// What normalises takes means away, of channels over pixels, wherever they come from.
  @Test("No bias of a generator with batch normalisation is without effect")
  func effects() throws {
    for architecture in Architecture.allCases {
      let plan = NetworkPlan(architecture, itemShape: [1, 8, 8], latentSize: 3)
      var options = PlayerOptions(activation: .softplus)
      (options.hidden, options.normalization) = ([3, 2], .batch)
      let layers = LayerCase("", plan.generator(options), count: 4)
      let builder = GraphBuilder()
      var network = Network(layers.network, prefix: "state", in: builder)
      let items = network.train(
        on: builder.input("input", [4, 3]), .training { _, shape in builder.constant(0, shape) })
      let weights = builder.input("weights", items.shape)
      let biases = network.orderedParameters.filter { $0.name.hasSuffix("bias") }
      let gradients = (weights * items).sum().gradients(withRespectTo: biases.map(\.tensor))
      for (bias, gradient) in zip(biases, gradients) { builder.output(gradient, as: bias.name) }
      let graph = try builder.finish()
      let outputs = try ReferenceBackend().run(
        graph, inputs: layers.inputs(of: graph, seed: 1), state: layers.state(seed: 1).asStates
      ).outputs
      for (name, gradient) in outputs {
        // Where it has none, rounding is 1e-16.
        #expect(gradient.reals.contains { abs($0) > 1e-9 }, "\(architecture): \(name)")
      }
    }
  }

  @Test("Networks look across the batch just where they hold a layer that does")
  func rows() {
    let layers = ["batch normalisation", "dropout", "minibatch standard deviation"]
    for planned in Architecture.allCases.flatMap(Self.plans) {
      for network in [planned.generator, planned.discriminator] {
        let text = network.layers.map(\.description).joined(separator: "; ")
        #expect(network.isRowwise == !layers.contains { text.contains($0) }, "\(text)")
      }
    }
  }

  /// Layers with a bias whose result a batch normalisation takes.
  private func biasesBeforeBatchNorm(_ layers: [Layer]) -> [Layer] {
    var found: [Layer] = []
    for (index, layer) in layers.enumerated() {
      if let block = layer.content as? Residual {
        found += biasesBeforeBatchNorm(block.main) + biasesBeforeBatchNorm(block.shortcut)
      }
      if layer.content is BatchNorm { found += biased(Array(layers[..<index])) }
    }
    return found
  }

  /// The layers with a bias among those that make a sequence's result, of both branches of a block.
  private func biased(_ layers: [Layer]) -> [Layer] {
    guard let last = layers.last else { return [] }
    if let block = last.content as? Residual { return biased(block.main) + biased(block.shortcut) }
    return last.content.parameters.contains { if case .bias = $0.role { true } else { false } }
      ? [last] : []
  }
}
