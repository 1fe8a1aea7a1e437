/// A reader of strict JSON, as far as safetensors headers use it: objects, arrays, strings and
/// unsigned integers.
///
/// Foundation's decoder would drop all but one of duplicate keys, and with them the evidence.
struct HeaderScanner: ~Copyable {
  /// The fault and its place; the caller knows the file.
  typealias Failure = FormatError.Fault

  private let bytes: [UInt8]
  private var offset = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Reads an object, handing each key to `readValue`, which must consume the value.
  ///
  /// - Parameter allowsRepetition: True where a key may occur twice; the caller compares the values.
  /// - Throws: `syntax`, `duplicateKey`, or what `readValue` throws.
  mutating func object(
    allowsRepetition: Bool = false,
    _ readValue: (String, inout HeaderScanner) throws(Failure) -> Void
  ) throws(Failure) {
    skipWhitespace()
    try consume("{", "an opening brace")
    if skips("}") { return }
    var keys: Set<String> = []
    repeat {
      skipWhitespace()
      let key = try string()
      guard keys.insert(key).inserted || allowsRepetition else { throw .duplicateKey(key) }
      skipWhitespace()
      try consume(":", "a colon")
      skipWhitespace()
      try readValue(key, &self)
    } while skips(",")
    try consume("}", "a comma or a closing brace")
  }

  /// Reads an array of unsigned integers.
  mutating func integers() throws(Failure) -> [Int] {
    try consume("[", "an array")
    if skips("]") { return [] }
    var values: [Int] = []
    repeat {
      skipWhitespace()
      values.append(try integer())
    } while skips(",")
    try consume("]", "a comma or a closing bracket")
    return values
  }

  /// Reads a string; `\u` escapes of surrogates must pair up.
  mutating func string() throws(Failure) -> String {
    try consume("\"", "a string")
    var text: [UInt8] = []
    while let byte = peeked, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw expected("an escape instead of a control character") }
      offset += 1
      if byte == UInt8(ascii: "\\") {
        text.append(contentsOf: String(try escaped()).utf8)
      } else {
        text.append(byte)
      }
    }
    try consume("\"", "a closing quotation mark")
    guard let string = String(validating: text, as: UTF8.self) else {
      throw expected("a string in UTF-8")
    }
    return string
  }

  /// Skips `null` where it stands here.
  mutating func skipsNull() -> Bool {
    guard bytes[offset...].starts(with: "null".utf8) else { return false }
    offset += 4
    return true
  }

  /// Accepts only whitespace from here on.
  mutating func end() throws(Failure) {
    skipWhitespace()
    guard offset == bytes.count else { throw expected("its end") }
  }

  private mutating func integer() throws(Failure) -> Int {
    let start = offset
    var value = 0
    while let byte = peeked, isDigit(byte) {
      let (product, overflows) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowsAgain) = product.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      guard !overflows, !overflowsAgain else { throw expected("an integer of 63 bits") }
      value = sum
      offset += 1
    }
    let hasLeadingZero = offset - start > 1 && bytes[start] == UInt8(ascii: "0")
    guard offset > start, !hasLeadingZero else { throw expected("an unsigned integer") }
    return value
  }

  private mutating func escaped() throws(Failure) -> Unicode.Scalar {
    guard let byte = peeked else { throw expected("an escape") }
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try escapedScalar()
    default: throw expected("a known escape")
    }
  }

  /// Reads the digits after `\u`, and the second half of a pair where there is one.
  private mutating func escapedScalar() throws(Failure) -> Unicode.Scalar {
    let unit = try hexadecimalUnit()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard UTF16.isLeadSurrogate(unit) else { throw expected("a leading surrogate") }
    try consume("\\", "a trailing surrogate")
    try consume("u", "a trailing surrogate")
    let trail = try hexadecimalUnit()
    guard UTF16.isTrailSurrogate(trail) else { throw expected("a trailing surrogate") }
    return UTF16.decode(UTF16.EncodedScalar([unit, trail]))
  }

  private mutating func hexadecimalUnit() throws(Failure) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let digit = peeked.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else {
        throw expected("four hexadecimal digits")
      }
      unit = unit << 4 | UInt16(digit)
      offset += 1
    }
    return unit
  }

  private var peeked: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private func expected(_ what: String) -> Failure { .syntax(offset: offset, expected: what) }

  private mutating func consume(_ character: Unicode.Scalar, _ what: String) throws(Failure) {
    guard peeked == UInt8(ascii: character) else { throw expected(what) }
    offset += 1
  }

  /// Skips whitespace, and `character` after it where it stands there.
  private mutating func skips(_ character: Unicode.Scalar) -> Bool {
    skipWhitespace()
    guard peeked == UInt8(ascii: character) else { return false }
    offset += 1
    return true
  }

  private mutating func skipWhitespace() {
    while let byte = peeked, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { offset += 1 }
  }
}
