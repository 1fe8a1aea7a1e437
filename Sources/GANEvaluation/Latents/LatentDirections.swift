import GANGraph
import GANNetworks
package import GANRuntime
import GANStatistics
package import GANTensor
package import GANTraining

/// Directions of a generator's latents in which its first layers change most.
package struct LatentDirections: Sendable {
  /// How they are found.
  package enum Method: String, CaseIterable, Sendable {
    /// Principal components of the first activations over many latents, and of each the direction of
    /// latents that goes with it.
    ///
    /// - Source: Härkönen and others, "GANSpace: Discovering Interpretable GAN Controls", 2020,
    ///   arXiv:2004.02546, section 2.2.
    case activations
    /// Eigenvectors of `AᵀA`, A the first layer's weights: no latent is drawn.
    ///
    /// - Source: Shen, Zhou, "Closed-Form Factorization of Latent Semantics in GANs", 2021,
    ///   arXiv:2007.06600, equation 5.
    case weights
  }

  /// Unit vectors, `[K, L]`, the strongest first; the number that is farthest from 0 is positive.
  package let directions: HostTensor
  /// The share of all variance (of the activations, or of what the first layer makes of normals) that
  /// goes with each.
  package let shares: [Double]

  /// Latents whose activations are looked at.
  package static let latentCount = 1_000

  /// Finds directions, on the engine's thread.
  ///
  /// - Parameters:
  ///   - generator: One that is told classes is told the first.
  ///   - count: As many as a latent has numbers at most.
  ///   - seed: Decides the latents that are looked at.
  /// - Throws: `RuntimeError`; `EvaluationError.sampleNotFinite` where activations are not finite.
  init(
    of generator: SavedNetwork, by method: Method, count: Int, seed: UInt64, on device: any Device
  ) throws {
    let size = generator.network.inputShape.elementCount
    precondition((1...size).contains(count), "\(count) directions of \(size)")
    let first = FirstLayers(of: generator, throughActivation: method == .activations)
    let sampler = try first.sampler(on: device)
    let found: (vectors: [[Double]], shares: [Double])
    switch method {
    case .activations:
      let stream = RandomStream(seed: seed, purpose: .evaluationLatents, step: 0)
      let latents = (0..<Self.latentCount * size).map { stream.normal(at: $0) }
      found = try Self.regressed(
        latents, size: size, sampler, count: count, threads: device.threadCount)
    case .weights:
      found = try Self.factored(sampler, size: size, count: count, threads: device.threadCount)
    }
    directions = HostTensor(
      shape: [count, size], found.vectors.flatMap { $0.map { Float($0) } })
    shares = found.shares
  }

  /// The directions that go with principal components: of latents z and components x the sums of x z.
  private static func regressed(
    _ latents: [Float], size: Int, _ sampler: ItemSampler, count: Int, threads: Int
  ) throws -> (vectors: [[Double]], shares: [Double]) {
    let activations = try sampler.outputs(of: HostTensor(shape: [latentCount, size], latents))
    let components = LeadingComponents(
      of: try FeatureSet(
        activations.floats, dimension: activations.shape.elementCount / latentCount),
      components: count, threads: threads)
    let vectors = components.vectors.map { scores in
      var sums = [Double](repeating: 0, count: size)
      for (item, score) in scores.enumerated() {
        for column in 0..<size { sums[column] += score * Double(latents[item * size + column]) }
      }
      return sums.unit
    }
    return (vectors, components.values.map { $0 / max(components.total, .leastNormalMagnitude) })
  }

  /// Eigenvectors of the first layer, which is affine: its columns are what unit latents add to that of 0.
  private static func factored(
    _ sampler: ItemSampler, size: Int, count: Int, threads: Int
  ) throws -> (vectors: [[Double]], shares: [Double]) {
    var probes = [Float](repeating: 0, count: (size + 1) * size)
    for index in 0..<size { probes[(index + 1) * size + index] = 1 }
    let outputs = try sampler.outputs(of: HostTensor(shape: [size + 1, size], probes))
    let width = outputs.shape.elementCount / (size + 1)
    let values = outputs.floats
    let columns = (1...size).flatMap { row in
      (0..<width).map { Double(values[row * width + $0]) - Double(values[$0]) }
    }
    let components = LeadingComponents(
      of: try FeatureSet(columns, dimension: width), components: count, isCentred: false,
      threads: threads)
    return (
      components.vectors.map(\.unit),
      components.values.map { $0 / max(components.total, .leastNormalMagnitude) }
    )
  }
}

/// The start of a generator.
struct FirstLayers {
  private let network: NetworkDescription
  private let tensors: [String: HostTensor]

  /// Cuts a generator off after its first layer with weights, or after the activation that follows.
  init(of generator: SavedNetwork, throughActivation: Bool) {
    let layers = generator.network.layers
    let weighted = layers.firstIndex { layer in
      layer.content.parameters.contains { if case .weight = $0.role { true } else { false } }
    }
    var end = weighted ?? layers.startIndex
    if throughActivation {
      // Branches have activations of their own.
      for (index, layer) in layers.enumerated().dropFirst(end + 1) {
        if layer.content is Residual { break }
        end = index
        if layer.content.isActivation { break }
      }
    }
    network = NetworkDescription(
      inputShape: generator.network.inputShape, layers: Array(layers.prefix(end + 1)))
    tensors = Dictionary(uniqueKeysWithValues: generator.tensors.map { ($0.name, $0.tensor) })
  }

  func sampler(on device: any Device) throws -> ItemSampler {
    let shape = (try? network.outputShape()) ?? network.inputShape
    return try ItemSampler(
      network, tensors: tensors, itemShape: [shape.elementCount], on: device)
  }
}

extension LayerContent {
  fileprivate var isActivation: Bool {
    self is ReLU || self is LeakyReLU || self is Tanh || self is Softplus
  }
}

extension [Double] {
  /// Of length 1, its farthest number from 0 positive; zeros stay.
  fileprivate var unit: [Double] {
    let norm = reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard norm > 0 else { return self }
    let farthest = self.max { abs($0) < abs($1) } ?? 0
    return map { $0 / (farthest < 0 ? -norm : norm) }
  }
}

extension Engine {
  /// Finds directions of a generator's latents.
  ///
  /// - Throws: As `LatentDirections.init`.
  package func directions(
    of generator: SavedNetwork, by method: LatentDirections.Method, count: Int, seed: UInt64,
    on device: DeviceKind, threads: Int
  ) throws -> LatentDirections {
    try LatentDirections(
      of: generator, by: method, count: count, seed: seed,
      on: device.makeDevice(threadCount: threads))
  }
}
