import Foundation
package import GANData
import GANFormats
import GANRuntime
import GANTensor
import GANTraining

/// The folder that keeps classifiers and the features of real images, beside the data sets:
/// `<cache>/features`.
///
/// There is a folder for each network of features and each data: their contents, never their name
/// alone.
package struct FeatureCache: Hashable, Sendable {
  /// The folder; it need not be there.
  package let path: String

  /// Keeps them in a folder.
  package init(path: String) { self.path = path }

  /// Keeps them beside downloaded data.
  package init(_ cache: DataCache) { path = "\(cache.path)/features" }

  /// The path of the classifier of some data, which need not be there.
  package func classifierPath(of data: DataIdentity) -> String {
    "\(path)/\(FeatureNetwork.classifierName(ofData: data.name))-\(data.digest.prefix(16))"
      + "/classifier.safetensors"
  }

  /// The classifier of some data; nil where there is none, or a damaged one.
  package func classifier(
    of dataset: any TrainingData, _ identity: DataIdentity
  ) -> FeatureNetwork? {
    guard let network = try? FeatureNetwork(contentsOf: classifierPath(of: identity)),
      network.name == FeatureNetwork.classifierName(ofData: dataset.name),
      network.features == FeaturePlan.features(of: dataset.itemShape, endsWithReLU: true),
      network.classCount == dataset.classCount
    else { return nil }
    return network
  }

  /// Keeps a classifier.
  ///
  /// - Returns: Its path.
  /// - Throws: `FormatError` of kind `unwritable`.
  func keep(_ network: FeatureNetwork, of identity: DataIdentity) throws -> String {
    let path = classifierPath(of: identity)
    try makeFolder(URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false))
    try network.write(to: path)
    unlink(trainingPath(of: identity))
    return path
  }

  // MARK: Training

  /// The path of what a training of the classifier has reached, beside the classifier.
  package func trainingPath(of data: DataIdentity) -> String {
    URL(filePath: classifierPath(of: data)).deletingLastPathComponent()
      .appending(path: "training.safetensors").path(percentEncoded: false)
  }

  /// The tensors of a training that was interrupted; nil where there is none, a damaged one, or one
  /// that would end with other bits.
  func training(of data: DataIdentity, on device: any Device) -> [String: HostTensor]? {
    guard let file = try? SafetensorsFile(contentsOf: trainingPath(of: data)), file.isIntact,
      Self.trainingMetadata(data, device).allSatisfy({ file.metadata[$0] == $1 })
    else { return nil }
    return Dictionary(file.entries.map { ($0.name, $0.tensor) }) { first, _ in first }
  }

  /// Keeps what a training has reached, in place of what it had before.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  func keepTraining(
    _ tensors: [(name: String, tensor: HostTensor)], of data: DataIdentity, on device: any Device
  ) throws {
    let path = trainingPath(of: data)
    try makeFolder(URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false))
    try SafetensorsFile(metadata: Self.trainingMetadata(data, device), tensors: tensors)
      .sealed().write(to: path)
  }

  /// What decides the bits of a training beside the number of threads, which does not.
  private static func trainingMetadata(
    _ data: DataIdentity, _ device: any Device
  ) -> [String: String] {
    var metadata = ComputingCircumstances.current.metadata
    metadata["kind"] = "training-of-features"
    metadata["name"] = FeatureNetwork.classifierName(ofData: data.name)
    metadata["data"] = data.digest
    metadata["device"] = device.name
    return metadata
  }

  // MARK: Features of real images

  private func tablePath(
    _ network: FeatureNetwork, _ identity: DataIdentity, _ part: String
  ) -> String {
    "\(path)/\(network.name)-\(network.sha256.prefix(16))/"
      + "\(identity.name)-\(identity.digest.prefix(16))-\(part).safetensors"
  }

  /// The features of a part of some data; nil where they are not there, or damaged.
  ///
  /// - Parameter part: Which images, in letters and digits: the same ones each time.
  func table(
    _ network: FeatureNetwork, _ identity: DataIdentity, _ part: String, count: Int,
    partCount: Int = 0
  ) -> FeatureTable? {
    guard let file = try? SafetensorsFile(contentsOf: tablePath(network, identity, part)),
      file.isIntact, file.metadata["network"] == network.sha256,
      file.metadata["data"] == identity.digest, let features = file["features"],
      features.shape == [count, network.featureCount], features.elementType == .float32
    else { return nil }
    func numbers(_ name: String, _ columns: Int, _ elementType: ElementType) -> HostTensor? {
      file[name].flatMap {
        $0.shape == [count, columns] && $0.elementType == elementType ? $0 : nil
      }
    }
    let classCount = network.classCount ?? 0
    let logits = numbers("logits", classCount, .float32)
    let parts = numbers("parts", partCount, .uint8)
    guard (classCount == 0) == (logits == nil), (partCount == 0) == (parts == nil) else {
      return nil
    }
    var table = FeatureTable(
      featureCount: network.featureCount, classCount: classCount, partCount: partCount)
    table.append(
      features: features.floats, logits: logits?.floats ?? [], parts: parts?.bytes ?? [])
    return table
  }

  /// Keeps the features of a part of some data.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  func keep(
    _ table: FeatureTable, _ network: FeatureNetwork, _ identity: DataIdentity, _ part: String
  ) throws {
    let path = tablePath(network, identity, part)
    try makeFolder(URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false))
    var file = SafetensorsFile(
      metadata: ["kind": "features-of-data", "network": network.sha256, "data": identity.digest],
      tensors: [
        ("features", HostTensor(shape: [table.count, table.featureCount], table.features))
      ])
    if table.classCount > 0 {
      file.append(
        HostTensor(shape: [table.count, table.classCount], table.logits), named: "logits")
    }
    if table.partCount > 0 {
      file.append(HostTensor(shape: [table.count, table.partCount], table.parts), named: "parts")
    }
    try file.sealed().write(to: path)
  }
}

/// Which data these are: their name, and a digest of images, shape and labels.
package struct DataIdentity: Hashable, Sendable {
  /// The data's name.
  package let name: String
  /// In hexadecimal.
  package let digest: String

  /// Identifies data.
  ///
  /// - Complexity: As `TrainingData.digest()`.
  package init(_ dataset: any TrainingData) {
    name = dataset.name
    let parts = [
      dataset.digest(), dataset.labelsDigest() ?? "none", dataset.itemShape.extents,
    ]
    digest = SHA256.hexadecimalDigest(of: [UInt8](parts.joined(separator: " ").utf8))
  }
}
