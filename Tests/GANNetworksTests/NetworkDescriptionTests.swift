import Foundation
import GANGraph
import GANTensor
import Testing

@testable import GANNetworks

@Suite("Descriptions of networks say what their graphs do")
struct NetworkDescriptionTests {
  @Test("The table of cases has every kind of layer")
  func kinds() {
    let kinds = Set(LayerCase.all.map(\.kind))
    #expect(Layer.kinds.allSatisfy { kinds.contains($0.kind) })
    #expect(Set(Layer.kinds.map { $0.kind }).count == Layer.kinds.count)
  }

  @Test("Every layer survives JSON")
  func roundTrip() throws {
    for network in LayerCase.all.map(\.network) {
      let json = try JSONEncoder().encode(network)
      #expect(try JSONDecoder().decode(NetworkDescription.self, from: json) == network)
    }
  }

  @Test("Layers are equal only where kind and hyperparameters are")
  func equality() {
    let layers: [Layer] = [
      .relu, .tanh, .leakyReLU(slope: 0.1), .leakyReLU(slope: 0.2), .batchNorm(channels: 2),
      .instanceNorm(channels: 2), .linear(inputs: 1, outputs: 1),
      .linear(inputs: 1, outputs: 1, bias: false), .residual(main: [.relu]),
      .residual(main: [], shortcut: [.relu]), Layer.relu.spectrallyNormalised,
    ]
    #expect(Set(layers).count == layers.count)
  }

  @Test("Shapes of results, counts of multiply-adds and of parameters are the graph's")
  func counts() throws {
    for layers in LayerCase.all {
      let (network, count) = (layers.network, layers.count)
      let builder = GraphBuilder()
      let labels = network.classCount.map { _ in builder.input("labels", [count], .int32) }
      let batch = Shape([count] + network.inputShape.dimensions)
      let result = Network(network, prefix: "state", in: builder)(
        builder.input("input", batch), .inference(labels: labels))
      #expect(
        result.shape == Shape([count] + (try network.outputShape()).dimensions), "\(layers.name)")
      builder.output(result, as: "result")
      let graph = try builder.finish()
      // A norm, u'Wv, is a product with the weight once a batch, and one of two vectors.
      let norms = network.parameters.reduce(0) { total, parameter in
        parameter.spectralAxis.map { total + parameter.shape.elementCount + parameter.shape[$0] }
          ?? total
      }
      #expect(
        graph.multiplyAddCount == count * network.multiplyAddsPerItem + norms, "\(layers.name)")
      #expect(
        graph.stateTypes.filter { state in
          network.tensorNames.contains { "state.\($0)" == state.name }
        }
        .count == network.tensorNames.count, "\(layers.name)")
      #expect(
        network.parameterCount == network.parameters.map(\.shape.elementCount).reduce(0, +))
    }
  }

  @Test("A network whose layers do not fit says which layer, and what it was given")
  func misfits() {
    let cases: [(NetworkDescription, String)] = [
      (
        NetworkDescription(inputShape: [3], layers: [.relu, .linear(inputs: 4, outputs: 1)]),
        "layer 1, linear, 4 to 1, does not take [3]"
      ),
      (
        NetworkDescription(inputShape: [2, 3, 3], layers: [.averagePooling()]),
        "layer 0, average pooling, 2 × 2, does not take [2, 3, 3]"
      ),
      (
        NetworkDescription(
          inputShape: [2], layers: [.residual(main: [.linear(inputs: 2, outputs: 3)])]),
        "layer 0, residual block of (linear, 2 to 3) and (the input), does not take [2]"
      ),
    ]
    for (network, text) in cases {
      let error = #expect(throws: NetworkError.self) { try network.outputShape() }
      #expect(error?.description == text)
    }
  }

  @Test("Labels are of the classes that every layer knows")
  func classes() {
    func network(_ layers: Layer...) -> NetworkDescription {
      NetworkDescription(inputShape: [1], layers: layers)
    }
    #expect(network(.relu).classCount == nil)
    let (few, many) = (
      Layer.labelConcatenation(classes: 2, shape: [1]), Layer.projection(inputs: 2, classes: 10)
    )
    #expect(network(few, many).classCount == 2)
    #expect(network(.residual(main: [many], shortcut: [few])).classCount == 2)
    #expect(network(many.spectrallyNormalised).classCount == 10)
  }

  @Test("Every dropout layer draws under a name of its own, in blocks too")
  func dropoutNames() {
    let builder = GraphBuilder()
    var drawn: [String] = []
    let dropout = Layer.dropout(probability: 0.5)
    let network = NetworkDescription(
      inputShape: [3],
      layers: [
        dropout,
        .residual(main: [.relu, dropout, .residual(main: [dropout])], shortcut: [dropout]),
        dropout,
      ])
    _ = Network(network, prefix: "state", in: builder)(
      builder.input("input", [2, 3]),
      .training { layer, shape in
        drawn.append(layer)
        return builder.constant(0.7, shape)
      })
    #expect(drawn == ["0", "1.main.1", "1.main.2.main.0", "1.shortcut.0", "2"])
  }
}
