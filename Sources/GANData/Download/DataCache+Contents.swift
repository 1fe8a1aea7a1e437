import Foundation
package import GANFormats

// What is in the cache, and its removal.
extension DataCache {
  /// One thing that is kept, whole.
  package struct Entry: Hashable, Sendable, Codable {
    /// `download`, `packed` pictures, or an `unpacked` archive.
    package let kind: Kind
    /// The name of its folder.
    package let name: String
    /// Its folder.
    package let path: String
    /// Bytes of all its files.
    package let byteCount: Int

    package enum Kind: String, Codable, CaseIterable, Sendable {
      case download, packed, unpacked
    }
  }

  /// Everything that is kept, by kind and name.
  package var entries: [Entry] {
    let own = Entry.Kind.allCases.filter { $0 != .download }.map(\.rawValue)
    return Self.folders(in: path).filter { !own.contains($0) }.map { entry(.download, $0, path) }
      + own.flatMap { name -> [Entry] in
        let place = "\(path)/\(name)"
        return Self.folders(in: place).compactMap { folder in
          Entry.Kind(rawValue: name).map { entry($0, folder, place) }
        }
      }
  }

  /// Removes what is kept of an entry; a process that has it open goes on with it.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  package func remove(_ entry: Entry) throws(FormatError) {
    do {
      try FileManager.default.removeItem(atPath: entry.path)
    } catch {
      throw FormatError(entry.path, .unwritable(code: EACCES))
    }
  }

  private func entry(_ kind: Entry.Kind, _ name: String, _ parent: String) -> Entry {
    let path = "\(parent)/\(name)"
    let files = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    let bytes = files.reduce(0) { total, file in
      let attributes = try? FileManager.default.attributesOfItem(atPath: "\(path)/\(file)")
      guard attributes?[.type] as? FileAttributeType == .typeRegular else { return total }
      return total + ((attributes?[.size] as? NSNumber)?.intValue ?? 0)
    }
    return Entry(kind: kind, name: name, path: path, byteCount: bytes)
  }

  private static func folders(in path: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { !$0.hasPrefix(".") && isFolder("\(path)/\($0)") }.sorted()
  }
}
