import GANGraph
import GANNetworks
import GANRuntime
import GANTensor
import GANTestSupport
import Testing

@Suite("Layers obey their laws")
struct LayerLawTests {
  /// Sums of a few dozen numbers of order 1, in double precision.
  static let bound = 1e-12

  private func reals(_ count: Int, seed: UInt64 = 7) -> [Double] {
    var random = SplitMix(seed: seed)
    return random.reals(count, in: -2...2)
  }

  // MARK: Images of other sizes

  @Test(
    "Average pooling undoes upsampling by nearest neighbours", arguments: 1...4,
    [[1, 1, 1], [2, 3, 5]] as [Shape])
  func poolingUndoesUpsampling(factor: Int, shape: Shape) throws {
    let layers = AppliedLayers(
      on: shape, .upsampling(factor: factor), .averagePooling(window: factor))
    let x = reals(2 * shape.elementCount)
    #expect(distance(try layers(x), x) < Self.bound)
  }

  @Test("Bilinear upsampling keeps means, and ramps apart from their ends", arguments: 1...4)
  func bilinear(factor: Int) throws {
    let layers = AppliedLayers(on: [1, 1, 5], .upsampling(factor: factor, .bilinear))
    let x = reals(5)
    #expect(abs(moments(try layers(x)).mean - moments(x).mean) < Self.bound)

    // Every row, since the ramp is the same along all of them.
    let row = (0..<5 * factor).map { position in
      min(max((Double(position) + 0.5) / Double(factor) - 0.5, 0), 4)
    }
    let rows = (0..<factor).flatMap { _ in row }
    #expect(distance(try layers([0, 1, 2, 3, 4]), rows) < Self.bound)
  }

  /// Quarters and eighths of small whole numbers, which are exact.
  @Test("The binomial filter weighs neighbours 1, 3, 3, 1, with zeros beyond the edge")
  func binomial() throws {
    let enlarged = try AppliedLayers(on: [1, 2, 2], .binomialResampling(.enlarging))([1, 2, 3, 4])
    #expect(
      enlarged == [
        0.5625, 0.9375, 1.3125, 1.125, 1.125, 1.75, 2.25, 1.875, 1.875, 2.75, 3.25, 2.625, 1.6875,
        2.4375, 2.8125, 2.25,
      ])
    let reduced = try AppliedLayers(on: [1, 4, 4], .binomialResampling(.reducing))(
      (0..<16).map(Double.init))
    #expect(reduced == [2.734375, 3.9375, 7.546875, 8.75])
  }

  @Test("Reducing by the binomial filter is the adjoint of enlarging, divided by 4")
  func binomialAdjoints() throws {
    let small = reals(2 * 3 * 4 * 5)
    let large = reals(2 * 3 * 8 * 10, seed: 8)
    let enlarged = try AppliedLayers(on: [3, 4, 5], .binomialResampling(.enlarging))(small)
    let reduced = try AppliedLayers(on: [3, 8, 10], .binomialResampling(.reducing))(large)
    func product(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
    #expect(abs(product(enlarged, large) - 4 * product(small, reduced)) < 1e3 * Self.bound)
  }

  @Test("Samples are clipped, and what trains is not")
  func clipping() throws {
    let layers = AppliedLayers(on: [4], .clipping)
    #expect(try layers([-3, -0.5, 1, 1.25], drawing: nil) == [-1, -0.5, 1, 1])
    #expect(try layers([-3, -0.5, 1, 1.25]) == [-3, -0.5, 1, 1.25])
    #expect(try layers([.nan, 0, 0, 0], drawing: nil)[0].isNaN)
  }

  @Test("Sum pooling is average pooling over all pixels, times their number")
  func sumPooling() throws {
    let x = reals(2 * 3 * 4 * 4)
    let sums = try AppliedLayers(on: [3, 4, 4], .sumPooling)(x)
    let means = try AppliedLayers(on: [3, 4, 4], .averagePooling(window: 4))(x)
    #expect(distance(sums, means.map { 16 * $0 }) < Self.bound)
  }

  // MARK: Normalisation

  /// What epsilon leaves of a variance of 1.
  @Test("In training, each channel of a normalised batch has mean 0 and variance 1")
  func batchNorm() throws {
    for (shape, count) in [([3], 7), ([3, 2, 4], 2)] as [(Shape, Int)] {
      let epsilon = 1e-9
      let layers = AppliedLayers(on: shape, .batchNorm(channels: 3, epsilon: epsilon))
      let y = try layers(reals(count * shape.elementCount))
      let pixels = shape.elementCount / 3
      for channel in 0..<3 {
        let (mean, variance) = moments(
          y.indices.filter { $0 / pixels % 3 == channel }.map { y[$0] })
        #expect(abs(mean) < Self.bound && abs(variance - 1) < 10 * epsilon, "\(shape)")
      }
    }
  }

  @Test("In inference, batch normalisation is the line that its running statistics make")
  func batchNormInInference() throws {
    var layers = AppliedLayers(on: [2], .batchNorm(channels: 2, epsilon: 0.25))
    layers.set("0.running_mean", to: [1, -2])
    layers.set("0.running_var", to: [0.75, 3.75])
    layers.set("0.weight", to: [3, 4])
    layers.set("0.bias", to: [5, 6])
    #expect(try layers([2, 0, 1, -2], drawing: nil) == [8, 10, 5, 6])
  }

  @Test("Each channel of an item, and each item, has mean 0 and variance 1 once normalised")
  func ofItems() throws {
    let (shape, epsilon): (Shape, Double) = ([3, 2, 4], 1e-9)
    let x = reals(2 * shape.elementCount)
    for (layer, size) in [
      (Layer.instanceNorm(channels: 3, epsilon: epsilon), 8),
      (Layer.layerNorm(shape: shape, epsilon: epsilon), 24),
    ] {
      let y = try AppliedLayers(on: shape, layer)(x)
      for start in stride(from: 0, to: y.count, by: size) {
        let (mean, variance) = moments(Array(y[start..<start + size]))
        #expect(abs(mean) < Self.bound && abs(variance - 1) < 10 * epsilon, "\(layer)")
      }
    }
  }

  @Test("What is normalised over a single value is its shift")
  func singleValues() throws {
    for (layer, shape) in [
      (.batchNorm(channels: 2), [2]), (.instanceNorm(channels: 2), [2, 1, 1]),
    ] as [(Layer, Shape)] {
      var layers = AppliedLayers(on: shape, layer)
      layers.set("0.bias", to: [3, 4])
      #expect(try layers([5, 6]) == [3, 4], "\(layer)")
    }
  }

  @Test("Running statistics are the state of the next run, and inference leaves them alone")
  func runningStatistics() throws {
    let layers = LayerCase("", on: [2], count: 3, .batchNorm(channels: 2))
    let builder = GraphBuilder()
    var network = Network(layers.network, prefix: "state", in: builder)
    let input = builder.input("input", [3, 2])
    let before = network.buffers.mapValues(\.id)
    _ = network(input)
    #expect(network.buffers.mapValues(\.id) == before)
    for _ in 0..<2 {
      _ = network.train(on: input, .training { _, shape in builder.constant(0, shape) })
    }
    network.recordUpdates()
    for (name, value) in network.orderedTensors { builder.output(value, as: name) }
    let graph = try builder.finish()
    #expect(graph.updates.count == 3)
    let (outputs, state) = try ReferenceBackend().run(
      graph, inputs: layers.inputs(of: graph, seed: 1), state: layers.state(seed: 1).asStates)
    #expect(state == outputs.asStates)
    #expect(state["state.0.num_batches_tracked"]?.integers == [5])
  }

  /// What batch normalisation of two channels makes of a batch in training, and its state afterwards.
  private func normalised(
    _ values: [Double], _ shape: Shape, parts: Int
  ) throws -> (output: [Double], state: [String: ReferenceTensor]) {
    let layers = AppliedLayers(on: shape, .batchNorm(channels: 2))
    let builder = GraphBuilder()
    var network = Network(layers.network, prefix: "state", in: builder)
    let batch = Shape([values.count / shape.elementCount] + shape.dimensions)
    let output = network.train(
      on: builder.input("input", batch),
      .training(statisticsParts: parts) { _, shape in builder.constant(0, shape) })
    network.recordUpdates()
    builder.output(output, as: "output")
    let (outputs, state) = try ReferenceBackend().run(
      builder.finish(), inputs: ["input": ReferenceTensor(batch, values)], state: layers.state)
    return (outputs["output"]?.reals ?? [], state)
  }

  @Test(
    "Parts of a batch are normalised as if each were alone, and running statistics learn their average",
    arguments: [[2], [2, 3, 2]] as [Shape])
  func partsOfBatches(shape: Shape) throws {
    let values = reals(6 * shape.elementCount)
    let (output, state) = try normalised(values, shape, parts: 3)
    let length = 2 * shape.elementCount
    let alone = try (0..<3).map {
      try normalised(Array(values[$0 * length..<($0 + 1) * length]), shape, parts: 1)
    }
    #expect(distance(output, alone.flatMap(\.output)) < Self.bound)
    for name in ["state.0.running_mean", "state.0.running_var"] {
      let average = try (0..<2).map { channel in
        try alone.reduce(0) { try $0 + #require($1.state[name]).reals[channel] } / 3
      }
      #expect(distance(try #require(state[name]).reals, average) < Self.bound, "\(name)")
    }
    #expect(state["state.0.num_batches_tracked"]?.integers == [1])

    // Six items are not four equal parts.
    let (whole, undivided) = (
      try normalised(values, shape, parts: 1), try normalised(values, shape, parts: 4)
    )
    #expect(undivided.output == whole.output && undivided.output != output)
  }

  @Test("An application sees the parameters of the last step")
  func adoptedParameters() throws {
    let layers = LayerCase("", on: [2], .linear(inputs: 2, outputs: 3))
    let builder = GraphBuilder()
    var network = Network(layers.network, prefix: "state", in: builder)
    let input = builder.input("input", [3, 2])
    builder.output(network(input), as: "before")
    network.adopt(network.parameters.mapValues { $0 * 2 })
    builder.output(network(input), as: "after")
    let graph = try builder.finish()
    let outputs = try ReferenceBackend().run(
      graph, inputs: layers.inputs(of: graph, seed: 1), state: layers.state(seed: 1).asStates
    ).outputs
    #expect(outputs["after"]?.reals == outputs["before"]?.reals.map { 2 * $0 })
  }

  // MARK: Rows

  @Test("Where layers say so, each item of a batch is computed from that item alone")
  func rows() throws {
    for layers in LayerCase.all where layers.network.isRowwise && layers.count > 1 {
      let applied = AppliedLayers(layers.network)
      let size = layers.network.inputShape.elementCount
      let x = reals(layers.count * size)
      let labels = layers.network.classCount.map { classes in
        (0..<layers.count).map { Int64($0 % classes) }
      }
      let alone = try (0..<layers.count).flatMap { item in
        try applied(
          Array(x[item * size..<(item + 1) * size]), labels: labels.map { [$0[item]] } ?? [])
      }
      #expect(try applied(x, labels: labels ?? []) == alone, "\(layers.name)")
    }
  }

  // MARK: Dropout

  @Test("A number is dropped where what is drawn is below the probability, else it is divided")
  func dropout() throws {
    let layers = AppliedLayers(on: [3], .dropout(probability: 0.25))
    #expect(try layers([1, 2, 3], drawing: 0.2499) == [0, 0, 0])
    #expect(distance(try layers([3, 6, 9], drawing: 0.25), [4, 8, 12]) < Self.bound)
    #expect(try layers([1, 2, 3], drawing: nil) == [1, 2, 3])
  }

  /// Within five standard deviations, of a share and of a mean of that many numbers.
  @Test("Dropout drops its share and keeps the mean", arguments: [0.1, 0.5, 0.9])
  func dropoutShare(probability: Double) throws {
    let count = 20_000
    let builder = GraphBuilder()
    let network = NetworkDescription(
      inputShape: [count], layers: [.dropout(probability: probability)])
    let zero = builder.constant(0, .scalar, .int64)
    builder.output(
      Network(network, prefix: "state", in: builder)(
        builder.constant(1, [1, count]),
        .training { _, shape in builder.random(.uniform, .dropout, shape, seed: zero, step: zero) }),
      as: "result")
    let outputs = try ReferenceBackend().run(builder.finish()).outputs
    let y = try #require(outputs["result"]).reals
    let deviation = (probability * (1 - probability) / Double(count)).squareRoot()
    let share = Double(y.count { $0 == 0 }) / Double(count)
    #expect(abs(share - probability) < 5 * deviation)
    #expect(abs(moments(y).mean - 1) < 5 * deviation / (1 - probability))
  }

  // MARK: Groups

  @Test("The deviation of equal items is the root of 1e-8")
  func deviationOfEquals() throws {
    let y = try AppliedLayers(on: [2], .minibatchDeviation())([1, 2, 1, 2, 1, 2, 1, 2])
    #expect(distance([y[2], y[5], y[8], y[11]], [1e-4, 1e-4, 1e-4, 1e-4]) < Self.bound)
  }

  @Test("The deviation does not depend on the order of a group, and is the same for all of it")
  func deviationOfGroups() throws {
    let layers = AppliedLayers(on: [2, 1, 3], .minibatchDeviation(groupSize: 3))
    let items = (0..<6).map { reals(6, seed: UInt64($0)) }
    func deviations(_ order: [Int]) throws -> [Double] {
      let y = try layers(order.flatMap { items[$0] })
      // The third channel, whose pixels are alike.
      return (0..<6).map { item in
        let channel = y[9 * item + 6..<9 * item + 9]
        #expect(Set(channel).count == 1)
        return channel.first ?? .nan
      }
    }
    // Item n belongs to group n mod 2.
    let first = try deviations([0, 1, 2, 3, 4, 5])
    #expect(first[0] == first[2] && first[0] == first[4] && first[1] == first[3])
    #expect(first[0] != first[1])
    #expect(distance(try deviations([4, 1, 0, 5, 2, 3]), first) < Self.bound)
    let swapped = [first[1], first[0], first[1], first[0], first[1], first[0]]
    #expect(distance(try deviations([1, 0, 3, 2, 5, 4]), swapped) < Self.bound)
  }

  // MARK: Blocks and classes

  @Test("An empty shortcut adds the input")
  func residual() throws {
    let main: [Layer] = [.softplus, .tanh]
    let x = reals(8)
    let alone = try AppliedLayers(on: [4], .softplus, .tanh)(x)
    let block = try AppliedLayers(on: [4], .residual(main: main))(x)
    #expect(block == zip(alone, x).map { $0 + $1 })
    #expect(try AppliedLayers(on: [4], .residual(main: []))(x) == x.map { 2 * $0 })
  }

  @Test("Each item finds the row of its own class beside it")
  func labelConcatenation() throws {
    var layers = AppliedLayers(on: [1], .labelConcatenation(classes: 3, shape: [2]))
    layers.set("0.weight", to: [10, 11, 20, 21, 30, 31])
    #expect(
      try layers([1, 2, 3, 4], labels: [2, 0, 2, 1]) == [
        1, 30, 31, 2, 10, 11, 3, 30, 31, 4, 20, 21,
      ]
    )
  }

  @Test("A projection multiplies each item with the row of its own class")
  func projection() throws {
    var layers = AppliedLayers(on: [2], .projection(inputs: 2, classes: 3))
    layers.set("0.linear.weight", to: [1, 10])
    layers.set("0.linear.bias", to: [1000])
    layers.set("0.embedding.weight", to: [0, 0, 100, 200, 300, 400])
    #expect(try layers([1, 2, 1, 2, 3, 4], labels: [0, 2, 1]) == [1021, 2121, 2143])
  }
}
