import Foundation
import GANFormats
import GANGraph
import GANNetworks
import GANRuntime
import GANTensor
import GANTraining

extension FuzzTarget {
  /// The texts in a run's folder and in the metadata of its files.
  static let runs = [
    FuzzTarget(
      "options", words: OptionKey.all.map { "\"\($0.path.split(separator: ".").last ?? "")\":" },
      seeds: {
        try fixtures.filter { $0.hasSuffix("/options.json") }.map(contents)
          + Recipe.all.map { [UInt8](try $0.options.json.utf8) }
      },
      read: { input, folder in
        let place = try folder.emptyFolder("run")
        _ = folder.file("run/options.json", input)
        let options = try RunFolder(path: place).readOptions()
        _ = (options.totalSteps, options.stepsPerEpoch, try options.json)
        for role in Role.pair {
          let network = options.network(of: role)
          _ = (NetworkSummary(network), network.multiplyAddsPerItem)
        }
      }),
    FuzzTarget(
      "environment",
      seeds: { try fixtures.filter { $0.hasSuffix("/environment.json") }.map(contents) },
      read: { input, folder in
        let place = try folder.emptyFolder("run")
        _ = folder.file("run/environment.json", input)
        _ = try RunFolder(path: place).readEnvironment()
      }),
    FuzzTarget(
      "statistics", words: ["\"step\":", "\"readings\":", "\"kind\":\"report\"", "null"],
      seeds: { try fixtures.filter { $0.hasSuffix("/stats.jsonl") }.map(contents) },
      read: { input, folder in
        let place = try folder.emptyFolder("run")
        _ = folder.file("run/stats.jsonl", input)
        _ = try RunFolder(path: place).statistics(upTo: 1_000_000)
      }),
    FuzzTarget(
      "changes",
      words: [
        "\"step\":", "\"name\":", "\"from\":", "\"to\":", "null", "optimizer.generator.beta2",
      ],
      seeds: {
        let changes = [
          HyperparameterChange(
            step: 3, name: "optimizer.generator.learningRate", from: 2e-4, to: 1e-3),
          HyperparameterChange(
            step: 9, name: "optimizer.generator.learningRate", from: 1e-3, to: nil),
        ]
        return [
          try changes.flatMap { [UInt8](try JSONEncoder().encode($0)) + [UInt8(ascii: "\n")] }
        ]
      },
      read: { input, folder in
        let place = try folder.emptyFolder("run")
        _ = folder.file("run/changes.jsonl", input)
        let options = TrainingOptions()
        let changes = try RunFolder(path: place).readChanges(of: options)
        let values = options.hyperparameters(after: 5, changes)
        precondition(values.allSatisfy { $0.value.isFinite }, "\(values)")
      }),
    FuzzTarget(
      "networks",
      words: [
        "\"kind\":", "linear", "convolution", "transposedConvolution", "batchNorm", "spectralNorm",
        "residual", "minibatchDeviation", "upsampling", "averagePooling", "labelConcatenation",
        "projection", "\"shape\":", "\"inputs\":", "\"outputs\":", "\"window\":", "\"stride\":",
      ],
      seeds: {
        let games = try JSONDecoder().decode(
          [Game].self, from: Data(contents(of: "Tests/Fixtures/4ddcba4/networks.json")))
        return try games.flatMap(\.networks.values).map { [UInt8](try JSONEncoder().encode($0)) }
          .sorted { $0.lexicographicallyPrecedes($1) }
      },
      read: { input, _ in
        guard
          let network = try? JSONDecoder().decode(NetworkDescription.self, from: Data(input))
        else { return }
        try sample(network)
      }),
  ]

  /// The networks of one game among the fixtures.
  private struct Game: Decodable {
    let networks: [String: NetworkDescription]
  }

  /// Numbers that a network here may have and compute: others are only slower.
  private static let costLimit = 4_000

  /// Does with a network out of a file what `gan sample` does.
  private static func sample(_ network: NetworkDescription) throws {
    guard let output = try? network.outputShape(), network.parameterCount < costLimit,
      network.multiplyAddsPerItem < costLimit, network.inputShape.elementCount < costLimit,
      output.elementCount < costLimit, isSmall(network)
    else { return }
    let tensors = network.tensorTypes.map { name, type in
      let count = type.shape.elementCount * type.elementType.byteCount
      return (
        name,
        HostTensor(
          shape: type.shape, elementType: type.elementType,
          bytes: [UInt8](repeating: 0, count: count))
      )
    }
    let sampler = try ItemSampler(
      network, tensors: Dictionary(uniqueKeysWithValues: tensors), itemShape: output,
      on: DeviceKind.cpu.makeDevice(threadCount: 1))
    let items = try sampler.items(
      count: 3, labels: network.classCount.map { .turns($0) }, seed: 1, purpose: .sampleLatents)
    precondition(items.shape.elementCount == 3 * output.elementCount)
  }

  /// True if no layer on the way makes items of many numbers.
  private static func isSmall(_ network: NetworkDescription) -> Bool {
    network.layers.indices.allSatisfy { last in
      let part = NetworkDescription(
        inputShape: network.inputShape, layers: Array(network.layers[...last]))
      return ((try? part.outputShape())?.elementCount ?? costLimit) < costLimit
    }
  }
}
