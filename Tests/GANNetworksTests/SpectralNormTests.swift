import GANGraph
import GANNetworks
import GANRuntime
import GANTensor
import GANTestSupport
import Testing

@Suite("Spectral normalisation divides by the greatest singular value")
struct SpectralNormTests {
  /// A matrix by rows, and the layer that multiplies with it.
  struct Case: Sendable, CustomTestStringConvertible {
    let rows: Int
    let columns: Int

    var testDescription: String { "\(rows) × \(columns)" }
    var layers: AppliedLayers {
      AppliedLayers(
        on: [columns],
        Layer.linear(inputs: columns, outputs: rows, bias: false).spectrallyNormalised)
    }
  }

  static let cases = [(1, 1), (1, 7), (7, 1), (3, 5), (5, 3), (4, 4)].map {
    Case(rows: $0, columns: $1)
  }

  /// The gap between the two greatest singular values decides how fast iterations converge; these
  /// matrices, whose seed is fixed, are there after 300.
  @Test("After many iterations the norm of what a layer multiplies with is 1", arguments: cases)
  func norm(matrix: Case) throws {
    let identity = (0..<matrix.columns * matrix.columns).map {
      $0 % (matrix.columns + 1) == 0 ? 1.0 : 0
    }
    // Column by column, since a batch of unit vectors gives the columns.
    let columns = try matrix.layers(identity, powerIterations: 300, drawing: nil)
    let effective = (0..<matrix.rows * matrix.columns).map {
      columns[$0 % matrix.columns * matrix.rows + $0 / matrix.columns]
    }
    #expect(abs(greatestSingularValue(effective, matrix) - 1) < 1e-9)
  }

  @Test("The first vectors are the fifteenth of the power iteration from the stream's normals")
  func start() throws {
    for (position, purpose) in [
      RandomPurpose.generatorInitialisation, .discriminatorInitialisation,
    ].enumerated() {
      let network = NetworkDescription(
        inputShape: [2],
        layers: [
          .linear(inputs: 2, outputs: 3), .linear(inputs: 3, outputs: 5).spectrallyNormalised,
        ])
      let tensors = Dictionary(
        uniqueKeysWithValues: network.initialTensors(seed: 9, purpose: purpose).map {
          ($0.name, $0.tensor.floats.map(Double.init))
        })
      // The weight is the third of the network's parameters.
      let stream = RandomStream(
        seed: 9, purpose: .spectralVectors, step: UInt64(position) << 40 + 2)
      let weight = try #require(tensors["1.parametrizations.weight.original"])
      var u = unit((0..<5).map { Double(stream.normal(at: $0)) })
      var v = unit((5..<8).map { Double(stream.normal(at: $0)) })
      for _ in 0..<15 {
        u = unit((0..<5).map { row in (0..<3).reduce(0) { $0 + weight[3 * row + $1] * v[$1] } })
        v = unit(
          (0..<3).map { column in (0..<5).reduce(0) { $0 + weight[3 * $1 + column] * u[$1] } })
      }
      // Single precision holds them.
      #expect(distance(try #require(tensors["1.parametrizations.weight.0._u"]), u) < 1e-7)
      #expect(distance(try #require(tensors["1.parametrizations.weight.0._v"]), v) < 1e-7)
    }
  }

  @Test("The power iteration of a weight of nothing but zeros ends at zeros, not at no numbers")
  func zeros() throws {
    var layers = SpectralNormTests.Case(rows: 2, columns: 3).layers
    layers.set("0.parametrizations.weight.original", to: [0, 0, 0, 0, 0, 0])
    let builder = GraphBuilder()
    var network = Network(layers.network, prefix: "state", in: builder)
    network.iteratePower()
    for (name, vector) in network.buffers { builder.output(vector, as: name) }
    let vectors = try ReferenceBackend().run(builder.finish(), state: layers.state).outputs
    #expect(vectors.values.allSatisfy { $0.reals.allSatisfy { $0 == 0 } })
  }

  @Test("One iteration serves all applications until the next, also after the parameters' step")
  func iterations() throws {
    let layers = SpectralNormTests.Case(rows: 3, columns: 2).layers
    let builder = GraphBuilder()
    var network = Network(layers.network, prefix: "state", in: builder)
    network.iteratePower()
    let (u, v) = (
      network.buffers["0.parametrizations.weight.0._u"],
      network.buffers["0.parametrizations.weight.0._v"]
    )
    _ = network.train(
      on: builder.input("input", [1, 2]), .training { _, _ in builder.constant(0) })
    network.adopt(network.parameters.mapValues { $0 * 2 })
    #expect(network.buffers["0.parametrizations.weight.0._u"]?.id == u?.id)
    #expect(network.buffers["0.parametrizations.weight.0._v"]?.id == v?.id)
    let input = builder.input("input", [1, 2])
    builder.output(network(input), as: "doubled")
    network.adopt(network.parameters.mapValues { $0 * 0.5 })
    builder.output(network(input), as: "before")
    let outputs = try ReferenceBackend().run(
      builder.finish(), inputs: ["input": ReferenceTensor([1, 2], [3, 4])], state: layers.state
    ).outputs
    // The norm doubles with the weights.
    let (doubled, before) = (
      try #require(outputs["doubled"]).reals, try #require(outputs["before"]).reals
    )
    #expect(distance(doubled, before) < 1e-12)
  }

  private func unit(_ vector: [Double]) -> [Double] {
    let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return vector.map { $0 / norm }
  }

  /// By power iterations of the test's own, from a vector that is orthogonal to nothing.
  private func greatestSingularValue(_ matrix: [Double], _ size: Case) -> Double {
    var v = (0..<size.columns).map { 1 + Double($0) / 7 }
    var norm = 0.0
    for _ in 0..<2000 {
      v = unit(v)
      let u = (0..<size.rows).map { row in
        (0..<size.columns).reduce(0) { $0 + matrix[size.columns * row + $1] * v[$1] }
      }
      norm = u.reduce(0) { $0 + $1 * $1 }.squareRoot()
      v = (0..<size.columns).map { column in
        (0..<size.rows).reduce(0) { $0 + matrix[size.columns * $1 + column] * u[$1] }
      }
    }
    return norm
  }
}
