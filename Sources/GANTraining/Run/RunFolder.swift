import Foundation
import GANFormats

/// The folder of a run, and the paths in it.
///
/// `runs/00000-mnist-tutorial-seed0/` holds `options.json`, `environment.json`, `log.txt`,
/// `stats.jsonl`, `samples/`, `checkpoints/`, where they are kept `averages/`, and at the end both
/// networks' weights.
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
  /// The folder of snapshots of power-function averages.
  package var averages: String { "\(path)/averages" }
  /// The snapshot after a step.
  package func averages(step: Int) -> String { "\(averages)/\(Checkpoint.fileName(step: step))" }
  /// A player's weights at the end.
  package func network(of player: Role) -> String { "\(path)/\(player.rawValue).safetensors" }
  /// The generator's own weights, where `generator.safetensors` is their moving average.
  package var rawGenerator: String { "\(path)/generator-raw.safetensors" }
  /// The networks that the run started with, where those of another run were asked for.
  var startingNetworks: String { "\(path)/start.safetensors" }
  /// True if the run came to its end.
  var isFinished: Bool { FileManager.default.fileExists(atPath: network(of: .discriminator)) }
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
      try RunFolder(path: made.path).fill(options, environment, start)
      return RunFolder(path: try made.finish(as: options.runName))
    } catch {
      made.discard()
      throw error
    }
  }

  /// Makes a folder at a path that nothing else takes; what a kill left of it is replaced.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  package static func create(
    at path: String, for options: TrainingOptions, on environment: RunEnvironment
  ) throws -> RunFolder {
    let place = URL(filePath: path)
    let parent = place.deletingLastPathComponent()
    let unfinished = parent.appending(
      path: AtomicFile.temporaryPrefix + place.lastPathComponent
    ).path(percentEncoded: false)
    try makeFolder(parent.path(percentEncoded: false))
    try? FileManager.default.removeItem(atPath: unfinished)
    try makeFolder(unfinished)
    try RunFolder(path: unfinished).fill(options, environment, nil)
    guard rename(unfinished, path) == 0 else { throw FormatError(path, .unwritable(code: errno)) }
    try AtomicFile.syncFolder(of: path, for: path)
    return RunFolder(path: path)
  }

  /// The folders in that of a run.
  func folders(of options: TrainingOptions) -> [String] {
    [samples, checkpoints] + (options.average.postHoc ? [averages] : [])
  }

  /// Writes what every run's folder begins with.
  private func fill(
    _ options: TrainingOptions, _ environment: RunEnvironment, _ start: RunStart?
  ) throws {
    for folder in folders(of: options) { try makeFolder(folder) }
    try write(options)
    try write(environment)
    try start?.file.write(to: startingNetworks)
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
