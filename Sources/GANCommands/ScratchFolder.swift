import Foundation
import GANFormats

/// A folder that is removed with its value, which is its identity.
final class ScratchFolder {
  let path: String

  /// Makes an empty folder where the system keeps what does not last.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  init() throws(FormatError) {
    path = FileManager.default.temporaryDirectory.appending(path: "gan-\(UUID().uuidString)").path()
    try makeFolder(path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
