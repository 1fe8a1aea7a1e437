import Foundation
package import GANFormats
package import GANNetworks
import GANTensor

/// A safetensors file that one of our commands wrote, with its metadata understood.
package struct OurFile: Sendable {
  /// What our files are for.
  package enum Kind: String, Sendable {
    /// One network's bare weights.
    case network
    /// Everything needed to go on.
    case checkpoint
    /// The first steps of a run, for replay.
    case trace
  }

  /// Where it was read.
  package let path: String
  /// What it is.
  package let kind: Kind
  /// Its tensors.
  package let contents: SafetensorsFile
  /// The options of the run it comes from.
  package let options: TrainingOptions
  /// The layers of the networks in it.
  package let networks: [Player: NetworkDescription]
  /// Steps the run had finished.
  package let step: Int

  /// Reads a file.
  ///
  /// - Throws: `FormatError`; `TrainingError.foreign` where the metadata are not ours.
  package init(contentsOf path: String) throws {
    let contents = try SafetensorsFile(contentsOf: path)
    let metadata = contents.metadata
    func foreign(_ reason: String) -> TrainingError { .foreign(path: path, reason: reason) }

    guard let kind = metadata["kind"].flatMap(Kind.init(rawValue:)),
      let version = metadata["formatVersion"]
    else {
      throw foreign("its metadata do not say that gan wrote it")
    }
    guard version == Version.fileFormat else {
      throw foreign("format version \(version), this program reads \(Version.fileFormat)")
    }
    guard contents.isIntact else {
      throw foreign("its contents are not those that were written: they do not match its sha256")
    }
    guard let step = metadata["step"].flatMap({ Int($0) }), step >= 0,
      let options = Self.decoded(TrainingOptions.self, metadata["options"]),
      let networks = Self.decoded([String: NetworkDescription].self, metadata["networks"])
    else {
      throw foreign("its metadata lack step, options or networks, or have them damaged")
    }
    self.path = path
    self.kind = kind
    self.contents = contents
    self.options = options
    self.step = step
    self.networks = Dictionary(
      uniqueKeysWithValues: networks.compactMap { name, network in
        Player(rawValue: name).map { ($0, network) }
      })
  }

  /// Writes a file of ours, whole or not at all.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  static func write(
    _ kind: Kind, _ tensors: [(name: String, tensor: HostTensor)],
    networks: [Player: NetworkDescription], options: TrainingOptions, step: Int, to path: String
  ) throws {
    let named = Dictionary(uniqueKeysWithValues: networks.map { ($0.rawValue, $1) })
    let metadata = [
      "kind": kind.rawValue,
      "formatVersion": Version.fileFormat,
      "networks": try compactJSON(named),
      "options": try compactJSON(options),
      "step": "\(step)",
    ]
    try SafetensorsFile(metadata: metadata, tensors: tensors).sealed().write(to: path)
  }

  private static func decoded<Value: Decodable>(_ type: Value.Type, _ json: String?) -> Value? {
    json.flatMap { try? JSONDecoder().decode(type, from: Data($0.utf8)) }
  }
}
