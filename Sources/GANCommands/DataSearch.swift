import Foundation
import GANData
import GANFormats
import GANTraining

/// Finds images by the name of their data set: in a folder, the cache, the system, on the network.
struct DataSearch {
  /// Images, and where they are from in words.
  typealias Find = (images: ImageDataset, place: String)

  let console: Console
  private let mirrors: MirrorList
  private let usesNetwork: Bool
  let environment = ProcessInfo.processInfo.environment

  /// Prepares to search.
  ///
  /// - Parameters:
  ///   - console: Hears what is fetched, and why a data set stands in for another.
  ///   - mirrors: Where to fetch from.
  ///   - usesNetwork: Whether to fetch what is not here.
  init(_ console: Console, mirrors: MirrorList, usesNetwork: Bool = true) {
    self.console = console
    self.mirrors = mirrors
    self.usesNetwork = usesNetwork
  }

  /// The data set that is built in.
  static let builtIn = "strokes"

  /// The data set whose files people bring themselves.
  static let cifar10 = "cifar-10"

  /// What a data set of images can be called.
  static let imageNames =
    ["auto"] + ImageDataset.MNISTFamily.allCases.map(\.rawValue) + [cifar10, builtIn]

  /// What a data set can be called.
  static let names = imageNames + ToyWorld.allCases.map(\.rawValue)

  /// Finds the training images of a data set.
  ///
  /// Only `auto` takes another data set where MNIST cannot be had, and says why. In a folder
  /// `auto` is what lies there.
  ///
  /// - Parameters:
  ///   - folder: Where to look, and only there; pictures and packed files may have any name.
  ///   - request: What a folder's pictures become; other images are left as they are.
  /// - Throws: `CommandError`, `FetchError`, `FormatError`.
  func images(
    _ name: String, in folder: String?, sized request: FramingRequest = FramingRequest()
  ) throws -> Find {
    switch (name, folder) {
    case ("auto", let folder?): return try contents(of: folder, sized: request)
    case ("auto", nil): return try automaticImages()
    case (Self.cifar10, let folder?): return try cifar10(in: folder)
    case (Self.cifar10, nil):
      throw CommandError(
        .missing, "--dataset \(name): no folder to take it from",
        help: "name the folder with its binary version, --data-dir folder")
    case (Self.builtIn, nil): return strokes
    case (Self.builtIn, let folder?):
      throw CommandError(
        .badOptions, "--data-dir \(folder): the data set strokes is built in, in no folder")
    case (_, let folder?) where ImageDataset.MNISTFamily(rawValue: name) == nil:
      return try pictures(in: folder, named: name, sized: request)
    default:
      let family = try Self.family(name)
      return try folder.map { try images(of: family, in: $0) }
        ?? publishedImages(of: family, patience: .named)
    }
  }

  /// The published data set of a name.
  ///
  /// - Throws: `CommandError` with the nearest name there is.
  static func family(
    _ name: String, among names: [String] = names, saidBy place: String = "--dataset"
  ) throws(CommandError) -> ImageDataset.MNISTFamily {
    if let family = ImageDataset.MNISTFamily(rawValue: name) { return family }
    throw CommandError(
      .usage, "\(place) \(name): must be one of \(names.joined(separator: ", "))",
      help: nearestName(to: name, among: names).map { "did you mean \($0)?" })
  }

  private var strokes: Find { (.strokes(), "built in") }

  private func automaticImages() throws -> Find {
    do {
      return try publishedImages(of: .mnist, patience: .replaceable)
    } catch {
      try console.say("data: no MNIST: \(error)")
      if let folder = ImageDataset.systemFashionMNISTFolder {
        try console.say("data: instead of it the system's Fashion-MNIST")
        return try images(of: .fashionMNIST, in: folder)
      }
      try console.say("data: instead of it strokes, the built-in digits")
      return strokes
    }
  }

  func images(of family: ImageDataset.MNISTFamily, in folder: String) throws -> Find {
    do {
      return (try ImageDataset.mnist(in: folder, family: family), "from \(folder)")
    } catch let error as FormatError {
      throw CommandError(
        error.kind.status, "--data-dir \(folder): \(error)",
        help: "name the folder that holds train-images-idx3-ubyte, plain or gzip, or "
          + "torchvision's root")
    }
  }

  /// A data set from the cache, the system or the network.
  private func publishedImages(
    of family: ImageDataset.MNISTFamily, patience: FetchPatience
  ) throws -> Find {
    let dataset = family.published
    let cache = try DataCache.ofUser(environment)
    if let (file, defect) = cache.firstDefect(of: dataset, split: .train) {
      if family == .fashionMNIST, let folder = ImageDataset.systemFashionMNISTFolder {
        return try images(of: family, in: folder)
      }
      let path = cache.path(of: file, in: dataset)
      if defect == .damaged { try console.say("data: damaged, to be fetched again: \(path)") }
      guard usesNetwork else {
        throw CommandError(
          .missing, "\(dataset.name) is not here: no \(path)",
          help: "gan data fetch \(dataset.name)")
      }
      try fetch(dataset, into: cache, patience: patience)
    }
    return (try cache.images(of: dataset), "from \(cache.folder(of: dataset))")
  }

  /// Fetches a data set, and says how that goes.
  func fetch(
    _ dataset: PublishedDataset, into cache: DataCache, patience: FetchPatience
  ) throws {
    let fetch = DataFetch(
      dataset, into: cache, from: mirrors, patience: patience)
    var progress = FetchProgress(of: dataset, into: cache, on: console)
    defer { progress.clear() }
    // Only a log could fail to take a line, and a run has its log later.
    try fetch.run { try? progress.note($0) }
    try progress.finish()
  }
}

extension DataCache {
  /// The cache of the user whose environment this is.
  ///
  /// - Throws: `CommandError` where there is none.
  static func ofUser(_ environment: [String: String]) throws(CommandError) -> DataCache {
    guard let cache = DataCache(environment: environment) else {
      throw CommandError(
        .cannotWrite, "no folder for downloads: neither XDG_CACHE_HOME nor HOME is set",
        help: "set one, or name a folder with the data, --data-dir folder")
    }
    return cache
  }
}
