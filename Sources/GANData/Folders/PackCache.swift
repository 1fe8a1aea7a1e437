import Foundation
package import GANFormats

/// Keeps packed folders, so that pictures are decoded once.
///
/// There is one file, in a folder of its own, for each folder and framing. It is packed again when
/// anything in the folder is no longer what it was, as `ImageFolder.digest` tells.
package struct PackCache: Hashable, Sendable {
  /// The folder of packed files; it need not be there.
  package let path: String

  /// Keeps packed files in a folder.
  package init(path: String) { self.path = path }

  /// The path of a folder's packed file, which need not be there.
  package func path(of packer: ImagePacker) -> String {
    "\(place(of: packer))/images.safetensors"
  }

  private func place(of packer: ImagePacker) -> String {
    let framing = packer.framing
    let real = realpath(packer.folder.path, nil)
    defer { free(real) }
    let origin = real.map { String(cString: $0) } ?? packer.folder.path
    let identity = "\(origin)\0\(framing.imageShape)\0\(framing.background.hexadecimal)"
    let digest = SHA256.hexadecimalDigest(of: [UInt8](identity.utf8))
    return "\(path)/\(packer.name)-\(digest.prefix(16))"
  }

  /// Makes sure that a folder's packed file could be kept.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  package func checkWritable(for packer: ImagePacker) throws(FormatError) {
    let place = place(of: packer)
    try makeFolder(place)
    guard access(place, W_OK) == 0 else { throw FormatError(place, .unwritable(code: errno)) }
  }

  /// The packed file of a folder as it is now; nil where there is none, or where pictures are
  /// left out of it and that is refused.
  package func images(of packer: ImagePacker) -> PackedImages? {
    guard let packed = try? PackedImages(contentsOf: path(of: packer)),
      packed.sourceDigest == packer.folder.digest,
      packed.dataset.imageShape == packer.framing.imageShape,
      !packer.refusesUnreadable || packed.report.leftOutCount == 0
    else { return nil }
    return packed
  }

  /// Opens the packed file of a folder, made first where there is none.
  ///
  /// - Parameters:
  ///   - waiting: Called where another process is packing the same, before waiting for it.
  ///   - progress: Hears how many pictures are done, where they are decoded now.
  /// - Throws: `FormatError` as `ImagePacker.pack`.
  package func packedImages(
    of packer: ImagePacker, waiting: () -> Void = {}, progress: (Int) -> Void
  ) throws(FormatError) -> PackedImages {
    let place = place(of: packer)
    try makeFolder(place)
    let lock = try CacheLock(place, waiting: waiting)
    if let packed = images(of: packer) { return packed }
    // While the lock holds, half-written files are leftovers of a kill.
    for name in (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
    where name.hasPrefix(AtomicFile.temporaryPrefix) {
      AtomicFile.removeUnfinished("\(place)/\(name)")
    }
    try packer.pack(into: path(of: packer), progress: progress)
    let packed = try PackedImages(contentsOf: path(of: packer))
    _ = consume lock
    return packed
  }
}

extension ImagePacker {
  /// Packs into a file that has no name and ends with its last reader.
  ///
  /// - Parameter progress: Hears how many pictures are done.
  /// - Throws: `FormatError` as `pack`.
  package func packedForNow(progress: (Int) -> Void) throws(FormatError) -> PackedImages {
    let folder = try TemporaryPlace.makeFolder()
    let path = "\(folder)/images.safetensors"
    defer {
      unlink(path)
      rmdir(folder)
    }
    try pack(into: path, progress: progress)
    return try PackedImages(contentsOf: path)
  }
}
