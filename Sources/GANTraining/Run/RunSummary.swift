import Foundation
import GANFormats
import GANNetworks

/// What a run's folder or one of our files is; its JSON is what `gan info --json` prints.
package struct RunSummary: Codable, Sendable {
  /// Where it is.
  package var path: String
  /// `run`, `network`, `checkpoint` or `trace`.
  package var kind: String
  /// Steps it was trained for, or that it records.
  package var step: Int
  /// Whether a run came to its end; nil for a file.
  package var isFinished: Bool?
  /// The networks in it, by player.
  package var networks: [String: NetworkSummary]
  /// What it was trained with.
  package var options: TrainingOptions
  /// What the run ran on; nil for a file.
  package var environment: RunEnvironment?

  /// Reads a safetensors file.
  ///
  /// - Throws: `FormatError`, `TrainingError.foreign`.
  package init(ofFile path: String) throws {
    let file = try RunFile(contentsOf: path)
    self.path = path
    kind = file.kind.rawValue
    step = file.step
    options = file.options
    networks = Self.summaries(of: file.networks)
  }

  /// Reads a run's folder, finished or not.
  ///
  /// - Throws: `FormatError`; `TrainingError.notRun` where it has no options.
  package init(of folder: RunFolder) throws {
    options = try folder.readOptions()
    path = folder.path
    kind = "run"
    networks = Self.summaries(
      of: Dictionary(
        uniqueKeysWithValues: Role.pair.map { [options] in ($0, options.network(of: $0)) }))
    isFinished = FileManager.default.fileExists(atPath: folder.network(of: .discriminator))
    // The newest checkpoint knows the step; a run without one has none it could go on from.
    step = try folder.latestCheckpoint().map { try RunFile(contentsOf: $0).step } ?? 0
    environment = try folder.readEnvironment()
  }

  private static func summaries(
    of networks: [Role: NetworkDescription]
  ) -> [String: NetworkSummary] {
    Dictionary(
      uniqueKeysWithValues: networks.map { player, network in
        (player.rawValue, NetworkSummary(network))
      })
  }
}

extension RunSummary {
  /// Indented JSON.
  package var json: String { get throws { try readableJSON(self) } }
}
