import Foundation
package import GANData
import GANFormats
import GANTensor

extension DataSource {
  /// The contents of a path: a packed file, arrays, an archive, a data set by its files, or pictures.
  ///
  /// - Parameter name: Given to the data; nil where they are called after what they are.
  func contents(
    of path: String, named name: String?, _ note: (DataNote) -> Void
  ) throws -> FoundData {
    if PackedImages.sayKind(at: path) { return try packedFile(path, named: name, note) }
    if let file = ArrayFile(path) {
      return try found(
        file.read(.train, named: name.map(checkedPictureName) ?? arrayName(ofFile: path)),
        .folder(path), note)
    }
    let likely = registry.filter { $0.files?.areLikely(in: path) ?? false }
    if name == nil, let dataset = likely.first, let files = dataset.files {
      let taken = files.recognisedFile(in: path)
      let others = likely.dropFirst().filter { $0.files?.recognisedFile(in: path) != taken }
      if !others.isEmpty { note(.several(dataset, others: Array(others))) }
      return try images(of: files, in: path, note) { published($0, like: files) }
    }
    let folder: ImageFolder
    if let name {
      do throws(FormatError) {
        folder = try ImageFolder(path)
      } catch {
        if case .notFound = error.reason {
          throw DataError.unusable(folder: path, error, hint: "with the data")
        }
        // Then it was meant to be one of the names there are.
        throw DataError.unknown(name: name, among: names)
      }
    } else {
      folder = try pictureFolder(at: path)
    }
    return try pictures(
      in: folder, named: name.map(checkedPictureName) ?? pictureName(ofFolder: archive ?? path),
      note)
  }

  /// The same images under the name of the data set that was published with just their labels.
  ///
  /// Several are in files of the same names; labels are few, and as telling as the images.
  private func published(_ images: ImageDataset, like files: DatasetFiles) -> ImageDataset {
    guard let labels = images.labels else { return images }
    let count = withUnsafeBytes(of: UInt32(labels.count).bigEndian) { [UInt8]($0) }
    let digest = SHA256.hexadecimalDigest(of: [0, 0, 8, 1] + count + labels)
    let dataset = registry.first { row in
      row.files?.firstFile == files.firstFile
        && row.download?.files.contains { $0.proof == .contents(digest) } ?? false
    }
    return dataset.map { images.renamed($0.name) } ?? images
  }

  /// Calls `body` with a search in the folder of an archive's files.
  package func searchingArchive<Result>(
    _ archive: String, _ note: (DataNote) -> Void, _ body: (_ folder: String) throws -> Result
  ) throws -> Result {
    let place: String
    do {
      let cache = ArchiveCache(path: try userCache.unpacked)
      place = try cache.folder(of: archive) {
        note(.unpackingElsewhere(archive))
      } unpacking: {
        note(.unpacking(archive))
      }
    } catch let error where (error as? FormatError)?.kind ?? .unwritable == .unwritable {
      note(.uncached(reason: error))
      return try Archive.withUnpacked(archive, body)
    }
    return try body(place)
  }

  /// The pictures in a folder in which no other data were found.
  ///
  /// - Throws: `DataError.unusable`, which names all that a folder could hold.
  package func pictureFolder(at path: String) throws(DataError) -> ImageFolder {
    do throws(FormatError) {
      return try ImageFolder(path)
    } catch {
      throw .noData(folder: path, error, datasets: recognised)
    }
  }

  /// The data sets that folders are recognised as, and by which file; of several with the same
  /// files the first.
  private var recognised: [(name: String, file: String)] {
    var rows: [(name: String, file: String)] = []
    for dataset in registry {
      guard let files = dataset.files, !files.isRare,
        !rows.contains(where: { $0.file == files.firstFile })
      else { continue }
      rows.append((dataset.properName, files.firstFile))
    }
    return rows
  }

  private func pictures(
    in folder: ImageFolder, named name: String, _ note: (DataNote) -> Void
  ) throws -> FoundData {
    let packer = ImagePacker(folder, named: name, framing: framing.framing(for: folder))
    return try found(packed(packer, note).dataset, .folder(folder.path), note)
  }

  /// The packed file of a folder, made now where it is not in the cache.
  ///
  /// Where there is no cache, or none that can be written, pictures are decoded for this process
  /// alone.
  ///
  /// - Throws: `FormatError` as `ImagePacker.pack`.
  package func packed(
    _ packer: ImagePacker, _ note: (DataNote) -> Void
  ) throws -> PackedImages {
    note(.surveyed(packer))
    let cache: PackCache
    do {
      cache = try packCache(for: packer)
    } catch {
      note(.uncached(reason: error))
      note(.packingBegan(packer))
      let packed = try packer.packedForNow { note(.packing(packer, done: $0)) }
      note(.packed(packer, packed, path: nil))
      return packed
    }
    if let packed = cache.images(of: packer) {
      let count = packed.report.leftOutCount
      if count > 0 { note(.lacking(count: count, of: packer.folder.path)) }
      return packed
    }
    note(.packingBegan(packer))
    let packed = try cache.packedImages(of: packer) {
      note(.packingElsewhere(packer))
    } progress: {
      note(.packing(packer, done: $0))
    }
    note(.packed(packer, packed, path: cache.path(of: packer)))
    return packed
  }

  /// The cache of packed pictures.
  ///
  /// - Throws: `DataError.noCache`; `FormatError` of kind `unwritable`.
  package func packCache(for packer: ImagePacker) throws -> PackCache {
    let cache = PackCache(path: try userCache.packed)
    try cache.checkWritable(for: packer)
    return cache
  }

  private func packedFile(
    _ path: String, named name: String?, _ note: (DataNote) -> Void
  ) throws -> FoundData {
    let dataset = try PackedImages(contentsOf: path).dataset
    // The name in a file is as foreign as a folder's.
    let name = try name.map(checkedPictureName) ?? ownName(dataset.name)
    return try found(dataset.renamed(name), .folder(path), note)
  }

  /// The name of the pictures in a folder.
  package func pictureName(ofFolder path: String) -> String {
    ownName(Archive.stem(of: URL(filePath: path).standardizedFileURL.lastPathComponent))
  }

  /// The name of the images or points in a file of arrays.
  package func arrayName(ofFile path: String) -> String {
    let name = URL(filePath: path).standardizedFileURL.lastPathComponent
    let end = name.dropFirst().firstIndex(of: ".") ?? name.endIndex
    return ownName(String(name[..<end]), otherwise: "own")
  }

  /// A name as near as can be that a run's folder can have and that is no other data set's.
  private func ownName(_ text: String, otherwise: String = "pictures") -> String {
    let name = DataName.fitting(text, byteLimit: Self.ownNameLimit)
    if name.isEmpty { return otherwise }
    return names.contains(name) ? "\(name)-\(otherwise)" : name
  }

  /// A name that pictures are given.
  ///
  /// - Throws: `DataError` where a run's folder cannot be called so, or another data set is.
  package func checkedPictureName(_ name: String) throws(DataError) -> String {
    guard DataName.isFit(name) else { throw .unfitName(name) }
    guard !names.contains(name) else { throw .takenName(name) }
    return DataName.fitting(name, byteLimit: DataName.byteLimit)
  }

  /// The most bytes of a name that is taken of a folder's.
  private static let ownNameLimit = 64
}

extension DataCache {
  /// The folder of packed pictures.
  package var packed: String { "\(path)/packed" }

  /// The folder of unpacked archives.
  package var unpacked: String { "\(path)/unpacked" }
}
