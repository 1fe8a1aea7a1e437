import Foundation
import GANData
import GANFormats
import GANRuntime
import GANTensor

/// The options that a run was started with and the folder of its data, for a new run to start from.
package struct RecordedRun: Sendable {
  /// The path by which it was named.
  package let path: String
  /// Its options.
  package let options: TrainingOptions
  /// The folder of its data; nil where their name is enough to find them, or nothing says where.
  package let dataDir: String?

  /// A run of some options, wherever it is.
  init(path: String, options: TrainingOptions, dataDir: String?) {
    (self.path, self.options, self.dataDir) = (path, options, dataDir)
  }

  /// Reads a run's folder.
  ///
  /// - Throws: As `RunFolder.readOptions` and `readEnvironment`.
  package init(_ folder: RunFolder) throws {
    path = folder.path
    options = try folder.readOptions()
    dataDir = try folder.readEnvironment().dataDir
  }

  /// Takes the options out of a checkpoint.
  ///
  /// The data's folder is that of the run in whose folder the file lies, if it lies in one.
  package init(_ checkpoint: RunFile) {
    path = checkpoint.path
    options = checkpoint.options
    dataDir = RunFolder(around: path).flatMap { try? $0.readEnvironment().dataDir }
  }

  /// Reads a run's `options.json`, or a copy of one.
  ///
  /// - Throws: As `RunFolder.readOptions`.
  package init(optionsFile path: String) throws {
    self.path = path
    let folder = RunFolder(around: path)
    options = try TrainingOptions(
      contentsOf: path, writtenBy: try? folder?.readEnvironment().version)
    dataDir = folder.flatMap { try? $0.readEnvironment().dataDir }
  }
}

extension RecordedRun {
  /// The choices that lead to such a run again.
  package var choices: RunChoices {
    var choices = RunChoices()
    choices.recipe = options.recipe
    choices.dataset = options.dataset
    choices.dataDir = dataDir
    choices.imageSize = options.imageSize
    if options.device != .fastest { choices.device = options.device.rawValue }
    return choices
  }

  /// Its options as a user's assignments, to be compared with another run's.
  package func assignments(from origin: OptionOrigin) -> [OptionAssignment] {
    OptionKey.all.map { OptionAssignment($0.path, $0.value(in: options), origin) }
      + [
        OptionAssignment("recipe", options.recipe, origin),
        OptionAssignment("dataset", options.dataset, origin),
      ]
  }
}

extension TrainingOptions {
  /// The size that makes the images again; `auto` for points, and for shapes that resizing cannot
  /// make.
  var imageSize: String {
    let extents = itemShape.extents
    return makesImages && FramingRequest(extents) != nil ? extents : RunChoices().imageSize
  }

  /// Reads a file of options.
  ///
  /// - Parameter version: The version that wrote it, if that is known.
  /// - Throws: `FormatError`; `TrainingError.foreign` where they are damaged, `.newer` where a later
  ///   version wrote them.
  init(contentsOf path: String, writtenBy version: String?) throws {
    let json = Data(try InputFile(path: path).bytes(upTo: 1_000_000))
    func foreign(_ reason: String) -> TrainingError { .foreign(path: path, reason: reason) }
    do {
      self = try JSONDecoder().decode(TrainingOptions.self, from: json)
      try validate()
    } catch let error as RecordedOptionsError {
      guard let novelty = error.novelty else { throw foreign("\(error)") }
      throw TrainingError.newer(path: path, version: version, novelty: novelty)
    } catch let error as OptionsError {
      throw foreign("\(error)")
    } catch {
      throw foreign("not the options of a run, in JSON")
    }
  }
}

extension RunFolder {
  /// The run in whose folder a path lies, there or in a folder of it; nil for any other path.
  package init?(around path: String) {
    let parent = URL(filePath: path).deletingLastPathComponent()
    let folders = [parent, parent.deletingLastPathComponent()].map(\.relativePath)
    guard let folder = folders.map(RunFolder.init(path:)).first(where: \.isRun) else { return nil }
    self = folder
  }

  /// True for a folder with a run's options in it.
  package var isRun: Bool { FileManager.default.fileExists(atPath: options) }
}
