import GANFormats
package import GANNetworks
package import GANTensor

/// A trained network, complete for use: the contents of `generator.safetensors`.
///
/// Tensors have PyTorch's names and layouts; the layers and the options travel as metadata.
package struct SavedNetwork: Sendable {
  /// Its role in the game.
  package let player: Role
  /// Its layers.
  package let network: NetworkDescription
  /// Every parameter and buffer under its PyTorch name.
  package let tensors: [(name: String, tensor: HostTensor)]
  /// The options of the run it comes from.
  package let options: TrainingOptions
  /// Steps it was trained for.
  package let step: Int
  /// False for one out of a file that another program saved again.
  package var isSealed = true
  /// The relative length of the power-function average that it is, where it was made after training.
  package var averageLength: Double?

  /// Collects a network's parts.
  package init(
    player: Role, network: NetworkDescription,
    tensors: [(name: String, tensor: HostTensor)], options: TrainingOptions, step: Int
  ) {
    self.player = player
    self.network = network
    self.tensors = tensors
    self.options = options
    self.step = step
  }

  /// Writes the network, whole or not at all.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  package func write(to path: String) throws {
    try RunFile.write(
      .network, tensors, networks: [player: network], options: options, step: step, to: path)
  }

  /// The bytes that `write(to:)` writes.
  package func encoded() throws -> [UInt8] {
    try RunFile.contents(
      .network, tensors, networks: [player: network], options: options, step: step
    ).encoded
  }

  /// Reads a player's network from a file of weights or a checkpoint.
  ///
  /// - Throws: `FormatError`; `TrainingError.foreign` if the file lacks an entry that we write.
  package init(_ player: Role, contentsOf path: String) throws {
    try self.init(player, in: RunFile(contentsOf: path))
  }

  /// Takes a player's network out of a file of weights or a checkpoint.
  ///
  /// - Throws: `TrainingError.foreign` where it is not in it whole.
  package init(_ player: Role, in file: RunFile) throws {
    guard let network = file.networks[player] else {
      throw TrainingError.foreign(path: file.path, reason: "it holds no \(player.rawValue)")
    }
    // A trace begins with untrained networks.
    guard file.kind != .trace else {
      throw TrainingError.foreign(
        path: file.path, reason: "a trace, which holds no trained network")
    }
    let prefix = file.preferredPrefix(of: player)
    let tensors = network.tensorNames.compactMap { name in
      file.contents[prefix + name].map { (name: name, tensor: $0) }
    }
    self.init(
      player: player, network: network, tensors: tensors, options: file.options, step: file.step)
    isSealed = file.isSealed
  }
}
