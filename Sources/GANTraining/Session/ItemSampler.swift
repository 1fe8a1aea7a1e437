internal import GANGraph
package import GANNetworks
package import GANRuntime
package import GANTensor

/// Applies a network in inference mode, to latents that it draws or to items.
///
/// Its identity is its program. It belongs to the thread of its device.
package final class ItemSampler {
  private let executable: any Executable
  private let batchSize: Int
  private let latentSize: Int
  private let looksAtLabels: Bool
  /// The places of each ReLU's part of dead units; empty where they are not counted.
  private let deadUnitPlaces: [OutputPlace]
  private let itemShape: Shape

  /// The classes of items.
  package enum Labels: Hashable, Sendable {
    /// All of one.
    case one(Int)
    /// Of this many classes in turn.
    case turns(Int)
    /// Of this many classes, each as often as the others as far as the count allows, one class
    /// after another.
    case each(Int)
    /// As many of each of this many classes, one class after another, all of the same latents.
    case rows(Int)
    /// Of these, one after another.
    case given([Int32])

    /// The class of item `index` of `count`.
    package func label(of index: Int, count: Int) -> Int32 {
      switch self {
      case .one(let label): Int32(label)
      case .turns(let classes): Int32(index % classes)
      case .each(let classes), .rows(let classes): Int32(index * classes / count)
      case .given(let labels): labels[index]
      }
    }

    /// The number of the latent that item `index` of `count` is made of.
    package func latent(of index: Int, count: Int) -> Int {
      switch self {
      case .one, .turns, .each, .given: index
      case .rows(let classes): index % (count / classes)
      }
    }
  }

  /// The latents of items.
  package enum Latents: Sendable {
    /// Standard normals that follow from the seed alone.
    case drawn(seed: UInt64, RandomPurpose)
    /// Standard normals that follow from the seed alone and are none beyond a limit: each is the first
    /// within it of those that the streams of steps 0, 1, ... have at its place.
    case truncated(seed: UInt64, RandomPurpose, limit: Float)
    /// Noises that follow from the seed alone, side by side; the step of each one's stream is its
    /// place.
    case noises([Noise], seed: UInt64, RandomPurpose)
    /// The given latents, `[count, L]`.
    case given(HostTensor)

    /// Element `i` of the latents of all items, one after another.
    package var element: (Int) -> Float {
      switch self {
      case .drawn(let seed, let purpose):
        let stream = RandomStream(seed: seed, purpose: purpose, step: 0)
        return { stream.normal(at: $0) }
      case .truncated(let seed, let purpose, let limit):
        return { place in
          var step: UInt64 = 0
          while true {
            let value = RandomStream(seed: seed, purpose: purpose, step: step).normal(at: place)
            guard abs(value) > limit else { return value }
            step += 1
          }
        }
      case .noises(let noises, let seed, let purpose):
        let columns = noises.enumerated().flatMap { place, noise in
          let stream = RandomStream(seed: seed, purpose: purpose, step: UInt64(place))
          return (0..<noise.shape.elementCount).map { column in
            { item in noise.value(ofItem: item, column: column, from: stream) } as (Int) -> Float
          }
        }
        return { columns[$0 % columns.count]($0 / columns.count) }
      case .given(let tensor):
        let floats = tensor.floats
        // The last batch is computed whole; items beyond the latents are left out.
        return { $0 < floats.count ? floats[$0] : 0 }
      }
    }
  }

  /// Prepares a network whose parameters are in `state`, under names that start with `prefix`.
  ///
  /// - Parameter countsDeadUnits: True for `deadUnits`.
  package init(
    _ description: NetworkDescription, batchSize: Int, itemShape: Shape, on device: any Device,
    state: any StateStore, inMemoryOf other: (any Executable)? = nil, prefix: String,
    countsDeadUnits: Bool = false
  ) throws {
    let builder = GraphBuilder()
    let latentShape = Shape([batchSize] + description.inputShape.dimensions)
    let network = Network(description, prefix: prefix, in: builder)
    let labels = description.classCount.map { _ in builder.input("labels", [batchSize], .int32) }
    let latents = builder.input("latents", latentShape)
    let pass = NetworkPass.inference(labels: labels)
    let (items, deadUnits) =
      countsDeadUnits ? network.withDeadUnits(of: latents, pass) : (network(latents, pass), [])
    builder.output(items, as: "items")
    let deadUnitNames = deadUnits.indices.map { "deadUnits.\($0)" }
    for (name, share) in zip(deadUnitNames, deadUnits) { builder.output(share, as: name) }
    let executable = try device.prepare(
      builder.finish().optimized(for: device.profile), state: state, inMemoryOf: other)
    self.executable = executable
    deadUnitPlaces = try deadUnitNames.map { try executable.output($0) }
    self.batchSize = batchSize
    latentSize = description.inputShape.elementCount
    looksAtLabels = description.classCount != nil
    self.itemShape = itemShape
  }

  /// Prepares a network with parameters of its own.
  ///
  /// - Parameters:
  ///   - description: The network.
  ///   - tensors: Every parameter and buffer by its name.
  ///   - itemShape: `[C, H, W]` of one image, `[D]` of a point.
  ///   - device: Where to compute.
  /// - Throws: `RuntimeError` where a tensor is missing or has another shape.
  package convenience init(
    _ description: NetworkDescription, tensors: [String: HostTensor], itemShape: Shape,
    on device: any Device
  ) throws {
    let state = try device.makeState(
      description.tensorTypes.map { ("network.\($0.name)", $0.type) })
    for name in description.tensorNames {
      guard let tensor = tensors[name] else {
        throw RuntimeError.unknown(name: name, among: tensors.keys.sorted())
      }
      try state.write(tensor, to: "network.\(name)")
    }
    try self.init(
      description, batchSize: 100, itemShape: itemShape, on: device, state: state,
      prefix: "network")
  }

  /// The items of latents that follow from the seed alone, `[count] + itemShape`.
  ///
  /// Latent `i` is elements `i · L ..< (i + 1) · L` of the stream (seed, purpose, step 0), so more
  /// items of one seed begin with the same ones, with `rows` those of each class.
  ///
  /// - Parameters:
  ///   - count: At least 1; with `rows` a multiple of the classes.
  ///   - noises: The parts of the input; nil is normals alone. Of several each has a stream of its
  ///     own, whose step is its place.
  ///   - labels: The items' classes, if the network looks at classes.
  package func items(
    count: Int, of noises: [Noise]? = nil, labels: Labels? = nil, seed: UInt64,
    purpose: RandomPurpose
  ) throws -> HostTensor {
    if case .rows(let classes)? = labels {
      precondition(count.isMultiple(of: classes), "\(count) items of each of \(classes) classes")
    }
    let latents: Latents =
      noises.map { .noises($0, seed: seed, purpose) } ?? .drawn(seed: seed, purpose)
    let element = latents.element
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * itemBytes)
    for first in stride(from: 0, to: count, by: batchSize) {
      bytes += try batch(from: first, of: count, labels, element)
    }
    return items(bytes, count: count)
  }

  /// The items of given latents, `[count] + itemShape`; others may have the thread in between.
  ///
  /// - Parameters:
  ///   - count: As above.
  ///   - pause: Called between batches.
  func items(
    count: Int, labels: Labels?, latents: Latents, pause: () async throws -> Void
  ) async throws -> HostTensor {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * itemBytes)
    try await forEachBatch(count: count, labels: labels, latents: latents) { batch, first in
      bytes += batch
      if first + batchSize < count { try await pause() }
    }
    return items(bytes, count: count)
  }

  /// Hands over the items of given latents, a batch at a time, so that memory for one suffices.
  ///
  /// - Parameters:
  ///   - count: As above.
  ///   - body: Takes the `float32` elements of a batch of items, and the number of its first one.
  package func forEachBatch(
    count: Int, labels: Labels?, latents: Latents,
    _ body: (_ batch: [UInt8], _ first: Int) async throws -> Void
  ) async throws {
    let element = latents.element
    for first in stride(from: 0, to: count, by: batchSize) {
      try await body(try batch(from: first, of: count, labels, element), first)
    }
  }

  /// The network's outputs for given items, `[N] + itemShape`.
  ///
  /// - Parameters:
  ///   - inputs: `[N] + inputShape`, or as many elements an item.
  ///   - labels: The items' classes, if the network looks at classes.
  package func outputs(of inputs: HostTensor, labels: Labels? = nil) throws -> HostTensor {
    let count = inputs.shape[0]
    precondition(
      inputs.shape.elementCount == count * latentSize,
      "\(inputs.shape) are not \(count) items of \(latentSize) elements")
    let element = Latents.given(inputs).element
    var bytes: [UInt8] = []
    for first in stride(from: 0, to: count, by: batchSize) {
      bytes += try batch(from: first, of: count, labels, element)
    }
    return items(bytes, count: count)
  }

  /// Of the ReLU with the most of them, the part of the units, or channels, that were 0 for the whole
  /// batch computed last, from 0 to 1; nil where they are not counted or there is no ReLU.
  package var deadUnits: Double? {
    deadUnitPlaces.map { Double(executable.float($0)) }.max()
  }

  private var itemBytes: Int { itemShape.elementCount * ElementType.float32.byteCount }

  private func items(_ bytes: [UInt8], count: Int) -> HostTensor {
    HostTensor(shape: Shape([count] + itemShape.dimensions), elementType: .float32, bytes: bytes)
  }

  /// The bytes of the items from `first` on that fit in a batch.
  private func batch(
    from first: Int, of count: Int, _ labels: Labels?, _ element: (Int) -> Float
  ) throws -> [UInt8] {
    var values = [Float](repeating: 0, count: batchSize * latentSize)
    for row in 0..<batchSize {
      let index = first + row
      let latent = labels?.latent(of: index, count: count) ?? index
      for column in 0..<latentSize {
        values[row * latentSize + column] = element(latent * latentSize + column)
      }
    }
    executable.write(values, to: try executable.input("latents"))
    if looksAtLabels {
      let chosen = (0..<batchSize).map { row in
        labels?.label(of: min(first + row, count - 1), count: count) ?? 0
      }
      executable.write(chosen, to: try executable.input("labels"))
    }
    executable.run()
    let items = try executable.tensor("items").bytes
    return Array(items.prefix(min(batchSize, count - first) * itemBytes))
  }
}

extension Noise {
  /// One number of one item, as an update draws it.
  fileprivate func value(ofItem item: Int, column: Int, from stream: RandomStream) -> Float {
    let size = shape.elementCount
    return switch distribution {
    case .normal: stream.normal(at: item * size + column)
    case .uniform: stream.uniform(at: item * size + column) * 2 - 1
    case .oneHot: Int(stream.uniform(at: item) * Float(size)) == column ? 1 : 0
    }
  }
}
