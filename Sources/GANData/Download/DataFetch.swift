import GANFormats

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Fetching a published data set into the cache.
///
/// Mirrors are asked in order, for later files first the one that gave the last. What arrived of a
/// file when a transfer broke is kept and continued, by the same mirror or the next; since copies
/// may be compressed differently, a file that came in parts and is not the right one is fetched
/// once more in one piece. Only whole, proved files get their names.
package struct DataFetch: Sendable {
  /// Something worth telling while it runs.
  package enum Event: Hashable, Sendable {
    /// Another process is fetching the same data set; this one waits.
    case waiting
    /// A file begins to come from a mirror, or goes on to.
    case started(PublishedFile, mirror: String)
    /// So many bytes of a file are there, of so many.
    case progress(PublishedFile, bytes: Int, total: Int)
    /// A mirror did not give a file.
    case failed(PublishedFile, FetchError.Attempt)
    /// A file is in the cache.
    case finished(PublishedFile)
  }

  private let dataset: PublishedDataset
  private let cache: DataCache
  private let mirrors: MirrorList
  private let patience: FetchPatience

  /// A file is asked of one mirror again where a transfer broke; so often at most.
  private static let transferLimit = 5

  /// Describes a fetch.
  package init(
    _ dataset: PublishedDataset, into cache: DataCache, from mirrors: MirrorList,
    patience: FetchPatience
  ) {
    self.dataset = dataset
    self.cache = cache
    self.mirrors = mirrors
    self.patience = patience
  }

  /// Brings every file into the cache that is not soundly there.
  ///
  /// - Throws: `FetchError`; `FormatError` of kind `unwritable` where the cache cannot be written.
  package func run(_ report: (Event) -> Void) throws {
    guard mirrors != .forbidden else { throw FetchError.forbidden(dataset: dataset.name) }
    let folder = cache.folder(of: dataset)
    try makeFolder(folder)
    let lock = try CacheLock(folder) { report(.waiting) }
    var folders = mirrors.folders(for: dataset)
    for file in dataset.files where cache.defect(of: file, in: dataset) != nil {
      try fetch(file, from: &folders, into: folder, report)
      report(.finished(file))
    }
    _ = consume lock
  }

  /// Fetches a file from the first mirror that gives it, which then comes first.
  private func fetch(
    _ file: PublishedFile, from mirrors: inout [String], into folder: String,
    _ report: (Event) -> Void
  ) throws {
    var attempts: [FetchError.Attempt] = []
    for (index, mirror) in mirrors.enumerated() {
      report(.started(file, mirror: mirror))
      guard let attempt = try fetch(file, from: mirror, into: folder, report) else {
        mirrors.insert(mirrors.remove(at: index), at: 0)
        return
      }
      attempts.append(attempt)
      report(.failed(file, attempt))
    }
    throw FetchError.nowhere(
      dataset: dataset.name, file: file.archiveName, attempts: attempts)
  }

  /// Fetches a file from one mirror; returns what went wrong, if anything did.
  private func fetch(
    _ file: PublishedFile, from mirror: String, into folder: String, _ report: (Event) -> Void
  ) throws -> FetchError.Attempt? {
    let partial = "\(folder)/\(file.archiveName).part"
    let transfer = Transfer(
      url: "\(mirror)/\(file.archiveName)", byteLimit: file.downloadByteLimit,
      patience: patience)
    var reason = ""
    for _ in 0..<Self.transferLimit {
      let earlier = Self.byteCount(partial)
      let outcome = try transfer.run(into: partial) { bytes, total in
        report(.progress(file, bytes: bytes, total: total ?? file.downloadByteCount))
      }
      switch outcome {
      case .cannotResume:
        unlink(partial)
      case .failed(let message):
        reason = message
        // As long as something comes, the rest may.
        guard Self.byteCount(partial) > earlier else {
          if earlier == 0 { unlink(partial) }
          return .init(mirror: mirror, reason: message, isForeign: false)
        }
      case .done:
        guard let error = try Self.rejection(of: file, partial, in: folder) else { return nil }
        unlink(partial)
        guard earlier > 0 else { return .init(mirror: mirror, reason: error, isForeign: true) }
      }
    }
    return .init(mirror: mirror, reason: reason, isForeign: false)
  }

  /// Puts a file in its place that came completely; returns why not, if it is not the right one.
  private static func rejection(
    of file: PublishedFile, _ partial: String, in folder: String
  ) throws -> String? {
    do throws(FormatError) {
      try file.keep(partial, at: "\(folder)/\(file.cachedName)")
    } catch {
      switch error.reason {
      case .trailing: return "another file than was published, as it is longer"
      case .corrupt(_, let fault): return "another file than was published: \(fault)"
      default: throw error
      }
    }
    unlink(partial)
    return nil
  }

  private static func byteCount(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}

extension PublishedFile {
  /// No copy is longer than the bytes as they are, in a gzip file that could not compress them.
  fileprivate var downloadByteLimit: Int { byteCount + byteCount / 1_000 + 1_000 }
}
