import Foundation

/// The progress of long work: on a terminal a line that is drawn over, elsewhere a line every ten
/// seconds.
struct PreparationLine {
  private let console: Console
  private let canRedraw: Bool
  private let clock = ContinuousClock()
  private var lastShown: ContinuousClock.Instant
  /// True if an unfinished line stands on the terminal.
  private var isDrawn = false

  init(on console: Console) {
    self.console = console
    canRedraw = Terminal.errors.canRedraw && !console.isQuiet
    lastShown = clock.now
  }

  private var interval: Duration { canRedraw ? .milliseconds(100) : .seconds(10) }

  /// Shows a line if it is due.
  mutating func show(_ line: @autoclosure () -> String) throws {
    guard clock.now - lastShown >= interval else { return }
    lastShown = clock.now
    guard canRedraw else { return try console.say(line()) }
    // In a narrow terminal the line would wrap and not be drawn over.
    let columns = max(Terminal.errors.size.columns - 1, 1)
    write("\r\(line().onOneLine.prefix(columns))\u{1B}[K")
    isDrawn = true
  }

  /// Leaves no unfinished line on the terminal.
  mutating func clear() {
    if isDrawn { write("\r\u{1B}[K") }
    isDrawn = false
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
