import Foundation
import GANFormats

/// The folder of one run, and where everything in it is.
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
  /// What the run ran on.
  package var environment: String { "\(path)/environment.json" }
  /// What the console said.
  package var log: String { "\(path)/log.txt" }
  /// A line a report.
  package var statistics: String { "\(path)/stats.jsonl" }
  /// The pictures' folder.
  package var samples: String { "\(path)/samples" }
  /// The first real items of the first batch: a picture of images, an array of points.
  package func realItems(areImages: Bool) -> String {
    "\(samples)/" + (areImages ? "real_images.png" : "real_points.npy")
  }
  /// What the generator makes of the fixed latents after an epoch, from 1; likewise.
  package func fakeItems(epoch: Int, areImages: Bool) -> String {
    "\(samples)/" + (areImages ? "fake_images-\(epoch).png" : "fake_points-\(epoch).npy")
  }
  /// The checkpoints' folder.
  package var checkpoints: String { "\(path)/checkpoints" }
  /// A player's weights at the end.
  package func network(of player: Player) -> String { "\(path)/\(player.rawValue).safetensors" }
  /// The generator's own weights, where `generator.safetensors` is their moving average.
  package var rawGenerator: String { "\(path)/generator-raw.safetensors" }
  /// All weights of the end, whether or not the run leaves each of them.
  var networks: [String] { [rawGenerator] + Player.allCases.map(network) }

  /// Makes a folder with the next free number in `runsFolder`, which is made where it is missing,
  /// and takes hold of it.
  ///
  /// The folder appears whole, with its options and its environment in it: whatever is there can
  /// be resumed. It is held from before it appears, so that no other run ever takes it for what a
  /// kill left.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  package static func create(
    in runsFolder: String, for options: TrainingOptions, on environment: RunEnvironment
  ) throws -> (folder: RunFolder, lock: RunLock) {
    try makeFolder(runsFolder)
    removeUnfinished(in: runsFolder)
    let (unfinished, lock) = try makeUnfinished(in: runsFolder)
    do {
      for folder in [unfinished.samples, unfinished.checkpoints] { try makeFolder(folder) }
      try unfinished.write(options)
      try unfinished.write(environment)
      return (try unfinished.renamed(in: runsFolder, for: options), lock)
    } catch {
      try? FileManager.default.removeItem(atPath: unfinished.path)
      throw error
    }
  }

  /// Makes an empty folder under a temporary name and takes hold of it.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  package static func makeUnfinished(
    in runsFolder: String
  ) throws -> (folder: RunFolder, lock: RunLock) {
    while true {
      let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
      let folder = RunFolder(path: "\(runsFolder)/\(AtomicFile.temporaryPrefix)\(suffix)")
      try makeFolder(folder.path)
      do {
        return (folder, try RunLock(folder))
      } catch TrainingError.busy {
        // Another run that starts now saw the folder without its holder, and removes it.
      } catch let error as FormatError where error.reason == .notFound {
        // It has removed it.
      }
    }
  }

  /// Removes what kills left of runs that were not there yet; who still makes one has its lock.
  package static func removeUnfinished(in runsFolder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: runsFolder)) ?? []
    for name in names where name.hasPrefix(AtomicFile.temporaryPrefix) {
      let path = "\(runsFolder)/\(name)"
      guard let lock = try? RunLock(RunFolder(path: path)) else { continue }
      withExtendedLifetime(lock) { try? FileManager.default.removeItem(atPath: path) }
    }
  }

  private func renamed(
    in runsFolder: String, for options: TrainingOptions
  ) throws(FormatError) -> RunFolder {
    var number = Self.nextNumber(in: runsFolder)
    while true {
      let name = "\(Self.padded(number))-\(options.dataset)-\(options.recipe)-seed\(options.seed)"
      let folder = RunFolder(path: "\(runsFolder)/\(name)")
      // Another run that starts now may take the number first: then its folder is not empty.
      if rename(path, folder.path) == 0 {
        try AtomicFile.syncFolder(of: folder.path, for: folder.path)
        return folder
      }
      guard [EEXIST, ENOTEMPTY, ENOTDIR].contains(errno) else {
        throw FormatError(folder.path, .unwritable(code: errno))
      }
      number += 1
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

  /// One more than the greatest number a run in the folder has; longer ones are no runs' numbers.
  private static func nextNumber(in runsFolder: String) -> Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: runsFolder)) ?? []
    let numbers = names.compactMap { name in
      name.contains("-") ? Int32(name.prefix { $0.isASCII && $0.isNumber }).map(Int.init) : nil
    }
    return (numbers.max() ?? -1) + 1
  }

  private static func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }
}
