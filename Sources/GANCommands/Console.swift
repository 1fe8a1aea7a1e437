// Sources may be shared between threads; Dispatch does not declare it yet.
@preconcurrency import Dispatch
import Foundation
import GANFormats
import GANTensor
import GANTraining
import Synchronization

/// Standard error, and the run's `log.txt`, which gets the same lines.
///
/// Its identity is the log. Off a terminal a line is a line. On one that can be drawn over, the
/// lines scroll above a block that is redrawn in place: a picture and the progress of the run.
final class Console: Sendable {
  private struct State {
    var log: LineFile?
    /// The lines from before there was a log.
    var earlier: [String] = []
    var block = LiveBlock()
    var rate = StepRate()
    var isEnded = false
  }

  /// Rows of a terminal that a picture leaves for lines, where it is high enough.
  private static let textRows = 8

  /// True if the terminal stays silent.
  let isQuiet: Bool
  private let terminal: Terminal
  /// True if the run's progress is drawn.
  let isLive: Bool
  private let state = Mutex(State())
  private let suspension: (any DispatchSourceSignal)?

  /// - Parameters:
  ///   - isQuiet: True if the terminal stays silent; the log does not.
  ///   - isLive: True to draw progress where the terminal can.
  init(isQuiet: Bool = false, isLive: Bool = false) {
    self.isQuiet = isQuiet
    terminal = .errors
    self.isLive = isLive && !isQuiet && terminal.canRedraw
    suspension = self.isLive ? signalSource(SIGTSTP) : nil
    suspension?.setEventHandler { [weak self] in self?.suspend() }
    suspension?.listen()
  }

  /// Writes a line to the terminal and the log; what would move the cursor is written as an escape.
  ///
  /// - Parameter rows: The same for a terminal of so many columns; without it a line may wrap.
  func say(_ line: String, rows: ((_ columns: Int) -> [String])? = nil) throws {
    let line = line.onOneLine
    try state.withLock { state in
      if !isQuiet, mayDraw(&state) {
        let size = terminal.size
        let shown = rows?(size.columns).joined(separator: "\n") ?? line
        Self.write(state.block.say(shown, on: size))
      } else if !isQuiet {
        Self.writeToStandardError(line)
      }
      if let log = state.log { try log.append(line) } else { state.earlier.append(line) }
    }
  }

  /// Writes all earlier lines, and all later ones, to a file.
  func keepLog(in path: String) throws {
    let log = try LineFile(path)
    try state.withLock { state in
      for line in state.earlier { try log.append(line) }
      state.log = log
    }
  }

  // MARK: The block

  /// Draws the run's progress.
  func show(_ report: TrainingReport) {
    state.withLock { state in
      state.rate.note(report.position.step, at: report.elapsedSeconds)
      guard mayDraw(&state) else { return }
      let line = ProgressLine(
        report.position, report.losses,
        stepsPerSecond: state.rate.stepsPerSecond ?? 1 / report.stepSeconds,
        palette: terminal.palette)
      Self.write(state.block.show(line, on: terminal.size))
    }
  }

  /// Draws the first of some images, `[N, C, H, W]` in `[-1, 1]`, over the last ones.
  func show(_ images: HostTensor) {
    guard isLive else { return }
    let rows = terminal.size.rows
    let picture = terminal.show(images, lines: max(rows / 3, rows - Self.textRows)).lines
    state.withLock { state in
      guard mayDraw(&state) else { return }
      Self.write(state.block.show(picture: picture, on: terminal.size))
    }
  }

  /// Ends the block; later lines are plain.
  func end() { state.withLock { end(&$0) } }

  /// Ends the block, since the process is about to end: once what is being drawn is, a quarter of a
  /// second later at most, since a terminal may have stopped taking anything.
  func leave() {
    for _ in 0..<50 {
      if state.withLockIfAvailable({ end(&$0) }) != nil { return }
      usleep(5_000)
    }
  }

  private func end(_ state: inout State) {
    if mayDraw(&state) { Self.write(state.block.leave()) }
    state.isEnded = true
  }

  /// Stops the process, as Ctrl-Z does; later drawing is below the shell's lines.
  private func suspend() {
    state.withLock { state in
      if mayDraw(&state) { Self.write(state.block.leave()) }
      // This thread stops here, holding the lock: none draws before the process goes on.
      raise(SIGSTOP)
    }
  }

  /// Writes a line soon if the block has not ended: the caller does not wait for the terminal.
  func notice(_ line: String) {
    DispatchQueue.global().async {
      guard !self.state.withLock({ $0.isEnded }) else { return }
      // The run itself finds out if the log cannot be written.
      try? self.say(line)
    }
  }

  private func mayDraw(_ state: inout State) -> Bool {
    guard isLive, !state.isEnded else { return false }
    if !terminal.isOurs { state.block.forget() }
    return terminal.isOurs
  }

  // MARK: Standard error

  /// Writes a line at once.
  static func writeToStandardError(_ line: String) { write(line + "\n") }

  private static func write(_ text: String) {
    var rest = [UInt8](text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count)
      }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        var ready = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        poll(&ready, 1, -1)
      } else if errno != EINTR {
        // Standard error is gone; nothing to do.
        return
      }
    }
  }

  /// The compiler's explanations: to standard error if `GAN_EXPLAIN` is set.
  static var explain: (@Sendable (String) -> Void)? {
    let value = ProcessInfo.processInfo.environment["GAN_EXPLAIN"] ?? ""
    guard !value.isEmpty, value != "0" else { return nil }
    return { writeToStandardError($0) }
  }
}

/// Flushes standard output, so that a pipe's reader has it now.
///
/// - Throws: `FormatError` of kind `unwritable`.
func flushStandardOutput() throws(FormatError) {
  guard fflush(nil) == 0 else {
    throw FormatError("standard output", .unwritable(code: errno))
  }
}

/// Ends the process after its output has left it.
///
/// At once: the engine's thread may be in a step or about to end, and crashes where the libraries
/// are taken down under it.
func exit(with status: Int32) -> Never {
  do throws(FormatError) {
    try flushStandardOutput()
  } catch {
    _exit(status == 0 ? report(error) : status)
  }
  _exit(status)
}
