package import GANFormats

/// The pictures in a folder and the folders beneath it, by their names alone.
///
/// Names and classes are in the order of torchvision's `ImageFolder`: classes by name, and in each
/// the folders by path, then the files by name, all compared by bytes. Links are followed.
/// Names that begin with a dot are passed over, which torchvision does not do.
package struct ImageFolder: Sendable {
  /// The folder.
  package let path: String
  /// Files that may be pictures.
  package let files: [File]
  /// The folders right beneath this one, in order, where every picture is in one of them.
  package let classNames: [String]?
  /// Files with a picture's name that cannot be one, and closed folders; paths are from the
  /// folder.
  package let unreadable: [FormatError]

  /// A digest of the names, lengths and times of change of everything that may be a picture.
  package let digest: String

  /// A file that has the name of a picture.
  package struct File: Hashable, Sendable {
    /// Its path from the folder.
    package let path: String
    /// The number of its class, where there are classes.
    package let label: Int?
    /// Its length.
    package let byteCount: Int
    /// The time of its last change, in nanoseconds since 1970.
    package let modified: Int
  }

  /// Extensions of pictures, those of torchvision's `ImageFolder`; case does not matter.
  package static let extensions = [
    "jpg", "jpeg", "png", "ppm", "bmp", "pgm", "tif", "tiff", "webp",
  ]

  /// Looks through a folder.
  ///
  /// - Throws: `FormatError`: `missing` when it is no folder, cannot be looked into, or holds
  ///   nothing with a picture's name.
  package init(_ path: String) throws(FormatError) {
    try requireFolder(path)
    var search = FolderSearch(root: path)
    try search.look()
    unreadable = search.unreadable.sorted { precedes($0.path, $1.path) }
    guard !search.found.isEmpty || !unreadable.isEmpty else {
      throw FormatError(path, .noPictures(extensions: Self.extensions))
    }
    let groups = Set(search.found.map(\.firstFolder))
    let names = groups.contains("") ? nil : groups.sorted(by: precedes)
    let numbers = Dictionary(
      uniqueKeysWithValues: (names ?? []).enumerated().map { ($1, $0) })
    files = search.found.sorted { $0.precedes($1) }.map { found in
      File(
        path: found.path, label: numbers[found.firstFolder], byteCount: found.byteCount,
        modified: found.modified)
    }
    self.path = path
    classNames = names
    digest = Self.digest(files, unreadable)
  }

  /// The path of a file of the folder.
  package func path(of file: File) -> String { "\(path)/\(file.path)" }

  /// The digest that `ImageFolder` keeps.
  private static func digest(_ files: [File], _ unreadable: [FormatError]) -> String {
    var digest = SHA256()
    for file in files {
      digest.append([UInt8]("\(file.path)\0\(file.byteCount)\0\(file.modified)\0".utf8))
    }
    for error in unreadable { digest.append([UInt8]("\(error)\0".utf8)) }
    return digest.hexadecimalDigest()
  }
}

/// Orders names by their bytes, as torchvision's sorting of strings comes to.
func precedes(_ first: String, _ second: String) -> Bool {
  first.utf8.lexicographicallyPrecedes(second.utf8)
}
