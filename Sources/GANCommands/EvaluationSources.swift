import Foundation
import GANData
import GANEvaluation
import GANFormats
import GANTensor
import GANTraining

/// The things that `gan evaluate` is to judge, as they are found at their paths.
struct EvaluationSources {
  /// In the order of the command line; paths of images until these are loaded.
  private var entries: [Entry] = []

  private enum Entry {
    case generator(JudgedImages, run: RunFolder?)
    case images(path: String)
    case loaded(JudgedImages)
  }

  /// Looks at paths, and reads the generators at them.
  ///
  /// - Parameter averages: The lengths of averages that are to be judged beside each generator.
  /// - Throws: `FormatError`, `TrainingError`, `AverageError`; `CommandError` where every checkpoint is
  ///   asked of what has none, or averages of what are no generators.
  init(_ paths: [String], allCheckpoints: Bool, averages: [Double] = []) throws {
    for path in paths {
      let run = RunFolder(path: path)
      if FileManager.default.fileExists(atPath: run.options) {
        let files = allCheckpoints ? run.checkpointPaths() : []
        guard !allCheckpoints || !files.isEmpty else {
          throw TrainingError.notRun(path: path, reason: "it has no checkpoint yet")
        }
        for file in files {
          try append(
            path, SavedNetwork(.generator, contentsOf: file), of: run, averages, at: file)
        }
        if !allCheckpoints {
          try append(path, run.savedNetwork(of: .generator), of: run, averages, at: path)
        }
      } else if allCheckpoints {
        throw TrainingError.notRun(path: path, reason: "--all-checkpoints needs a run's folder")
      } else if Self.isGenerator(path) {
        try append(
          path, SavedNetwork(.generator, contentsOf: path), of: nil, averages, at: path)
      } else if FileManager.default.fileExists(atPath: path) || NamedDataset.named(path) != nil {
        entries.append(.images(path: path))
      } else {
        throw FormatError(path, .notFound)
      }
    }
    guard averages.isEmpty || first != nil else {
      throw CommandError(.usage, "--average is for runs, and none of these is one")
    }
  }

  /// Adds a generator, and averages of it.
  ///
  /// - Parameters:
  ///   - name: What people call it.
  ///   - path: The run, or the checkpoint, that it is of.
  private mutating func append(
    _ name: String, _ generator: SavedNetwork, of run: RunFolder?, _ averages: [Double],
    at path: String
  ) throws {
    entries.append(.generator(JudgedImages(name: name, generator), run: run))
    guard !averages.isEmpty else { return }
    let snapshots = try AverageSnapshots(path)
    for length in averages {
      let average = try snapshots.generator(length: length)
      entries.append(.generator(JudgedImages(name: name, average), run: run))
    }
  }

  private static func isGenerator(_ path: String) -> Bool {
    (path as NSString).pathExtension.lowercased() == "safetensors" && !isFolder(path)
      && PackedImages.sayKind(at: path) && (try? PackedImages(contentsOf: path)) == nil
  }

  /// The generator that decides size and data: the first.
  private var first: (JudgedImages, SavedNetwork, RunFolder?)? {
    for case .generator(let images, let run) in entries {
      if case .generator(let generator) = images.origin { return (images, generator, run) }
    }
    return nil
  }

  /// Finds the real images.
  ///
  /// - Parameter named: A data set, a folder or a file; nil for the data of the first generator.
  func realImages(
    _ named: String?, on console: Console
  ) throws -> (source: DataSource, found: FoundData) {
    let source = try search(named)
    var reporter = DataReporter(console)
    do {
      let found = try reporter.watch { try source.find($0) }
      try console.say("data: \(found)")
      return (source, found)
    } catch let error as DataError {
      throw CommandError(error, naming: "--against", folder: "--against")
    }
  }

  private func search(_ named: String?) throws -> DataSource {
    let cache = DataCache.ofUser
    guard let (images, generator, run) = first else {
      guard let named else {
        throw CommandError(
          .usage, "--against must name the real images: none of these was trained on any")
      }
      return Self.search(named, FramingRequest(), cache)
    }
    let options = generator.options
    guard options.makesImages else { throw FeatureError.points(images.name) }
    let framing = FramingRequest(images.imageShape.extents) ?? FramingRequest()
    if let named { return Self.search(named, framing, cache) }
    let other = entries.lazy.compactMap { entry -> String? in
      guard case .generator(let images, _) = entry, case .generator(let other) = images.origin,
        other.options.dataset != options.dataset
      else { return nil }
      return "\(images.name) was trained on \(other.options.dataset)"
    }.first
    if let other {
      throw CommandError(
        .badOptions, "\(images.name) was trained on \(options.dataset), \(other)",
        help: "--against names the data for all of them")
    }
    guard let run else {
      return DataSource(options.dataset, framing: framing, seed: options.seed, cache: cache)
    }
    return try OptionSettings(
      resuming: run, startedWith: options, dataDir: run.readEnvironment().dataDir, []
    ).dataSource(cache: cache)
  }

  /// A search for what people name: a path where there is something, else a data set.
  private static func search(
    _ named: String, _ framing: FramingRequest, _ cache: DataCache?
  ) -> DataSource {
    FileManager.default.fileExists(atPath: named)
      ? DataSource(in: named, framing: framing, cache: cache)
      : DataSource(named, framing: framing, cache: cache)
  }

  /// Loads given images, in the size of the real ones.
  mutating func loadImages(sized shape: Shape, on console: Console) throws {
    let framing = FramingRequest(shape.extents) ?? FramingRequest()
    entries = try entries.map { entry in
      guard case .images(let path) = entry else { return entry }
      var reporter = DataReporter(console)
      let source = Self.search(path, framing, DataCache.ofUser)
      do {
        let found = try reporter.watch { try source.find($0) }
        guard let images = found.data as? ImageDataset else { throw FeatureError.points(path) }
        return .loaded(JudgedImages(name: path, images))
      } catch let error as DataError {
        throw CommandError(error, naming: "", folder: "")
      }
    }
  }

  /// What is to be judged.
  var all: [JudgedImages] {
    entries.compactMap { entry in
      switch entry {
      case .generator(let images, _), .loaded(let images): images
      case .images: nil
      }
    }
  }
}
