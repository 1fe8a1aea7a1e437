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
  /// A file with a picture's name.
  struct Found {
    /// The folder right beneath the root, empty where the file lies in the root itself.
    let firstFolder: String
    /// The folder's path from the root.
    let folder: String
    let name: String
    let byteCount: Int
    let modified: Int

    var path: String { folder.isEmpty ? name : "\(folder)/\(name)" }

    func precedes(_ other: Found) -> Bool {
      if firstFolder != other.firstFolder {
        return GANData.precedes(firstFolder, other.firstFolder)
      }
      if folder != other.folder { return GANData.precedes(folder, other.folder) }
      return GANData.precedes(name, other.name)
    }
  }

  let root: String
  private(set) var found: [Found] = []
  private(set) var unreadable: [FormatError] = []
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
    ancestors.append(identity)
    defer { ancestors.removeLast() }
    for name in names.sorted(by: precedes) where !name.hasPrefix(".") {
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
      return try look(into: path, Identity(status))
    case S_IFREG where isPicture:
      #if canImport(Darwin)
        let time = status.st_mtimespec
      #else
        let time = status.st_mtim
      #endif
      let first = folder.prefix { $0 != "/" }
      found.append(
        Found(
          firstFolder: String(first), folder: folder, name: name, byteCount: Int(status.st_size),
          // Dates far from ours wrap: only whether they change matters.
          modified: Int(time.tv_sec) &* 1_000_000_000 &+ Int(time.tv_nsec)))
      return nil
    default:
      return isPicture ? .notRegularFile : nil
    }
  }

  private static func isPictureName(_ name: String) -> Bool {
    guard let dot = name.lastIndex(of: ".") else { return false }
    return ImageFolder.extensions.contains(name[name.index(after: dot)...].lowercased())
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
