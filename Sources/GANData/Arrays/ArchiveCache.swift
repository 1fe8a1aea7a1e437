import Foundation
package import GANFormats

/// Keeps the files of archives, so that these are unpacked once.
///
/// There is one folder for each archive, and in it one for the archive as it is.
package struct ArchiveCache: Sendable {
  /// The folder of unpacked archives; it need not be there.
  package let path: String

  /// Keeps files in a folder.
  package init(path: String) { self.path = path }

  /// The folder of an archive's files, unpacked now where they are not there.
  ///
  /// - Parameter waiting: Called where another process is unpacking the same, before waiting for it.
  /// - Throws: `FormatError` as `Archive.unpack`.
  package func folder(
    of archive: String, waiting: () -> Void = {}, unpacking: () -> Void = {}
  ) throws(FormatError) -> String {
    let real = realpath(archive, nil)
    defer { free(real) }
    var status = stat()
    guard let real, stat(archive, &status) == 0 else {
      throw FormatError(archive, errno == ENOENT ? .notFound : .unreadable(code: errno))
    }
    let identity = ImageFolder.FileIdentity(status)
    let origin = SHA256.hexadecimalDigest(of: [UInt8](String(cString: real).utf8)).prefix(16)
    let version = SHA256.hexadecimalDigest(
      of: [UInt8](
        "\(identity.byteCount) \(identity.modified) \(identity.changed) \(identity.number)".utf8)
    ).prefix(16)
    let place = "\(path)/\(origin)"
    let folder = "\(place)/\(version)"
    try makeFolder(place)
    let lock = try CacheLock(place, waiting: waiting)
    if !isFolder(folder) {
      // Former versions of the archive, and what a kill left.
      for name in (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
      where isFolder("\(place)/\(name)") {
        try? FileManager.default.removeItem(atPath: "\(place)/\(name)")
      }
      unpacking()
      let unfinished = "\(place)/\(AtomicFile.temporaryPrefix)\(version)"
      do throws(FormatError) {
        try makeFolder(unfinished)
        try Archive.unpack(archive, into: unfinished)
      } catch {
        try? FileManager.default.removeItem(atPath: unfinished)
        throw error
      }
      guard rename(unfinished, folder) == 0 else {
        throw FormatError(folder, .unwritable(code: errno))
      }
    }
    _ = consume lock
    return Archive.contentsFolder(in: folder)
  }
}

extension Archive {
  /// Calls `body` with a folder of an archive's files that is removed afterwards.
  ///
  /// - Throws: `FormatError` as `Archive.unpack`, or what `body` throws.
  package static func withUnpacked<Result>(
    _ archive: String, _ body: (_ folder: String) throws -> Result
  ) throws -> Result {
    let folder = try TemporaryPlace.makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try unpack(archive, into: folder)
    return try body(contentsFolder(in: folder))
  }

  /// The folder in which the files are: the given one, or the only one in it.
  fileprivate static func contentsFolder(in folder: String) -> String {
    var folder = folder
    while true {
      let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
        .filter { !$0.hasPrefix(".") && $0 != "__MACOSX" }
      guard names.count == 1, isFolder("\(folder)/\(names[0])") else { return folder }
      folder += "/\(names[0])"
    }
  }
}

/// Where files go that do not outlive the process.
enum TemporaryPlace {
  /// Makes a folder of its own in `TMPDIR`, else where the system keeps what does not last.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  static func makeFolder() throws(FormatError) -> String {
    let places = [ProcessInfo.processInfo.environment["TMPDIR"], "/tmp", "/var/tmp", "/dev/shm"]
      .compactMap(\.self).filter { !$0.isEmpty }
    var failure = FormatError(places[0], .unwritable(code: ENOENT))
    for place in places {
      var template = Array("\(place)/gan-XXXXXX".utf8CString)
      if mkdtemp(&template) != nil {
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
      }
      failure = FormatError(place, .unwritable(code: errno))
    }
    throw failure
  }
}
