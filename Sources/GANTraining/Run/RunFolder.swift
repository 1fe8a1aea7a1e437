import Foundation
import GANFormats

/// The folder of a run, and the paths in it.
///
/// `runs/00000-mnist-tutorial-seed0/` holds `options.json`, `environment.json`, `log.txt`,
/// `stats.jsonl`, `samples/`, `checkpoints/`, and at the end both networks' weights.
package struct RunFolder: Hashable, Sendable {
  /// The folder.
  package let path: String

  /// Names a folder that is there already.
  package init(path: String) { self.path = path }

  /// Every option, resolved.
  package var options: String { "\(path)/options.json" }
  /// The run's environment.
  package var environment: String { "\(path)/environment.json" }
  /// The console's lines.
  package var log: String { "\(path)/log.txt" }
  /// The losses and scores, drawn.
  package var curves: String { "\(path)/curves.svg" }
  /// What looked wrong at the end.
  package var diagnosis: String { "\(path)/diagnosis.json" }
  /// A line a report.
  package var statistics: String { "\(path)/stats.jsonl" }
  /// The pictures' folder.
  package var samples: String { "\(path)/samples" }
  /// The first real items of the first batch: a picture of images, an array of points.
  package func realItems(areImages: Bool) -> String {
    "\(samples)/" + (areImages ? "real_images.png" : "real_points.npy")
  }
  /// The generator's items from the fixed latents after an epoch, from 1; likewise.
  package func fakeItems(epoch: Int, areImages: Bool) -> String {
    "\(samples)/" + (areImages ? "fake_images-\(epoch).png" : "fake_points-\(epoch).npy")
  }
  /// The checkpoints' folder.
  package var checkpoints: String { "\(path)/checkpoints" }
  /// A player's weights at the end.
  package func network(of player: Role) -> String { "\(path)/\(player.rawValue).safetensors" }
  /// The generator's own weights, where `generator.safetensors` is their moving average.
  package var rawGenerator: String { "\(path)/generator-raw.safetensors" }
  /// The networks that the run started with, where those of another run were asked for.
  var startingNetworks: String { "\(path)/start.safetensors" }
  /// Every file that only a run's end leaves, in the order in which they are written.
  var endFiles: [String] { [diagnosis, rawGenerator] + Role.pair.map(network) }

  /// Makes a folder with the next free number in `runsFolder`, which is made where it is missing.
  ///
  /// The folder appears whole, with its options and its environment in it: whatever is there can
  /// be resumed.
  ///
  /// - Parameter start: The networks it starts with; nil for those of its seed.
  /// - Throws: `FormatError` of kind `unwritable`.
  package static func create(
    in runsFolder: String, for options: TrainingOptions, on environment: RunEnvironment,
    from start: RunStart? = nil
  ) throws -> RunFolder {
    let made = try NumberedFolder(in: runsFolder)
    do {
      let unfinished = RunFolder(path: made.path)
      for folder in [unfinished.samples, unfinished.checkpoints] { try makeFolder(folder) }
      try unfinished.write(options)
      try unfinished.write(environment)
      try start?.file.write(to: unfinished.startingNetworks)
      return RunFolder(path: try made.finish(as: options.runName))
    } catch {
      made.discard()
      throw error
    }
  }

  /// Writes `options.json`.
  func write(_ options: TrainingOptions) throws {
    try AtomicFile.write([UInt8](options.json.utf8), to: self.options)
  }

  /// Writes `environment.json`.
  func write(_ environment: RunEnvironment) throws {
    try AtomicFile.write([UInt8](readableJSON(environment).utf8), to: self.environment)
  }
}
