/// A terminal's screen: what is left of everything a program wrote to it.
///
/// It understands what `gan` may write and notes everything else as `surprises`. As terminals do,
/// it wraps late: a character in the last column moves the cursor only when another one follows.
struct Screen {
  /// A colour as the program named it: what stands behind `38;` or `48;`; nil is the terminal's own.
  typealias Colour = [Int]?

  struct Cell: Hashable {
    var character: Character = " "
    var foreground: Colour = nil
    var background: Colour = nil
  }

  let columns: Int
  let rows: Int
  /// Rows that scrolled off the top, and those on the screen.
  private(set) var cells: [[Cell]]
  /// Of the screen's own rows.
  private(set) var row = 0
  private(set) var column = 0
  private(set) var isCursorVisible = true
  private(set) var isFaint = false
  /// Whether a line ever continued in the next row.
  private(set) var didWrap = false
  /// Sequences and controls that `gan` has no business writing.
  private(set) var surprises: [String] = []
  private var foreground: Colour = nil
  private var background: Colour = nil
  private var pending: [UInt8] = []
  private var firstRow = 0

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    cells = Array(repeating: Array(repeating: Cell(), count: columns), count: rows)
  }

  /// Whether text printed now would look as in a terminal just opened.
  var isClean: Bool {
    isCursorVisible && !isFaint && foreground == nil && background == nil && column == 0
      && surprises.isEmpty && pending.isEmpty
  }

  /// Every row from the first ever written to the cursor's, without spaces at their ends.
  var text: [String] { cells.prefix(firstRow + row + 1).map(Self.text) }

  private static func text(_ row: [Cell]) -> String {
    var line = String(row.map(\.character))
    while line.last == " " { line.removeLast() }
    return line
  }

  /// Takes what was written, which may end in the middle of a sequence.
  mutating func write(_ bytes: some Sequence<UInt8>) {
    pending += bytes
    while let length = lengthOfNext() {
      take(Array(pending.prefix(length)))
      pending.removeFirst(length)
    }
  }

  mutating func write(_ text: String) { write(text.utf8) }

  /// Bytes of the next character or sequence; nil where it is not there yet.
  private func lengthOfNext() -> Int? {
    guard let first = pending.first else { return nil }
    switch first {
    case 0x1B:
      guard pending.count > 1 else { return nil }
      guard pending[1] == UInt8(ascii: "[") else { return 2 }
      return pending.dropFirst(2).firstIndex { (0x40...0x7E).contains($0) }.map { $0 + 1 }
    case 0xC0...:
      let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
      return pending.count >= length ? length : nil
    default:
      return 1
    }
  }

  private mutating func take(_ bytes: [UInt8]) {
    switch bytes[0] {
    case UInt8(ascii: "\r"): column = 0
    case UInt8(ascii: "\n"): lineFeed()
    case 0x08: column = max(0, min(column, columns - 1) - 1)
    case 0x1B: obey(String(decoding: bytes.dropFirst(), as: UTF8.self))
    case 0..<0x20: surprises.append("control \(bytes[0])")
    default: put(Character(String(decoding: bytes, as: UTF8.self)))
    }
  }

  private mutating func put(_ character: Character) {
    if column == columns {
      didWrap = true
      column = 0
      lineFeed()
    }
    cells[firstRow + row][column] = Cell(
      character: character, foreground: foreground, background: background)
    column += 1
  }

  private mutating func lineFeed() {
    if row < rows - 1 {
      row += 1
    } else {
      firstRow += 1
      cells.append(Array(repeating: Cell(), count: columns))
    }
  }

  private mutating func obey(_ sequence: String) {
    let body = sequence.dropFirst().dropLast()
    let numbers = body.split(separator: ";").compactMap { Int($0) }
    switch (sequence.first, sequence.last, body) {
    case ("[", "m", _): colour(numbers.isEmpty ? [0] : numbers)
    case ("[", "A", _): row = max(0, row - (numbers.first ?? 1))
    case ("[", "K", ""): erase(row, from: min(column, columns - 1))
    case ("[", "J", ""):
      erase(row, from: min(column, columns - 1))
      for below in row + 1..<max(rows, row + 1) { erase(below, from: 0) }
    // Ctrl-C and Ctrl-Z throw the rest of a sequence away, and their echo, `^C`, ends it.
    case ("[", "^", _): break
    case ("[", "l", "?25"): isCursorVisible = false
    case ("[", "h", "?25"): isCursorVisible = true
    default: surprises.append("escape \(sequence)")
    }
  }

  private mutating func erase(_ row: Int, from column: Int) {
    for index in column..<columns { cells[firstRow + row][index] = Cell() }
  }

  private mutating func colour(_ numbers: [Int]) {
    var rest = numbers[...]
    while let first = rest.popFirst() {
      switch first {
      case 0: (foreground, background, isFaint) = (nil, nil, false)
      case 2: isFaint = true
      case 22: isFaint = false
      case 38, 48:
        let colour = Array(rest.prefix(rest.first == 2 ? 4 : 2))
        rest = rest.dropFirst(colour.count)
        if first == 38 { foreground = colour } else { background = colour }
      default: surprises.append("colour \(first)")
      }
    }
  }
}
