package import GANData
import GANFormats

/// The source of a run's data: a data set by its name, from a folder, the cache, the system or the
/// network, or built in.
///
/// The search reports its steps in notes, and prints nothing.
package struct DataSource: Sendable {
  /// A data set's name, or one to give to a folder's pictures; `automatic` for the folder's
  /// contents, without a folder for MNIST or the data that take its place.
  package var name: String
  /// The only place to look in; nil to look everywhere.
  package var folder: String?
  /// The size of images, and the colour behind transparent pixels.
  package var framing: FramingRequest
  /// The run's seed, which draws the points of toy worlds.
  package var seed: UInt64
  /// The servers to fetch from.
  package var mirrors: MirrorList
  /// False where data must be on this machine already.
  package var usesNetwork: Bool
  /// The folder of downloads and packed pictures; nil where the user has none.
  package var cache: DataCache?
  /// The data sets that have a name.
  package var registry: [NamedDataset]
  /// The archive whose files are in `folder`, if it is one's: data are called after that.
  var archive: String?
  /// The classes of a run that goes on, which keeps those without images if it began with them; nil
  /// for a new run, which never has such.
  package var recordedClassCount: Int?

  /// The name that leaves the choice to the search.
  package static let automatic = "auto"

  /// Describes a search.
  package init(
    _ name: String = automatic, in folder: String? = nil,
    framing: FramingRequest = FramingRequest(), seed: UInt64 = 0, mirrors: MirrorList = .known,
    usesNetwork: Bool = true, cache: DataCache?, registry: [NamedDataset] = NamedDataset.all
  ) {
    (self.name, self.folder, self.framing, self.seed) = (name, folder, framing, seed)
    (self.mirrors, self.usesNetwork, self.cache) = (mirrors, usesNetwork, cache)
    self.registry = registry
  }

  /// The names to choose from.
  package var names: [String] { [Self.automatic] + registry.map(\.name) }

  /// Finds the training items.
  ///
  /// Only `automatic` takes another data set if MNIST cannot be had, and notes the reason.
  ///
  /// - Parameter note: Called with each event of the search, as it happens.
  /// - Throws: `DataError`, `FetchError`, `FormatError`; `RuntimeError.tooLarge` where there is no
  ///   memory for images of the size asked for.
  package func find(_ note: (DataNote) -> Void = { _ in }) throws -> FoundData {
    if let folder, Archive.isLikely(at: folder) {
      return try searchingArchive(folder, note) { place in
        var search = self
        search.folder = place
        search.archive = folder
        return try search.find(note).of(folder)
      }
    }
    let dataset = registry.first { $0.name == name }
    switch (dataset?.origin, folder) {
    case (nil, let folder?) where name == Self.automatic:
      return try contents(of: folder, named: nil, note)
    case (nil, nil) where name == Self.automatic:
      return try automaticChoice(note)
    case (nil, let folder?):
      return try contents(of: folder, named: name, note)
    case (nil, nil):
      throw DataError.unknown(name: name, among: names)
    case (.points, let folder?), (.images, let folder?):
      throw DataError.builtIn(name: name, folder: folder)
    case (.points(let draw), nil):
      return FoundData(points: draw(seed))
    case (.images(let make), nil):
      return try found(make(.train), .builtIn, note)
    case (.files(let files), let folder?):
      return try images(of: files, in: folder, note)
    case (.files(let files), nil):
      let place = try folder(of: files, patience: .named, note)
      return try found(files.read(place, .train), .folder(place), note)
    }
  }

  /// The data set that is preferred, or why it is not and the best of the others.
  private func automaticChoice(_ note: (DataNote) -> Void) throws -> FoundData {
    let preferred = NamedDataset.preferred
    do {
      guard let files = preferred.files else { return try named(preferred).find(note) }
      let place = try named(preferred).folder(of: files, patience: .replaceable, note)
      return try found(files.read(place, .train), .folder(place), note)
    } catch {
      note(.unavailable(preferred, reason: error))
      for substitute in NamedDataset.substitutes {
        if let files = substitute.files {
          guard let place = files.systemFolder else { continue }
          note(.substituted(by: substitute))
          return try named(substitute).images(of: files, in: place, note)
        }
        note(.substituted(by: substitute))
        return try named(substitute).find(note)
      }
      throw error
    }
  }

  /// A source of the same kind for one data set.
  private func named(_ dataset: NamedDataset) -> DataSource {
    var source = self
    source.name = dataset.name
    return source
  }

  /// The training images in a folder that must hold them.
  func images(
    of files: DatasetFiles, in folder: String, _ note: (DataNote) -> Void,
    _ named: (ImageDataset) -> ImageDataset = { $0 }
  ) throws -> FoundData {
    do {
      return try found(named(files.read(folder, .train)), .folder(folder), note)
    } catch let error as FormatError {
      throw DataError.unusable(folder: folder, error, hint: files.folderHint)
    }
  }

  /// The folder with a data set's training files: of the cache, the system or, fetched now, of the
  /// cache.
  private func folder(
    of files: DatasetFiles, patience: FetchPatience, _ note: (DataNote) -> Void
  ) throws -> String {
    guard let download = files.download else {
      guard let folder = files.systemFolder else { throw DataError.folderNeeded(name: name) }
      return folder
    }
    let cache = try userCache
    guard let (file, defect) = cache.firstDefect(of: download, split: .train) else {
      return cache.folder(of: download)
    }
    if let folder = files.systemFolder { return folder }
    let path = cache.path(of: file, in: download)
    if defect == .damaged { note(.damaged(path: path)) }
    guard usesNetwork else { throw DataError.absent(name: name, path: path) }
    try Self.fetch(download, into: cache, from: mirrors, patience: patience, note)
    return cache.folder(of: download)
  }

  /// The folder with all of a data set's files, sound ones: of the cache or the system.
  ///
  /// - Throws: `DataError`.
  package func presentFolder(of files: DatasetFiles) throws(DataError) -> String {
    guard let download = files.download else {
      guard let folder = files.systemFolder else { throw .folderNeeded(name: name) }
      return folder
    }
    let cache = try userCache
    let defects = ImageDataset.Split.allCases.lazy.compactMap {
      cache.firstDefect(of: download, split: $0)
    }
    guard let (file, defect) = defects.first else { return cache.folder(of: download) }
    let path = cache.path(of: file, in: download)
    if defect == .damaged { throw .damaged(name: name, path: path) }
    guard let folder = files.systemFolder else { throw .absent(name: name, path: path) }
    return folder
  }

  /// Brings every file of a data set into a cache.
  ///
  /// - Throws: `FetchError`; `FormatError` of kind `unwritable`.
  package static func fetch(
    _ dataset: PublishedDataset, into cache: DataCache, from mirrors: MirrorList,
    patience: FetchPatience, _ note: (DataNote) -> Void
  ) throws {
    try DataFetch(dataset, into: cache, from: mirrors, patience: patience).run {
      note(.fetching(dataset, $0))
    }
    note(.fetched(dataset, folder: cache.folder(of: dataset)))
  }

  /// The cache.
  ///
  /// - Throws: `DataError.noCache`.
  package var userCache: DataCache {
    get throws(DataError) {
      guard let cache else { throw .noCache }
      return cache
    }
  }

  /// Items of a file: images as below, points as they are.
  func found(
    _ items: any TrainingData, _ place: FoundData.Place, _ note: (DataNote) -> Void
  ) throws -> FoundData {
    if let images = items as? ImageDataset { return try found(images, place, note) }
    if let points = items as? PointDataset, !points.assumptions.isEmpty {
      note(.assumed(points.assumptions))
    }
    return FoundData(data: items, place: place, ownShape: items.itemShape)
  }

  /// Images in the size asked for, and only the classes that occur.
  func found(
    _ images: ImageDataset, _ place: FoundData.Place, _ note: (DataNote) -> Void
  ) throws -> FoundData {
    if !images.assumptions.isEmpty { note(.assumed(images.assumptions)) }
    var images = images
    let empty = images.emptyClasses
    if !empty.isEmpty, images.classCount != recordedClassCount {
      images = images.withoutEmptyClasses()
      note(.emptyClasses(empty, left: images.classNames ?? []))
    }
    return FoundData(
      data: try images.resized(framing), place: place, ownShape: images.imageShape)
  }
}
