import GANFormats

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A walk through a folder and those beneath it.
struct FolderSearch {
  /// A file that may be a picture.
  struct Found {
    /// The folder's path from the root.
    let folder: String
    let name: String
    let identity: ImageFolder.FileIdentity

    var path: String { folder.isEmpty ? name : "\(folder)/\(name)" }

    /// The folder right beneath the one at a depth of `depth` names, empty where the file lies in
    /// that itself.
    func firstFolder(beneath depth: Int) -> String {
      let names = folder.split(separator: "/")
      return names.count > depth ? String(names[depth]) : ""
    }
  }

  let root: String
  private(set) var found: [Found] = []
  private(set) var unreadable: [FormatError] = []
  /// Files that are no pictures, by the endings of their names; `hidden` of those whose names begin
  /// with a dot.
  private(set) var others: [String: Int] = [:]
  /// What this program wrote there, by kind.
  private(set) var own: [OwnOutput: Int] = [:]
  /// The folders that it wrote, by their paths from the root.
  private(set) var ownFolders: Set<String> = []
  /// Every folder beneath the root, by its path from there.
  private(set) var folders: Set<String> = []
  /// The folders that lead to where the walk is.
  private var ancestors: [Identity] = []

  /// The identity of a folder, the same by every path that leads to it.
  private struct Identity: Equatable {
    let device: dev_t
    let number: ino_t

    init(_ status: stat) { (device, number) = (status.st_dev, status.st_ino) }
  }

  init(root: String) { self.root = root }

  /// Walks.
  ///
  /// - Throws: `FormatError` where the root cannot be looked into; what is wrong beneath it becomes
  ///   `unreadable`.
  mutating func look() throws(FormatError) {
    var status = stat()
    guard stat(root, &status) == 0, try look(into: "", Identity(status)) == nil else {
      throw FormatError(root, .unreadable(code: errno))
    }
  }

  /// Looks into a folder, and says what the system has against it.
  private mutating func look(
    into folder: String, _ identity: Identity
  ) throws(FormatError) -> FormatError.Reason? {
    // A link to a folder that the walk is in would lead round and round.
    guard !ancestors.contains(identity) else { return .unreadable(code: ELOOP) }
    guard let names = names(in: folder) else { return .unreadable(code: errno) }
    // The root is what was asked for, whatever it is.
    if !folder.isEmpty, let kind = OwnOutput(folderOf: names) {
      own[kind, default: 0] += 1
      ownFolders.insert(folder)
      return nil
    }
    ancestors.append(identity)
    defer { ancestors.removeLast() }
    for name in names.sorted(by: precedes) {
      guard !name.hasPrefix(".") else {
        if name != ".", name != ".." { others["hidden", default: 0] += 1 }
        continue
      }
      let path = folder.isEmpty ? name : "\(folder)/\(name)"
      if let reason = try look(at: path, name, in: folder) {
        unreadable.append(FormatError(path, reason))
      }
    }
    return nil
  }

  /// Takes a file, or walks into a folder; says what is wrong with what should be a picture.
  private mutating func look(
    at path: String, _ name: String, in folder: String
  ) throws(FormatError) -> FormatError.Reason? {
    var status = stat()
    let isPicture = Self.isPictureName(name)
    guard stat("\(root)/\(path)", &status) == 0 else {
      guard isPicture else { return nil }
      return errno == ENOENT ? .notFound : .unreadable(code: errno)
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR where !isPicture:
      folders.insert(path)
      return try look(into: path, Identity(status))
    case S_IFREG where isOverview(name, in: folder):
      own[.overview, default: 0] += 1
      return nil
    case S_IFREG where isPicture || ImageFile.isLikely(at: "\(root)/\(path)"):
      found.append(Found(folder: folder, name: name, identity: .init(status)))
      return nil
    case S_IFREG:
      let ending = Self.ending(of: name).map { ".\($0)" } ?? "without an ending"
      others[ending, default: 0] += 1
      return nil
    default:
      return isPicture ? .notRegularFile : nil
    }
  }

  /// Where the program is used its overviews lie in the root; a look into every file would take long.
  private func isOverview(_ name: String, in folder: String) -> Bool {
    folder.isEmpty && Self.ending(of: name) == "png" && PNG.isOverview(at: "\(root)/\(name)")
  }

  private static func isPictureName(_ name: String) -> Bool {
    guard let ending = ending(of: name) else { return false }
    return ImageFolder.extensions.contains(ending) || ForeignPicture.extensions.contains(ending)
  }

  /// What follows the last dot of a name, lower case; nil where there is none.
  private static func ending(of name: String) -> String? {
    name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() }
  }

  /// The names in a folder; those that are no text are unreadable pictures.
  private mutating func names(in folder: String) -> [String]? {
    guard let stream = opendir(folder.isEmpty ? root : "\(root)/\(folder)") else { return nil }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      withUnsafePointer(to: &entry.pointee.d_name) { bytes in
        let capacity = MemoryLayout.size(ofValue: bytes.pointee)
        bytes.withMemoryRebound(to: CChar.self, capacity: capacity) { characters in
          if let name = String(validatingCString: characters) {
            names.append(name)
          } else {
            unreadable.append(
              FormatError(
                (folder.isEmpty ? "" : folder + "/") + String(cString: characters),
                .unreadable(code: EILSEQ)))
          }
        }
      }
    }
    return names
  }
}
