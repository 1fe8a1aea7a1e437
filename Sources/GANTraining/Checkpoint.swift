import Foundation
import GANFormats
import GANTensor

/// Everything a run needs to go on after a step.
struct Checkpoint: Sendable {
  let step: Int
  let options: TrainingOptions
  let tensors: [(name: String, tensor: HostTensor)]

  /// Writes `step-<n>.safetensors`, then `latest`, then removes what is no longer kept.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  func write(to folder: RunFolder, keeping retention: CheckpointRetention) throws {
    let metadata = [
      "kind": "checkpoint",
      "formatVersion": Version.fileFormat,
      "networks": try options.networksJSON,
      "options": try compactJSON(options),
      "step": "\(step)",
    ]
    let name = Self.fileName(step: step)
    try SafetensorsFile(metadata: metadata, tensors: tensors)
      .write(to: "\(folder.checkpoints)/\(name)")
    try AtomicFile.write([UInt8]((name + "\n").utf8), to: folder.latestCheckpointName)
    for step in retention.superfluous(among: folder.checkpointSteps()) {
      unlink("\(folder.checkpoints)/\(Self.fileName(step: step))")
    }
  }

  static func fileName(step: Int) -> String { "step-\(step).safetensors" }
}

/// Which checkpoints of a run are kept: the newest three, and every tenth epoch's.
struct CheckpointRetention: Hashable, Sendable {
  let stepsPerEpoch: Int
  let newestCount = 3
  let keptEpochs = 10

  /// The steps among `steps` whose checkpoints may go.
  func superfluous(among steps: [Int]) -> [Int] {
    steps.sorted().dropLast(newestCount).filter { !$0.isMultiple(of: keptEpochs * stepsPerEpoch) }
  }
}

extension RunFolder {
  /// The file that names the newest checkpoint.
  var latestCheckpointName: String { "\(checkpoints)/latest" }

  /// The newest complete checkpoint, if there is one.
  package var latestCheckpoint: String? {
    guard let text = try? String(contentsOfFile: latestCheckpointName, encoding: .utf8) else {
      return nil
    }
    return "\(checkpoints)/\(text.trimmingCharacters(in: .whitespacesAndNewlines))"
  }

  /// The steps of all checkpoints, in no order.
  func checkpointSteps() -> [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: checkpoints)) ?? []
    return names.compactMap { name in
      guard name.hasPrefix("step-"), name.hasSuffix(".safetensors") else { return nil }
      return Int(name.dropFirst("step-".count).dropLast(".safetensors".count))
    }
  }

  /// A player's network: the weights at the end, or those of the newest checkpoint.
  ///
  /// - Throws: `FormatError`, `TrainingError`.
  package func savedNetwork(of player: Player) throws -> SavedNetwork {
    let final = network(of: player)
    if FileManager.default.fileExists(atPath: final) {
      return try SavedNetwork(player, contentsOf: final)
    }
    guard let latestCheckpoint else {
      throw TrainingError.notRun(
        path: path, reason: "neither \(player.rawValue).safetensors nor checkpoints/latest in it")
    }
    return try SavedNetwork(player, contentsOf: latestCheckpoint)
  }
}
