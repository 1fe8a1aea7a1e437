import GANFormats
import GANTensor

/// A text file of rows of as many numbers, such as Kaggle's copies of MNIST; plain or gzip.
///
/// Fields are separated by commas, semicolons, tabs or blanks. A first row that holds a word is a
/// header; a column called `label`, `class` or `target` in it tells classes, one without a name or
/// called `id` or `index` is passed over. Without a header the first column tells classes
/// where the others, and not all, are as many as a square image has samples.
struct NumberTable {
  /// `[rows, columns]` without those of classes: bytes where all are, else `float32`.
  let items: NumericArray
  /// `[rows]`, where there are any.
  let labels: NumericArray?
  /// What was taken for granted, each in words.
  let assumptions: [String]

  private static let labelNames: Set = ["label", "labels", "class", "target"]
  private static let passedOverNames: Set = ["", "id", "index", "unnamed: 0"]

  /// Reads a table.
  ///
  /// - Throws: `FormatError`: `missing`; `invalid` where a field is no number, rows differ in length,
  ///   or there is none.
  /// - Complexity: Memory for the text and 4 bytes a number.
  init(_ path: String) throws(FormatError) {
    let text = try Self.contents(of: path)
    var scanner = RowScanner(text, of: path)
    guard let first = scanner.peekedFields, !first.isEmpty else {
      throw FormatError(path, .unsupported(.csv, what: "rows", value: "of which there are none"))
    }
    let header = first.contains { Double($0) == nil } ? first.map { $0.lowercased() } : nil
    if header != nil { scanner.skipRow() }
    let columns = first.count
    var labelColumn = header.flatMap { $0.firstIndex { Self.labelNames.contains($0) } }
    let passedOver = (header ?? []).indices.filter {
      Self.passedOverNames.contains(header?[$0] ?? "x")
    }
    var assumptions: [String] = []
    var values: [Float] = []
    try scanner.readRows(of: columns, into: &values)
    let rows = values.count / columns
    guard rows > 0 else {
      throw FormatError(path, .unsupported(.csv, what: "rows", value: "of which there are none"))
    }
    if header == nil, columns > 1, ArrayImages.areLikely([rows, columns - 1]),
      !ArrayImages.areLikely([rows, columns])
    {
      labelColumn = 0
      assumptions.append("the first of \(columns) columns is taken for classes")
    } else if let labelColumn {
      assumptions.append("classes are the column \(header?[labelColumn] ?? "")")
    }
    for column in passedOver where column != labelColumn {
      assumptions.append("passed over: column \(column + 1), \"\(header?[column] ?? "")\"")
    }
    let kept = (0..<columns).filter { $0 != labelColumn && !passedOver.contains($0) }
    guard !kept.isEmpty else {
      throw FormatError(path, .unsupported(.csv, what: "columns", value: "\(columns)"))
    }
    labels = labelColumn.map { column in
      Self.array([rows], (0..<rows).map { values[$0 * columns + column] })
    }
    items =
      kept.count == columns
      ? Self.array([rows, columns], values)
      : Self.array(
        [rows, kept.count], (0..<rows).flatMap { row in kept.map { values[row * columns + $0] } })
    self.assumptions = assumptions
  }

  /// Bytes where all numbers are whole, from 0 to 255 and not all 0 or 1.
  private static func array(_ dimensions: [Int], _ values: [Float]) -> NumericArray {
    let areBytes = values.allSatisfy { $0 >= 0 && $0 <= 255 && $0 == $0.rounded() }
    guard areBytes, values.contains(where: { $0 > 1 }) else {
      return NumericArray(
        dimensions: dimensions, element: .float32, bytes: values.withUnsafeBytes { [UInt8]($0) })
    }
    return NumericArray(dimensions: dimensions, values.map { UInt8($0) })
  }

  private static func contents(of path: String) throws(FormatError) -> [UInt8] {
    var reader = try ByteReader(path: path)
    return try reader.allBytes(upTo: byteLimit, of: .csv)
  }

  /// The longest text that is read, 4 GiB.
  private static let byteLimit = 1 << 32
}

/// Reads rows of fields.
private struct RowScanner {
  private let text: [UInt8]
  private let path: String
  private let separators: Set<UInt8>
  private var offset = 0
  private var line = 1

  init(_ text: [UInt8], of path: String) {
    self.text = text
    self.path = path
    if text.starts(with: [0xef, 0xbb, 0xbf]) { offset = 3 }
    let first = text[offset...].prefix { $0 != 10 }
    let strong = [UInt8]([44, 59, 9]).first { first.contains($0) }
    separators = strong.map { [$0] } ?? [32, 9]
  }

  private var areBlanks: Bool { separators.contains(32) }

  /// The next row, without blank ones before it; nil at the end.
  private mutating func nextRow() -> Range<Int>? {
    while offset < text.count {
      let end = text[offset...].firstIndex(of: 10) ?? text.count
      let row = offset..<end
      offset = min(end + 1, text.count)
      line += 1
      if text[row].contains(where: { $0 != 13 && $0 != 32 && $0 != 9 }) { return row }
    }
    return nil
  }

  /// The fields of the next row, which stays the next.
  var peekedFields: [String]? {
    var copy = self
    guard let row = copy.nextRow() else { return nil }
    var fields: [String] = []
    forEachField(of: row) { fields.append(String(decoding: text[$0], as: UTF8.self)) }
    return fields
  }

  mutating func skipRow() { _ = nextRow() }

  /// Reads the numbers of all rows.
  mutating func readRows(of columns: Int, into values: inout [Float]) throws(FormatError) {
    while let row = nextRow() {
      let before = values.count
      var strange: String?
      forEachField(of: row) { field in
        guard let value = number(field) else {
          strange = strange ?? String(decoding: text[field], as: UTF8.self)
          return
        }
        values.append(value)
      }
      if let strange {
        throw FormatError(
          path,
          .unsupported(
            .csv, what: "line \(line - 1) has a field", value: String(strange.prefix(40))))
      }
      guard values.count - before == columns else {
        throw FormatError(
          path,
          .corrupt(
            .csv,
            .decoder(
              message:
                "line \(line - 1) has \(values.count - before) fields, the first row \(columns)")))
      }
    }
  }

  /// Calls `body` with the place of each field, without blanks and quotation marks around it.
  private func forEachField(of row: Range<Int>, _ body: (Range<Int>) -> Void) {
    var start = row.lowerBound
    var index = start
    while index <= row.upperBound {
      guard index == row.upperBound || separators.contains(text[index]) else {
        index += 1
        continue
      }
      var (lower, upper) = (start, index)
      while lower < upper, Self.isPadding(text[lower]) { lower += 1 }
      while upper > lower, Self.isPadding(text[upper - 1]) { upper -= 1 }
      // Several blanks are one.
      if !areBlanks || lower < upper { body(lower..<upper) }
      index += 1
      start = index
    }
  }

  private static func isPadding(_ byte: UInt8) -> Bool {
    byte == 32 || byte == 9 || byte == 13 || byte == 34
  }

  private func number(_ field: Range<Int>) -> Float? {
    // Most fields of most tables.
    if (1...7).contains(field.count) {
      var value: Int32 = 0
      for byte in text[field] {
        guard (48...57).contains(byte) else {
          return Float(String(decoding: text[field], as: UTF8.self))
        }
        value = value * 10 + Int32(byte - 48)
      }
      return Float(value)
    }
    return Float(String(decoding: text[field], as: UTF8.self))
  }
}
