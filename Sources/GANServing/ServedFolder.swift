import Foundation

/// A folder whose files are served, and nothing outside it.
package struct ServedFolder: Sendable {
  /// The folder, with links followed.
  private let root: String

  /// Serves a folder that is there.
  ///
  /// - Throws: `Refusal` 404 where there is none.
  package init(_ path: String) throws(Refusal) {
    guard let root = Self.real(path) else { throw .notFound }
    self.root = root
  }

  /// The path of something in the folder, with links followed.
  ///
  /// - Throws: `Refusal` 404 where it is not there, or a link leads out of the folder.
  package func path(_ names: [String]) throws(Refusal) -> String {
    let isPlain = names.allSatisfy { name in
      !name.isEmpty && name != "." && name != ".." && !name.contains("/") && !name.contains("\0")
    }
    guard isPlain, let path = Self.real(([root] + names).joined(separator: "/")),
      path.hasPrefix(root == "/" ? root : root + "/")
    else { throw .notFound }
    return path
  }

  /// Answers with a file, or says that it is still the one the client has.
  ///
  /// - Throws: `Refusal` 404 where it is not there, no file, or a link leads out of the folder.
  package func response(
    _ names: [String], _ type: MediaType, to request: Request
  ) throws(Refusal) -> Response {
    let file = try ServedFile(path(names))
    let tag = "\"\(file.version)\""
    guard request.head.headers["if-none-match"] != tag else {
      var response = Response(status: 304, type, .bytes([]))
      response.headers["ETag"] = tag
      return response
    }
    var response = Response(status: 200, type, .file(file))
    response.headers["ETag"] = tag
    return response
  }

  private static func real(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}

/// A file that is open for being sent.
///
/// Its identity is the descriptor: what is sent is what was checked.
final class ServedFile: Sendable {
  let byteCount: Int
  /// Changes with the contents.
  let version: String
  private let descriptor: CInt

  /// Opens a regular file.
  init(_ path: String) throws(Refusal) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG
    else {
      // `deinit` closes what was opened.
      byteCount = 0
      version = ""
      throw .notFound
    }
    byteCount = Int(status.st_size)
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    version = "\(status.st_ino)-\(status.st_size)-\(time.tv_sec).\(time.tv_nsec)"
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Reads a part; nil where the file has become shorter.
  func bytes(at offset: Int, count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: min(count, byteCount - offset))
    let read = pread(descriptor, &bytes, bytes.count, off_t(offset))
    guard read > 0 else { return nil }
    return Array(bytes[..<read])
  }
}
