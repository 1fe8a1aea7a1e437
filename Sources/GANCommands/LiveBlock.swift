/// The lines at the bottom of a terminal that are drawn over: a picture and a line of progress.
///
/// It returns the text to write and remembers the drawn block. The cursor rests at the start of its
/// last line and is never hidden, and every piece ends in the terminal's own colours: a process
/// that ends between two pieces leaves a usable terminal.
package struct LiveBlock: Sendable {
  private var picture: [String] = []
  private var progress: ProgressLine?
  /// The rows of the picture as it stands on the terminal, and the terminal's columns then; nil
  /// where nothing stands.
  private var drawn: (rows: Int, columns: Int)?

  /// Nothing is drawn.
  package init() {}

  /// A line above the block, which stays; it may wrap.
  package mutating func say(_ line: String, on size: Terminal.Size) -> String {
    erase(on: size) + line + "\n" + draw(on: size)
  }

  /// A line of progress in place of the last one.
  package mutating func show(_ progress: ProgressLine, on size: Terminal.Size) -> String {
    self.progress = progress
    guard let drawn, drawn.columns <= size.columns, drawn.rows == picture.count else {
      return erase(on: size) + draw(on: size)
    }
    self.drawn = (drawn.rows, size.columns)
    return "\r" + progress.text(columns: size.columns) + "\u{1B}[K\r"
  }

  /// A picture in place of the last one; its lines must fit the terminal.
  package mutating func show(picture: [String], on size: Terminal.Size) -> String {
    let erasure = erase(on: size)
    self.picture = picture
    return erasure + draw(on: size)
  }

  /// The end, or a pause: the picture stays, the line of progress goes, and so does an echoed `^C`.
  package mutating func leave() -> String {
    forget()
    return "\r\u{1B}[0m\u{1B}[J"
  }

  /// Forgets the block: other output on the terminal has taken its place.
  package mutating func forget() { drawn = nil }

  private mutating func erase(on size: Terminal.Size) -> String {
    guard let drawn else { return "" }
    self.drawn = nil
    // Ctrl-C may have swallowed earlier output, the end of a colour too.
    let start = "\r\u{1B}[0m"
    guard size.columns >= drawn.columns else {
      // In a narrower terminal lines have wrapped, or have not: only the cursor's place is known.
      picture = []
      return start + "\u{1B}[J"
    }
    return start + (drawn.rows > 0 ? "\u{1B}[\(drawn.rows)A" : "") + "\u{1B}[J"
  }

  private mutating func draw(on size: Terminal.Size) -> String {
    guard let progress else { return "" }
    // The last line and the line of progress take precedence over the picture.
    if picture.count > size.rows - 2 { picture = [] }
    drawn = (picture.count, size.columns)
    return picture.map { $0 + "\n" }.joined() + progress.text(columns: size.columns) + "\r"
  }
}
