#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Makes a folder and those it lies in, where they are missing.
///
/// - Throws: `FormatError` of kind `unwritable`.
package func makeFolder(_ path: String) throws(FormatError) {
  if mkdir(path, 0o777) == 0 { return }
  switch errno {
  case EEXIST where isFolder(path):
    return
  case ENOENT:
    let parent = parentFolder(of: path)
    guard !parent.isEmpty, parent != path else {
      throw FormatError(path, .unwritable(code: ENOENT))
    }
    try makeFolder(parent)
    guard mkdir(path, 0o777) == 0 || isFolder(path) else {
      throw FormatError(path, .unwritable(code: errno))
    }
  case let code:
    throw FormatError(path, .unwritable(code: code))
  }
}

/// True where a folder is at the path.
package func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// The path without its last name; slashes at the end count for nothing.
private func parentFolder(of path: String) -> String {
  let trimmed = path.trimmingSuffix { $0 == "/" }
  guard let slash = trimmed.lastIndex(of: "/") else { return "" }
  let parent = trimmed[..<slash].trimmingSuffix { $0 == "/" }
  return parent.isEmpty ? "/" : String(parent)
}

extension StringProtocol {
  fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> SubSequence {
    var rest = self[...]
    while let last = rest.last, predicate(last) { rest.removeLast() }
    return rest
  }
}
