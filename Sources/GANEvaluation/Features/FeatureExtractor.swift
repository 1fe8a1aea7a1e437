package import GANData
import GANGraph
import GANNetworks
package import GANRuntime
import GANTensor

/// Computes the features of images.
///
/// Its identity is its program. It belongs to the thread of its device. An image's features do not
/// depend on the images beside it, nor on the number of threads.
package final class FeatureExtractor {
  /// The network.
  package let network: FeatureNetwork
  /// Images in a batch.
  package let batchSize = 200
  /// Reads the gray images that images are stacked of; nil where they are not.
  package let reader: StackReader?
  private let executable: any Executable
  private let images: InputPlace
  private let features: OutputPlace
  private let logits: OutputPlace?
  private let imageBytes: Int

  /// Prepares a network.
  ///
  /// - Parameter reader: Of images that are stacked.
  /// - Throws: `RuntimeError` where this machine cannot run it.
  package init(
    _ network: FeatureNetwork, reader: StackReader? = nil, on device: any Device
  ) throws {
    (self.network, self.reader) = (network, reader)
    let builder = GraphBuilder()
    let trunk = Network(network.features, prefix: FeatureNetwork.featuresPrefix, in: builder)
    let features = trunk(
      normalizedImages(network.imageShape, batchSize: batchSize, in: builder))
    builder.output(features, as: "features")
    if let classifier = network.classifier {
      let head = Network(classifier, prefix: FeatureNetwork.classifierPrefix, in: builder)
      builder.output(head(features), as: "logits")
    }
    let graph = try builder.finish().optimized(for: device.profile)
    let state = try device.makeState(graph.stateTypes)
    for (name, tensor) in network.tensors { try state.write(tensor, to: name) }
    let executable = try device.prepare(graph, state: state)
    self.executable = executable
    images = try executable.input("images")
    self.features = try executable.output("features")
    logits = try network.classifier.map { _ in try executable.output("logits") }
    imageBytes = network.imageShape.elementCount
  }

  /// Appends the features of at most a batch of images.
  ///
  /// - Parameters:
  ///   - bytes: Images one after another, `[N, C · H · W]`, N at most `batchSize`.
  ///   - table: Of this network.
  package func append(_ bytes: ArraySlice<UInt8>, to table: inout FeatureTable) {
    let count = bytes.count / imageBytes
    precondition(
      count <= batchSize && count * imageBytes == bytes.count, "\(bytes.count) bytes of images")
    guard count > 0 else { return }
    executable.write(bytes, to: images)
    executable.run()
    table.append(
      features: executable.tensor(features).floats.prefix(count * table.featureCount),
      logits: logits.map { executable.tensor($0).floats.prefix(count * table.classCount) } ?? [],
      parts: reader?.classes(of: bytes, count: count) ?? [])
  }

  /// A table for this network's features.
  package var emptyTable: FeatureTable {
    FeatureTable(
      featureCount: network.featureCount, classCount: network.classCount ?? 0,
      partCount: reader?.depth ?? 0)
  }

  /// The features of chosen images.
  ///
  /// - Parameter pause: Called after each batch, with the count of images done.
  package func features(
    of images: any TrainingData, _ indices: some Collection<Int>,
    pause: (_ done: Int) async throws -> Void
  ) async throws -> FeatureTable {
    precondition(
      images.elementType == .uint8 && images.itemShape == network.imageShape,
      "\(images.itemShape) of \(images.elementType) for \(network.imageShape)")
    var table = emptyTable
    table.reserve(indices.count)
    var batch: [UInt8] = []
    batch.reserveCapacity(batchSize * imageBytes)
    var done = 0
    for index in indices {
      batch += images.storage.bytes[index * imageBytes..<(index + 1) * imageBytes]
      done += 1
      guard done.isMultiple(of: batchSize) || done == indices.count else { continue }
      append(batch[...], to: &table)
      batch.removeAll(keepingCapacity: true)
      try await pause(done)
    }
    return table
  }
}
