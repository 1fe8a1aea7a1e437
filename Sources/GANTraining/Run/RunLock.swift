import Foundation
import GANFormats
import Synchronization

/// A hold on a run's folder, so that two processes never train one run.
///
/// Its identity is the hold: it ends with `release()`, with the value, or with the process however that
/// ends.
package final class RunLock: Sendable {
  private let descriptor: CInt
  private let isHeld = Atomic(true)
  private static let attempts = 5

  /// Takes hold of a folder.
  ///
  /// - Throws: `TrainingError.busy` if another process has it; `FormatError` if there is none.
  package init(_ folder: RunFolder) throws {
    // Once it is set, `deinit` closes it, also where this throws.
    descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw FormatError(
        folder.path,
        errno == ENOENT
          ? .notFound
          : errno == ENOTDIR
            ? .notFolder
            : .unreadable(code: errno))
    }
    // A file system without locks leaves it to the user. Lists of runs hold one for a moment.
    for attempt in 1...Self.attempts {
      guard flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK else { return }
      if attempt < Self.attempts { usleep(20_000) }
    }
    throw TrainingError.busy(path: folder.path)
  }

  deinit { release() }

  /// Lets go of the folder: others may train the run from now on.
  package func release() {
    if isHeld.exchange(false, ordering: .relaxed) { close(descriptor) }
  }
}
