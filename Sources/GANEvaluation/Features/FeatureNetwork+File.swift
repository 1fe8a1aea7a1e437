import Foundation
import GANFormats
import GANGraph
import GANNetworks
import GANTensor
import GANTraining

// The safetensors file of a network of features.
extension FeatureNetwork {
  /// `kind` of the metadata.
  static let kind = "features"

  /// Reads a file that `write(to:)` or another program wrote.
  ///
  /// A seal is checked where there is one.
  ///
  /// - Throws: `FormatError`; `TrainingError.foreign` where it is none of features.
  package init(contentsOf path: String) throws {
    let file = try SafetensorsFile(contentsOf: path)
    func foreign(_ reason: String) -> TrainingError { .foreign(path: path, reason: reason) }
    let metadata = file.metadata
    guard metadata["kind"] == Self.kind else {
      let kind = metadata["kind"].map { "a \($0), not" } ?? "its metadata do not say that it is"
      throw foreign("\(kind) a network of features")
    }
    guard metadata["formatVersion"] == Version.fileFormat else {
      throw TrainingError.newer(
        path: path, version: nil, novelty: "the file format \(metadata["formatVersion"] ?? "")")
    }
    guard metadata[SafetensorsFile.sealKey] == nil || file.isIntact else {
      throw foreign("its contents are not those that were written: they do not match its sha256")
    }
    guard let name = metadata["name"], let described = metadata["networks"] else {
      throw foreign("its metadata lack name or networks")
    }
    let networks: [String: NetworkDescription]
    let classNames: [String]?
    do {
      let decoder = JSONDecoder()
      networks = try decoder.decode([String: NetworkDescription].self, from: Data(described.utf8))
      classNames = try metadata["classNames"].map {
        try decoder.decode([String].self, from: Data($0.utf8))
      }
    } catch let error as UnknownLayerError {
      throw TrainingError.newer(path: path, version: nil, novelty: "\(error)")
    } catch {
      throw foreign("its networks or classNames are not described in JSON")
    }
    guard let features = networks[Self.featuresPrefix] else {
      throw foreign("it describes no network called \(Self.featuresPrefix)")
    }
    let classifier = networks[Self.classifierPrefix]
    var tensors: [(name: String, tensor: HostTensor)] = []
    for (prefix, network) in Self.parts(features, classifier) {
      for (name, type) in network.tensorTypes {
        guard let tensor = file["\(prefix).\(name)"],
          TensorType(tensor.shape, tensor.elementType) == type
        else { throw foreign("\(prefix).\(name) is not there as \(type)") }
        tensors.append(("\(prefix).\(name)", tensor))
      }
    }
    do {
      let output = try features.outputShape()
      guard features.inputShape.rank == 3, [1, 3].contains(features.inputShape[0]) else {
        throw foreign("it takes \(features.inputShape), not images [C, H, W]")
      }
      guard output.rank == 1, (try classifier?.outputShape().rank ?? 1) == 1,
        classifier.map({ $0.inputShape == output }) ?? true
      else { throw foreign("its features or logits are no list of numbers of an image") }
    } catch let error as NetworkError {
      throw foreign("\(error)")
    }
    try self.init(
      name: name, features: features, classifier: classifier, classNames: classNames,
      tensors: tensors)
  }

  /// Writes it, whole or not at all.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  package func write(to path: String) throws {
    try Self.contents(
      name: name, features: features, classifier: classifier, classNames: classNames, tensors
    ).sealed().write(to: path)
  }

  static func contents(
    name: String, features: NetworkDescription, classifier: NetworkDescription?,
    classNames: [String]?, _ tensors: [(name: String, tensor: HostTensor)]
  ) throws -> SafetensorsFile {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    func json(_ value: some Encodable) throws -> String {
      String(decoding: try encoder.encode(value), as: UTF8.self)
    }
    var metadata = [
      "kind": kind, "formatVersion": Version.fileFormat, "name": name,
      "networks": try json(Dictionary(uniqueKeysWithValues: parts(features, classifier))),
    ]
    metadata["classNames"] = try classNames.map(json)
    return SafetensorsFile(metadata: metadata, tensors: tensors)
  }

  /// The seal of a file: the digest of its contents.
  static func digest(of file: SafetensorsFile) -> String {
    file.sealed().metadata[SafetensorsFile.sealKey] ?? ""
  }

  private static func parts(
    _ features: NetworkDescription, _ classifier: NetworkDescription?
  ) -> [(String, NetworkDescription)] {
    [(featuresPrefix, features)] + (classifier.map { [(classifierPrefix, $0)] } ?? [])
  }
}
