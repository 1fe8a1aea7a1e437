import Foundation
import GANGraph
import GANNetworks
import GANTensor
import GANTestSupport
import Testing

@Suite("Descriptions in files may say anything, and none is a crash")
struct HostileNetworkTests {
  private func decoded(_ json: String) throws -> NetworkDescription {
    try JSONDecoder().decode(NetworkDescription.self, from: Data(json.utf8))
  }

  private func network(_ layer: String, on shape: String = "[4]") -> String {
    #"{"inputShape": \#(shape), "layers": [\#(layer)]}"#
  }

  @Test(
    "Layers that are none are refused",
    arguments: [
      #"{"kind": "perceptron"}"#, #"{}"#, "[]", "null", #""relu""#, #"{"kind": 7}"#,
      #"{"kind": "linear", "inputs": 4}"#,
      #"{"kind": "linear", "inputs": -4, "outputs": 1, "bias": true}"#,
      #"{"kind": "linear", "inputs": 4, "outputs": 0, "bias": true}"#,
      #"{"kind": "linear", "inputs": 4, "outputs": 1.5, "bias": true}"#,
      #"{"kind": "linear", "inputs": 4, "outputs": 9223372036854775807, "bias": true}"#,
      #"{"kind": "linear", "inputs": 4, "outputs": 9223372036854775808, "bias": true}"#,
      #"{"kind": "convolution", "inputs": 1, "outputs": 1, "window": 0, "stride": 1, "padding": 0, "bias": false}"#,
      #"{"kind": "convolution", "inputs": 1, "outputs": 1, "window": 1, "stride": 0, "padding": 0, "bias": false}"#,
      #"{"kind": "convolution", "inputs": 1, "outputs": 1, "window": 1, "stride": 1, "padding": -1, "bias": false}"#,
      #"{"kind": "convolution", "inputs": 1, "outputs": 1, "window": 1, "stride": 1, "padding": 9223372036854775806, "bias": false}"#,
      #"{"kind": "convolution", "inputs": 1, "outputs": 1, "window": 1, "stride": 1, "padding": 9223372036854775807, "bias": false}"#,
      #"{"kind": "transposedConvolution", "inputs": 1, "outputs": 1, "window": 1, "stride": 2, "padding": 0, "outputPadding": 2, "bias": false}"#,
      #"{"kind": "transposedConvolution", "inputs": 1, "outputs": 1, "window": 1, "stride": 2, "padding": 0, "outputPadding": -1, "bias": false}"#,
      #"{"kind": "leakyReLU", "slope": -1}"#,
      #"{"kind": "reshape", "shape": [2, -2]}"#, #"{"kind": "reshape", "shape": [0]}"#,
      #"{"kind": "reshape", "shape": [4294967296, 4294967296]}"#,
      #"{"kind": "batchNorm", "channels": 4, "epsilon": 0, "momentum": 0.1}"#,
      #"{"kind": "batchNorm", "channels": 4, "epsilon": 1, "momentum": 1.1}"#,
      #"{"kind": "layerNorm", "shape": [], "epsilon": 1}"#,
      #"{"kind": "layerNorm", "shape": [4], "epsilon": -1}"#,
      #"{"kind": "instanceNorm", "channels": 0, "epsilon": 1}"#,
      #"{"kind": "dropout", "probability": 1}"#, #"{"kind": "dropout", "probability": -0.1}"#,
      #"{"kind": "minibatchDeviation", "groupSize": 0}"#,
      #"{"kind": "upsampling", "factor": 0, "interpolation": "nearest"}"#,
      #"{"kind": "upsampling", "factor": 1000000, "interpolation": "nearest"}"#,
      #"{"kind": "upsampling", "factor": 2, "interpolation": "cubic"}"#,
      #"{"kind": "averagePooling", "window": 0}"#,
      #"{"kind": "labelConcatenation", "classes": 0, "shape": [1]}"#,
      #"{"kind": "labelConcatenation", "classes": 1, "shape": [1, 1]}"#,
      #"{"kind": "projection", "inputs": 4, "classes": -1}"#,
      #"{"kind": "residual", "main": [{"kind": "relu"}, {"kind": "perceptron"}], "shortcut": []}"#,
      #"{"kind": "residual", "main": []}"#,
      #"{"kind": "spectralNorm", "layer": {"kind": "dropout", "probability": 2}}"#,
      #"{"kind": "spectralNorm", "layer": {"kind": "spectralNorm", "layer": {"kind": "projection", "inputs": 4, "classes": 1}}}"#,
    ])
  func noLayers(layer: String) {
    #expect(throws: (any Error).self) { try decoded(network(layer)) }
  }

  @Test("Inputs that are none are refused")
  func noInputs() {
    for shape in ["[-1]", "[4294967296, 4294967296]", "4", "[1.5]", "null"] {
      #expect(throws: DecodingError.self, "\(shape)") { try decoded(network("", on: shape)) }
    }
    for shape in ["[0]", "[1, 1048576, 2097152]"] {
      #expect(throws: NetworkError.self, "\(shape)") {
        try decoded(network(#"{"kind": "tanh"}"#, on: shape)).outputShape()
      }
    }
  }

  @Test("Images that grow until no number counts them are refused by the layer that makes them")
  func growth() throws {
    let upsampling = #"{"kind": "upsampling", "factor": 256, "interpolation": "bilinear"}"#
    let transposed =
      #"{"kind": "transposedConvolution", "inputs": 1, "outputs": 1, "window": 1, "stride": 4096, "#
      + #""padding": 0, "outputPadding": 4095, "bias": false}"#
    for layer in [upsampling, transposed] {
      for isNested in [false, true] {
        let layers = repeatElement(layer, count: 9).joined(separator: ",")
        let description = try decoded(
          network(
            isNested
              ? #"{"kind": "residual", "main": [\#(layers)], "shortcut": [\#(layers)]}"# : layers,
            on: "[1, 2, 2]"))
        #expect(throws: NetworkError.self) { try description.outputShape() }
        #expect(description.multiplyAddsPerItem >= 0)
      }
    }
  }

  @Test("Counts of multiply-adds and parameters that no number holds are the greatest number")
  func counts() throws {
    let convolution =
      #"{"kind": "convolution", "inputs": 131072, "outputs": 131072, "window": 4096, "stride": 1, "#
      + #""padding": 2048, "bias": false}"#
    let layers = repeatElement(convolution, count: 40).joined(separator: ",")
    let description = try decoded(network(layers, on: "[131072, 2048, 2048]"))
    #expect(description.multiplyAddsPerItem == .max && description.parameterCount == .max)
  }

  /// Deeper than any network, and than a parser's patience.
  @Test("Nesting is read or refused, however deep", arguments: [10, 100, 10_000, 1_000_000])
  func nesting(depth: Int) {
    for (start, end) in [
      (#"{"kind": "residual", "shortcut": [], "main": ["#, "]}"),
      (#"{"kind": "spectralNorm", "layer": "#, "}"), ("[", "]"),
    ] {
      let layer =
        String(repeating: start, count: depth) + #"{"kind": "relu"}"#
        + String(repeating: end, count: depth)
      guard let description = try? decoded(network(layer)) else { continue }
      #expect(depth <= 100 && (try? description.outputShape()) == [4])
    }
  }

  /// Every description that is read is one: its graph can be built, unless it says why not.
  @Test(
    "Descriptions with random damage are refused, or make graphs", arguments: 0..<8 as Range<UInt64>
  )
  func damage(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let originals = try LayerCase.all.map {
      try JSONSerialization.jsonObject(with: JSONEncoder().encode($0.network))
    }
    var read = 0
    for _ in 0..<500 {
      let damaged = damage(random.choice(originals), &random)
      let json = try JSONSerialization.data(withJSONObject: damaged, options: .fragmentsAllowed)
      guard let network = try? JSONDecoder().decode(NetworkDescription.self, from: json) else {
        continue
      }
      read += 1
      try use(network)
    }
    #expect(read > 0)
  }

  @Test("Text with random damage is refused, or read", arguments: 0..<4 as Range<UInt64>)
  func damagedText(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    for layers in LayerCase.all {
      var bytes = Array(try encoder.encode(layers.network))
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let position = bytes.indices.randomElement(using: &random) ?? 0
        if random.oneIn(3) {
          bytes.remove(at: position)
        } else {
          bytes[position] = random.choice(Array(#"0123456789-.e,:{}[]""#.utf8) + [0, 0xFF])
        }
      }
      guard
        let network = try? JSONDecoder().decode(NetworkDescription.self, from: Data(bytes))
      else { continue }
      try use(network)
    }
  }

  /// Does with a description what is done with one from a file.
  private func use(_ network: NetworkDescription) throws {
    _ = (network.multiplyAddsPerItem, network.parameterCount, network.isRowwise)
    _ = network.layers.map(\.description)
    let json = try JSONEncoder().encode(network)
    #expect(try JSONDecoder().decode(NetworkDescription.self, from: json) == network)
    guard let output = try? network.outputShape() else { return }
    let builder = GraphBuilder()
    let labels = network.classCount.map { _ in builder.input("labels", [2], .int32) }
    var applied = Network(network, prefix: "state", in: builder)
    applied.iteratePower()
    let result = applied.train(
      on: builder.input("input", Shape([2] + network.inputShape.dimensions)),
      .training(labels: labels) { _, shape in builder.constant(0, shape) })
    #expect(result.shape == Shape([2] + output.dimensions), "\(network)")
    _ = try builder.finish()
  }

  /// JSON with a value in it replaced, or gone.
  private func damage(_ json: Any, _ random: inout SplitMix) -> Any {
    if let list = json as? [Any], !list.isEmpty, !random.oneIn(6) {
      var copy = list
      let position = Int.random(in: copy.indices, using: &random)
      switch Int.random(in: 0..<8, using: &random) {
      case 0: copy.remove(at: position)
      case 1: copy.insert(copy[position], at: position)
      default: copy[position] = damage(copy[position], &random)
      }
      return copy
    }
    if let object = json as? [String: Any],
      let key = object.keys.sorted().randomElement(using: &random),
      !random.oneIn(12)
    {
      var copy = object
      if random.oneIn(12) {
        copy[key] = nil
      } else {
        copy[key] = object[key].map { damage($0, &random) }
      }
      return copy
    }
    let hostile: [Any] = [
      0, 1, 2, 3, 7, -1, 64, 255, 4096, 131_072, Int(Int32.max), 1 << 40, Int.max, Int.min, 0.5,
      1e300,
      -1e-300, true, "relu", "tanh", "sumPooling", "bilinear", "", NSNull(), [Any](), [1],
      [1, 2, 3],
      ["kind": "relu"], [String: Any](),
    ]
    return random.choice(hostile)
  }
}
