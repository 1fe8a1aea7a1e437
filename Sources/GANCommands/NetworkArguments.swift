import ArgumentParser
import GANFormats
import GANTraining

/// The flag for weights that another program saved.
struct NetworkArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Of weights that another program saved, such as PyTorch's: which layers they belong to, a recipe's \
      name or JSON.
      """, valueName: "name|json"),
    completion: .list(Recipe.all.map(\.name)))
  var network: String?

  /// A player's network out of a run's folder or a file of ours, or as the flag says.
  ///
  /// - Parameter average: The length of the average that is to be made of snapshots; nil for the network
  ///   as it was saved.
  /// - Throws: `CommandError` where a file says nothing of layers and the flag is missing; `AverageError`.
  func savedNetwork(
    _ player: Role, at path: String, best: Bool = false, average: Double? = nil
  ) throws -> SavedNetwork {
    if let average {
      guard player == .generator, network == nil else {
        throw CommandError(
          .usage, "--average is for a run's generator, without --network or --discriminator")
      }
      return try AverageSnapshots(best ? bestCheckpoint(ofRun: path) : path)
        .generator(length: average)
    }
    guard let network else {
      do {
        return try best
          ? SavedNetwork(player, contentsOf: bestCheckpoint(ofRun: path))
          : GANCommands.savedNetwork(player, at: path)
      } catch let error as TrainingError {
        guard Self.foreignFile(at: path) != nil else { throw error }
        throw CommandError(
          .badFile,
          "\(path): weights of another program, which say nothing of activations and strides",
          help: "--network says which layers they belong to: a recipe's name, or JSON")
      }
    }
    guard player == .generator, !best, !isFolder(path) else {
      throw CommandError(.usage, "--network is for a file of a generator's weights")
    }
    return try SavedNetwork(foreign: path, as: ForeignNetwork(network))
  }

  /// A safetensors file without metadata of ours; nil for anything else.
  static func foreignFile(at path: String) -> SafetensorsFile? {
    guard !isFolder(path), let file = try? SafetensorsFile(contentsOf: path) else { return nil }
    return file.metadata["kind"] == nil && file.metadata["formatVersion"] == nil ? file : nil
  }
}
