package import GANFormats

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The pictures in a folder and the folders beneath it, by their names, and where these do not
/// tell, by their first bytes.
///
/// Names and classes are in the order of torchvision's `ImageFolder`: classes by name, and in each
/// the folders by path, then the files by name, all compared by bytes. Links are followed.
/// Unlike there, names that begin with a dot are passed over, folders such as `train` and `test`
/// are no classes, and neither is a folder that has all others in it: classes are then the folders
/// in `train`, or in that one.
package struct ImageFolder: Sendable {
  /// The folder.
  package let path: String
  /// Files that may be pictures.
  package let files: [File]
  /// The folders right beneath this one, or beneath `part`, that have pictures, in order, where
  /// every picture is in one of them.
  package let classNames: [String]?
  /// Files with a picture's name that cannot be one, and closed folders; paths are from the
  /// folder.
  package let unreadable: [FormatError]
  /// The folder, from this one, that all of the files are in; empty where it is this one.
  package let part: String
  /// Pictures that are in other folders than `part` because these are held back, by folder.
  package let heldBack: [String: Int]
  /// Files that are no pictures, by the endings of their names.
  package let others: [String: Int]
  /// What this program wrote there, in words.
  package let own: [String]
  /// Folders beside those of classes in which there is no picture.
  package let emptyFolders: [String]

  /// A digest of everything that decides what the pictures become, but for their bytes: paths,
  /// identities, classes, and the revision of the readers.
  package let digest: String

  /// A file that may be a picture.
  package struct File: Hashable, Sendable {
    /// Its path from the folder.
    package let path: String
    /// The number of its class, where there are classes.
    package let label: Int?
    /// What changes with its bytes.
    let identity: FileIdentity
  }

  /// What a file system says of a file that no program can keep while it replaces the contents.
  ///
  /// Names, lengths and times of change can all stay, as where another version is unpacked; the
  /// number of the file and the time at which the system last touched its entry cannot.
  struct FileIdentity: Hashable, Sendable {
    let byteCount: Int
    /// The time of its last change, in nanoseconds since 1970, which programs may set.
    let modified: Int
    /// The time of the last change of anything about it, which they may not.
    let changed: Int
    let number: UInt64

    init(_ status: stat) {
      byteCount = Int(status.st_size)
      #if canImport(Darwin)
        (modified, changed) = (Self.count(status.st_mtimespec), Self.count(status.st_ctimespec))
      #else
        (modified, changed) = (Self.count(status.st_mtim), Self.count(status.st_ctim))
      #endif
      number = UInt64(status.st_ino)
    }

    private static func count(_ time: timespec) -> Int {
      // Dates far from ours wrap: only whether they change matters.
      Int(time.tv_sec) &* 1_000_000_000 &+ Int(time.tv_nsec)
    }
  }

  /// Endings of pictures that are read, and of torchvision's list; case does not matter. Files with
  /// others are looked into.
  package static let extensions = [
    "jpg", "jpeg", "png", "ppm", "bmp", "pgm", "tif", "tiff", "webp", "jfif", "jpe", "apng", "dib",
  ]

  /// Raised when the same file becomes another picture: a format is read that was not, or is read
  /// otherwise.
  private static let readersRevision = 2

  /// Looks through a folder.
  ///
  /// - Throws: `FormatError`: `missing` when it is no folder, cannot be looked into, or holds
  ///   no pictures.
  package init(_ path: String) throws(FormatError) {
    try requireFolder(path)
    var search = FolderSearch(root: path)
    try search.look()
    unreadable = search.unreadable.sorted { precedes($0.path, $1.path) }
    guard !search.found.isEmpty || !unreadable.isEmpty else {
      throw FormatError(path, .noPictures(extensions: Self.extensions))
    }
    let contents = Contents(search)
    let names = contents.classNames
    let numbers = Dictionary(
      uniqueKeysWithValues: (names ?? []).enumerated().map { ($1, $0) })
    let depth = contents.depth
    files = contents.found.map { ($0, $0.firstFolder(beneath: depth)) }.sorted { first, second in
      if first.1 != second.1 { return precedes(first.1, second.1) }
      if first.0.folder != second.0.folder { return precedes(first.0.folder, second.0.folder) }
      return precedes(first.0.name, second.0.name)
    }.map { File(path: $0.path, label: numbers[$1], identity: $0.identity) }
    self.path = path
    (part, heldBack, others) = (contents.part, contents.heldBack, search.others)
    own = OwnOutput.allCases.compactMap { kind in search.own[kind].map(kind.words) }
    emptyFolders = contents.emptyFolders
    classNames = names
    digest = Self.digest(files, names, unreadable)
  }

  /// The path of a file of the folder.
  package func path(of file: File) -> String { "\(path)/\(file.path)" }

  /// Files that lie in no folder of a class.
  var strays: [File] {
    let depth = part.isEmpty ? 0 : part.split(separator: "/").count
    return files.filter { $0.path.count { $0 == "/" } == depth }
  }

  /// What was taken, what was passed over, and why, in a line.
  package var survey: String {
    func list(_ counts: [String: Int]) -> [String] {
      counts.sorted { precedes($0.key, $1.key) }.map { "\($1) \($0)" }
    }
    let place = part.isEmpty ? "" : " of \(part)"
    let classes = classNames.map { " in \($0.count) class folder\($0.count == 1 ? "" : "s")" }
    let taken = "\(files.count) pictures\(place)\(classes ?? ", without classes")"
    let passed =
      heldBack.sorted { precedes($0.key, $1.key) }.map { "\($1) of \($0), held back" }
      + own + list(others)
    return taken + (passed.isEmpty ? "" : "; passed over: " + passed.joined(separator: ", "))
      + (emptyFolders.isEmpty ? "" : "; no pictures in " + emptyFolders.joined(separator: ", "))
  }

  /// The digest that `ImageFolder` keeps.
  private static func digest(
    _ files: [File], _ classNames: [String]?, _ unreadable: [FormatError]
  ) -> String {
    var digest = SHA256()
    let lines =
      ["\(readersRevision)"]
      + files.map { file in
        let identity = file.identity
        return "\(file.path)\0\(file.label ?? -1) \(identity.byteCount) \(identity.modified) "
          + "\(identity.changed) \(identity.number)"
      } + (classNames ?? []) + unreadable.map { "\($0)" }
    for line in lines { digest.append([UInt8]("\(line)\0".utf8)) }
    return digest.hexadecimalDigest()
  }
}

/// What of a folder is taken, and its classes.
private struct Contents {
  private(set) var found: [FolderSearch.Found]
  private(set) var heldBack: [String: Int] = [:]
  private(set) var classNames: [String]?
  private(set) var emptyFolders: [String] = []
  /// The folder that everything taken is in, as names from the root.
  private var names: [String] = []

  var part: String { names.joined(separator: "/") }
  var depth: Int { names.count }

  init(_ search: FolderSearch) {
    found = search.found
    var folders = Set(found.map { $0.firstFolder(beneath: 0) })
    while !folders.isEmpty, !folders.contains("") {
      if let training = FolderSplits.trainingFolder(among: folders) {
        for file in found where file.firstFolder(beneath: depth) != training {
          heldBack[file.firstFolder(beneath: depth), default: 0] += 1
        }
        enter(training)
      } else if folders.count == 1, let only = folders.first,
        found.allSatisfy({ !$0.firstFolder(beneath: depth + 1).isEmpty })
      {
        enter(only)
      } else {
        break
      }
      folders = Set(found.map { $0.firstFolder(beneath: depth) })
    }
    guard !folders.isEmpty, !folders.contains("") else { return }
    classNames = folders.sorted(by: precedes)
    let prefix = part.isEmpty ? "" : part + "/"
    emptyFolders = search.folders.filter { $0.hasPrefix(prefix) }
      .map { String($0.dropFirst(prefix.count)) }
      .filter { !$0.isEmpty && !$0.contains("/") && !folders.contains($0) }
      .filter { name in
        !search.ownFolders.contains { "\($0)/".hasPrefix("\(prefix)\(name)/") }
      }
      .sorted(by: precedes)
  }

  /// Keeps what is in a folder beneath.
  private mutating func enter(_ folder: String) {
    let depth = depth
    found.removeAll { $0.firstFolder(beneath: depth) != folder }
    names.append(folder)
  }
}

/// Orders names by their bytes, as torchvision's sorting of strings comes to.
func precedes(_ first: String, _ second: String) -> Bool {
  first.utf8.lexicographicallyPrecedes(second.utf8)
}
