import Foundation
import GANFormats
import GANNetworks

/// The facts on a run's folder or one of our files; its JSON is the output of `gan info --json`.
package struct RunSummary: Codable, Sendable {
  /// Its path.
  package var path: String
  /// `run`, `network`, `checkpoint` or `trace`.
  package var kind: String
  /// Steps it was trained for, or that it records.
  package var step: Int
  /// True if a run came to its end; nil for a file.
  package var isFinished: Bool?
  /// The networks in it, by player.
  package var networks: [String: NetworkSummary]
  /// Its training options.
  package var options: TrainingOptions
  /// The run's environment; nil for a file.
  package var environment: RunEnvironment?
  /// The changes of its hyperparameters while it went on; nil for a file.
  package var changes: [HyperparameterChange]?
  /// How the run went; nil for a file, and before there is anything to tell.
  package var progress: RunProgress?

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

  /// Describes a network by itself.
  package init(of saved: SavedNetwork, at path: String) {
    (self.path, kind, step, options) = (path, "network", saved.step, saved.options)
    networks = Self.summaries(of: [saved.player: saved.network])
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
    isFinished = folder.isFinished
    // The step is the newest checkpoint's; without one a run starts over.
    step = try folder.latestCheckpoint()?.step ?? 0
    environment = try folder.readEnvironment()
    changes = try folder.readChanges(of: options)
    progress = try RunProgress(of: folder, options)
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
