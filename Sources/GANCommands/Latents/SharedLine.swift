import Synchronization

/// A line of progress that several threads show.
///
/// Its identity is the line that is drawn over.
final class SharedLine: Sendable {
  private let line: Mutex<PreparationLine>

  init(on console: Console) { line = Mutex(PreparationLine(on: console)) }

  /// Shows words if they are due.
  func show(_ words: String) {
    // Only a log could fail to take a line, and there is none.
    line.withLock { try? $0.show(words) }
  }

  /// Leaves no unfinished line.
  func clear() { line.withLock { $0.clear() } }
}
