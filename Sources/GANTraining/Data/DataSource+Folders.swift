import Foundation
package import GANData
import GANFormats

extension DataSource {
  /// The contents of a path: a packed file, a data set by its files, or pictures.
  func contents(of path: String, _ note: (DataNote) -> Void) throws -> FoundData {
    if PackedImages.areLikely(at: path) { return try packedFile(path, named: nil) }
    if let files = registry.lazy.compactMap(\.files).first(where: { $0.areLikely(in: path) }) {
      return try images(of: files, in: path)
    }
    let folder = try pictureFolder(at: path)
    return try pictures(in: folder, named: pictureName(ofFolder: path), note)
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
      guard let file = dataset.files?.firstFile, !rows.contains(where: { $0.file == file }) else {
        continue
      }
      rows.append((dataset.properName, file))
    }
    return rows
  }

  /// Pictures that get the search's name.
  func pictures(in path: String, _ note: (DataNote) -> Void) throws -> FoundData {
    if PackedImages.areLikely(at: path) { return try packedFile(path, named: name) }
    guard let folder = try? ImageFolder(path) else {
      // Then it was meant to be one of the names there are.
      throw DataError.unknown(name: name, among: names)
    }
    return try pictures(in: folder, named: checkedPictureName(name), note)
  }

  private func pictures(
    in folder: ImageFolder, named name: String, _ note: (DataNote) -> Void
  ) throws -> FoundData {
    let packer = ImagePacker(folder, named: name, framing: framing.framing(for: folder))
    return try found(packed(packer, note).dataset, .folder(folder.path))
  }

  /// The packed file of a folder, made now where it is not in the cache.
  ///
  /// - Throws: `DataError.noCache`; `FormatError` as `ImagePacker.pack`.
  package func packed(
    _ packer: ImagePacker, _ note: (DataNote) -> Void
  ) throws -> PackedImages {
    let cache = PackCache(path: try userCache.packed)
    if let packed = cache.images(of: packer) {
      let count = packed.report.unreadable.count
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

  private func packedFile(_ path: String, named name: String?) throws -> FoundData {
    let dataset = try PackedImages(contentsOf: path).dataset
    // The name in a file is as foreign as a folder's.
    let name = try name.map(checkedPictureName) ?? ownName(dataset.name)
    return try found(dataset.renamed(name), .folder(path))
  }

  /// The name of the pictures in a folder.
  package func pictureName(ofFolder path: String) -> String {
    ownName(URL(filePath: path).standardizedFileURL.lastPathComponent)
  }

  /// A name as near as can be that a run's folder can have and that is no other data set's.
  private func ownName(_ text: String) -> String {
    let name = Self.sanitized(text)
    if name.isEmpty { return "pictures" }
    return names.contains(name) ? "\(name)-pictures" : name
  }

  /// A name that pictures are given.
  ///
  /// - Throws: `DataError` where a run's folder cannot be called so, or another data set is.
  package func checkedPictureName(_ name: String) throws(DataError) -> String {
    guard !name.isEmpty, name == Self.sanitized(name) else { throw .unfitName(name) }
    guard !names.contains(name) else { throw .takenName(name) }
    return name
  }

  /// A name with which a run's folder can be called.
  private static func sanitized(_ name: String) -> String {
    String(
      name.map { character in
        let isPlain = character.isASCII && (character.isLetter || character.isNumber)
        return isPlain || "._-".contains(character) ? character : "-"
      }
    ).trimmingCharacters(in: CharacterSet(charactersIn: ".-"))
  }
}

extension DataCache {
  /// The folder of packed pictures.
  package var packed: String { "\(path)/packed" }
}
