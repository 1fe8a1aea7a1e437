import Foundation
import GANFormats

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The folder that keeps what was downloaded: `<cache>/mnist/train-images-idx3-ubyte` and so on.
package struct DataCache: Hashable, Sendable {
  /// The folder; it need not be there.
  package let path: String

  /// The cache of this process's user.
  package static var ofUser: DataCache? {
    DataCache(environment: ProcessInfo.processInfo.environment)
  }

  /// Keeps data beneath a folder.
  package init(path: String) { self.path = path }

  /// The user's cache: in `XDG_CACHE_HOME`, else in `~/.cache`, on Apple systems in
  /// `~/Library/Caches`; nil where the environment names no home.
  package init?(environment: [String: String]) {
    // A relative path is to be ignored, says the specification of `XDG_CACHE_HOME`.
    if let folder = environment["XDG_CACHE_HOME"], folder.hasPrefix("/") {
      path = folder + "/swift-gan"
    } else if let home = environment["HOME"], !home.isEmpty {
      #if canImport(Darwin)
        path = home + "/Library/Caches/swift-gan"
      #else
        path = home + "/.cache/swift-gan"
      #endif
    } else {
      return nil
    }
  }

  /// The folder of a data set's files, which need not be there.
  package func folder(of dataset: PublishedDataset) -> String { "\(path)/\(dataset.name)" }

  /// The path of a file, which need not be there.
  package func path(of file: PublishedFile, in dataset: PublishedDataset) -> String {
    "\(folder(of: dataset))/\(file.cachedName)"
  }

  /// A fault of a cached file.
  package enum Defect: Hashable, Sendable {
    /// It is not there.
    case absent
    /// It holds other bytes than were published.
    case damaged
  }

  /// The files that are absent, by their names alone.
  package func absentFiles(of dataset: PublishedDataset) -> [PublishedFile] {
    dataset.files.filter { access(path(of: $0, in: dataset), F_OK) != 0 }
  }

  /// The first file of a split that is not what was published, and why; nil where all are.
  ///
  /// - Complexity: Reads the files: 50 ms for MNIST's training set.
  package func firstDefect(
    of dataset: PublishedDataset, split: ImageDataset.Split
  ) -> (file: PublishedFile, defect: Defect)? {
    for file in dataset.files where file.split == nil || file.split == split {
      if let defect = defect(of: file, in: dataset) { return (file, defect) }
    }
    return nil
  }

  /// The fault of a file of a data set; nil for a sound one.
  func defect(of file: PublishedFile, in dataset: PublishedDataset) -> Defect? {
    do {
      try file.verify(path(of: file, in: dataset))
      return nil
    } catch {
      return error.reason == .notFound ? .absent : .damaged
    }
  }
}
