import Foundation
import GANData
import GANServing

/// The token of pages on a port, kept in the cache: a browser that has it is let in again by a server that
/// takes the port anew.
///
/// Only for servers that show and control nothing: while none runs, another user of this machine can
/// take the port and be handed the cookie by a page that tries again.
struct KeptToken {
  /// The token.
  let text: String

  /// Takes the token of a port, or draws one where there is none that this user alone could read.
  ///
  /// Where the cache cannot be written the token is drawn and forgotten.
  init(port: Int, in cache: DataCache?) {
    let folder = cache.map { "\($0.path)/pages" }
    let path = folder.map { "\($0)/\(port).token" }
    if let path, let known = Self.read(path) {
      text = known
      return
    }
    text = LocalServer.makeToken()
    guard let folder, let path else { return }
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    Self.write(text, to: path)
  }

  private static func read(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_uid == geteuid(), status.st_mode & 0o077 == 0
    else { return nil }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = Foundation.read(descriptor, &bytes, bytes.count)
    guard count == LocalServer.tokenLength else { return nil }
    let text = String(decoding: bytes.prefix(count), as: UTF8.self)
    return text.allSatisfy { $0.isHexDigit && $0.isASCII } ? text : nil
  }

  /// Writes it whole or not at all; nobody else can read it at any moment.
  private static func write(_ text: String, to path: String) {
    let unfinished = "\(path).\(getpid())"
    let descriptor = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    let bytes = Array(text.utf8)
    let count = Foundation.write(descriptor, bytes, bytes.count)
    close(descriptor)
    guard count == bytes.count, rename(unfinished, path) == 0 else {
      unlink(unfinished)
      return
    }
  }
}
