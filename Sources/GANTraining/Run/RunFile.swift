import Foundation
package import GANFormats
import GANGraph
import GANLearning
package import GANNetworks
import GANTensor

/// A safetensors file that one of our commands wrote, with its metadata understood.
package struct RunFile: Sendable {
  /// The purpose of one of our files.
  package enum Kind: String, Sendable {
    /// The bare weights of a network.
    case network
    /// The data to resume a run.
    case checkpoint
    /// The power-function averages of a generator.
    case averages
    /// The first steps of a run, for replay.
    case trace
  }

  /// The path it was read from.
  package let path: String
  /// Its kind.
  package let kind: Kind
  /// Its tensors.
  package let contents: SafetensorsFile
  /// False for weights that another program saved again, without the digest of what was written;
  /// other files are refused then.
  package let isSealed: Bool
  /// The options of the run it comes from.
  package let options: TrainingOptions
  /// The layers of the networks in it.
  package let networks: [Role: NetworkDescription]
  /// Steps the run had finished.
  package let step: Int
  /// The circumstances of a checkpoint, as far as they were recorded.
  let circumstances: ComputingCircumstances

  private static func isDigest(_ text: String) -> Bool {
    text.utf8.count == 64 && text.allSatisfy(\.isHexDigit)
  }

  /// Reads a file.
  ///
  /// - Throws: `FormatError`; `TrainingError.foreign` where the metadata are not ours, or the
  ///   tensors are not those of the networks in them.
  package init(contentsOf path: String) throws {
    let contents = try SafetensorsFile(contentsOf: path)
    let metadata = contents.metadata
    func foreign(_ reason: String) -> TrainingError { .foreign(path: path, reason: reason) }

    guard let kindName = metadata["kind"], let version = metadata["formatVersion"] else {
      throw foreign("its metadata do not say that gan wrote it")
    }
    let author = metadata["version"]
    guard version == Version.fileFormat else {
      throw TrainingError.newer(
        path: path, version: author, novelty: "the file format \(version)")
    }
    guard let kind = Kind(rawValue: kindName) else {
      throw TrainingError.newer(
        path: path, version: author, novelty: "the kind of file \(kindName)")
    }
    isSealed = contents.metadata[SafetensorsFile.sealKey] != nil
    // A digest by another name: the name was damaged, not dropped by another program.
    guard isSealed || !metadata.values.contains(where: Self.isDigest) else {
      throw foreign("its seal is damaged: it has a digest, but not as its sha256")
    }
    guard isSealed || kind == .network else {
      throw foreign("its seal is missing: it has no sha256, and may not be what was written")
    }
    guard !isSealed || contents.isIntact else {
      throw foreign("its contents are not those that were written: they do not match its sha256")
    }
    let damage = foreign("its metadata lack step, options or networks, or have them damaged")
    guard let step = metadata["step"].flatMap({ Int($0) }), step >= 0,
      let recordedOptions = metadata["options"], let recordedNetworks = metadata["networks"]
    else {
      throw damage
    }
    let options: TrainingOptions
    let networks: [String: NetworkDescription]
    do {
      options = try JSONDecoder().decode(TrainingOptions.self, from: Data(recordedOptions.utf8))
      networks = try Self.networks(recordedNetworks)
      try options.validate()
    } catch let error as RecordedOptionsError {
      guard let novelty = error.novelty else { throw foreign("its options: \(error)") }
      throw TrainingError.newer(path: path, version: author, novelty: novelty)
    } catch let error as OptionsError {
      throw foreign("its options: \(error)")
    } catch let error as UnknownLayerError {
      throw TrainingError.newer(path: path, version: author, novelty: "\(error)")
    } catch {
      throw damage
    }
    circumstances = ComputingCircumstances(metadata: metadata)
    self.path = path
    self.kind = kind
    self.contents = contents
    self.options = options
    self.step = step
    self.networks = Dictionary(
      uniqueKeysWithValues: networks.map { (Role(rawValue: $0), $1) })
    for (player, network) in self.networks { try check(network, of: player) }
  }

  /// A generator as a run's checkpoint would have it, for another run to start from.
  init(startingWith generator: SavedNetwork, path: String) throws {
    var options = generator.options
    // Its own weights are all there is.
    options.average.halfLife = 0
    let networks = [Role.generator: generator.network]
    contents = try Self.contents(
      .checkpoint, generator.tensors.map { ("\(Role.generator.rawValue).\($0.name)", $0.tensor) },
      networks: networks, options: options, step: 0)
    circumstances = ComputingCircumstances(metadata: contents.metadata)
    (self.path, self.options, self.networks) = (path, options, networks)
    (kind, isSealed, step) = (.checkpoint, true, 0)
  }

  /// Makes sure that a network is one, and that its weights are there.
  private func check(_ network: NetworkDescription, of player: Role) throws {
    let output: Shape
    do {
      output = try network.outputShape()
    } catch {
      throw TrainingError.foreign(path: path, reason: "its \(player.rawValue): \(error)")
    }
    guard player != .generator || output.elementCount == options.itemShape.elementCount else {
      throw TrainingError.foreign(
        path: path, reason: "its generator makes \(output), not items of \(options.itemShape)")
    }
    guard network.classCount == nil || network.classCount == options.classCount else {
      throw TrainingError.foreign(
        path: path, reason: "its \(player.rawValue) knows other classes than its options")
    }
    for prefix in Set([prefix(of: player), preferredPrefix(of: player)]).sorted() {
      for (name, type) in network.tensorTypes {
        guard let tensor = contents[prefix + name],
          TensorType(tensor.shape, tensor.elementType) == type
        else {
          throw TrainingError.foreign(
            path: path, reason: "\(prefix)\(name) is not there as \(type)")
        }
      }
    }
  }

  /// Its tensors by name.
  var tensors: [(name: String, tensor: HostTensor)] {
    contents.entries.map { ($0.name, $0.tensor) }
  }

  /// The prefix of a player's tensors.
  private func prefix(of player: Role) -> String {
    switch kind {
    case .network: ""
    case .checkpoint: "\(player.rawValue)."
    case .averages: "\(PowerAverage.prefix(ofLength: PowerAverage.keptLengths[0]))."
    case .trace: "initial.\(player.rawValue)."
    }
  }

  /// The prefix of the tensors to use: the moving average's for a generator that has one.
  func preferredPrefix(of player: Role) -> String {
    player == .generator && kind == .checkpoint && options.average.isOn
      ? "\(NetworkAverage.prefix)." : prefix(of: player)
  }

  /// Writes a file of ours, whole or not at all.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  static func write(
    _ kind: Kind, _ tensors: [(name: String, tensor: HostTensor)],
    networks: [Role: NetworkDescription], options: TrainingOptions, step: Int,
    rankCount: Int = 1, to path: String
  ) throws {
    try contents(
      kind, tensors, networks: networks, options: options, step: step, rankCount: rankCount
    ).write(to: path)
  }

  /// The contents of such a file.
  static func contents(
    _ kind: Kind, _ tensors: [(name: String, tensor: HostTensor)],
    networks: [Role: NetworkDescription], options: TrainingOptions, step: Int, rankCount: Int = 1
  ) throws -> SafetensorsFile {
    let named = Dictionary(uniqueKeysWithValues: networks.map { ($0.rawValue, $1) })
    var metadata = [
      "kind": kind.rawValue,
      "formatVersion": Version.fileFormat,
      "version": Version.current,
      "networks": try compactJSON(named),
      "options": try compactJSON(options),
      "step": "\(step)",
    ]
    // A run that resumes from it must compute under the same circumstances.
    if kind == .checkpoint {
      // With fixed sums any number of ranks does, and leaves the same bytes.
      let circumstances = ComputingCircumstances(
        of: options.device, rankCount: options.reduction.chunks == 1 ? rankCount : 1)
      metadata.merge(circumstances.metadata) { first, _ in first }
    }
    // The time of averages: the batches of the generator's updates.
    if kind == .averages { metadata["images"] = "\(step * options.batchSize)" }
    return SafetensorsFile(metadata: metadata, tensors: tensors).sealed()
  }

  /// The networks that metadata describe.
  ///
  /// - Throws: `UnknownLayerError` where a later version describes them; `DecodingError`.
  private static func networks(_ json: String) throws -> [String: NetworkDescription] {
    let networks = try JSONDecoder().decode(
      [String: NetworkDescription].self, from: Data(json.utf8))
    // A layer that is known is encoded again in full; a missing key is a later version's.
    let known = try JSONTree(compactJSON(networks).utf8)
    if let path = try JSONTree(json.utf8).firstKey(missingIn: known) {
      throw UnknownLayerError(novelty: "\(path) of its networks")
    }
    return networks
  }
}
