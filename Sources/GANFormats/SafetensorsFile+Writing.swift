package import GANTensor

extension SafetensorsFile {
  /// Writes the file, whole or not at all.
  ///
  /// The bytes are a function of the contents: keys of the metadata in order, tensors by the
  /// alignment of their types, widest first, then by name, as the reference writes them.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  /// - Complexity: Memory for the header only; tensors are written from where they are.
  package func write(to path: String) throws(FormatError) {
    try AtomicFile.write(to: path) { output throws(FormatError) in
      for piece in pieces { try output.append(piece) }
    }
  }

  /// The bytes that `write` writes.
  package var encoded: [UInt8] { pieces.flatMap { $0 } }

  /// A tensor that is written by others: its name, the type of its elements, its shape.
  package typealias Description = (name: String, type: ElementType, shape: Shape)

  /// Writes a file, whole or not at all, whose tensors are appended in pieces and may turn out
  /// smaller than was thought.
  ///
  /// - Parameters:
  ///   - bounds: The tensors at their largest; room is kept for a header that describes these.
  ///   - body: Appends the tensors' bytes, one after another, and says what they are.
  /// - Throws: `FormatError` of kind `unwritable`, or what `body` throws.
  package static func write(
    to path: String, metadata: [String: String], atMost bounds: [Description],
    _ body: (borrowing OutputFile) throws(FormatError) -> [Description]
  ) throws(FormatError) {
    let headerByteCount = header(metadata, bounds).count
    try AtomicFile.write(to: path) { output throws(FormatError) in
      try output.append([UInt8](repeating: 0, count: headerByteCount))
      let tensors = try body(output)
      let header = header(metadata, tensors, byteCount: headerByteCount)
      precondition(
        header.count == headerByteCount, "\(header.count) bytes for \(headerByteCount)")
      try output.replaceStart(header)
    }
  }

  /// The file's bytes: the header with its length, then each tensor.
  var pieces: [[UInt8]] {
    let ordered = entries.sorted { first, second in
      let ranks = (first.tensor.elementType.writingRank, second.tensor.elementType.writingRank)
      return ranks.0 == ranks.1 ? precedes(first.name, second.name) : ranks.0 < ranks.1
    }
    let header = Self.header(
      metadata, ordered.map { ($0.name, $0.tensor.elementType, $0.tensor.shape) })
    return [header] + ordered.map(\.tensor.bytes)
  }

  /// The header of tensors that follow one another, with its length before it.
  ///
  /// - Parameter byteCount: The least length, a multiple of 8; spaces fill it up.
  static func header(
    _ metadata: [String: String], _ tensors: [Description], byteCount: Int = 0
  ) -> [UInt8] {
    let strings = metadata.merging([Self.formatKey: Self.format]) { _, ours in ours }
    let pairs = strings.sorted { precedes($0.key, $1.key) }
      .map { "\(quoted($0.key)):\(quoted($0.value))" }
    var text = "{\(quoted(Self.metadataKey)):{\(pairs.joined(separator: ","))}"
    var offset = 0
    for tensor in tensors {
      let end = offset + tensor.shape.elementCount * tensor.type.byteCount
      let extents = tensor.shape.dimensions.map(String.init).joined(separator: ",")
      text += ",\(quoted(tensor.name)):{\"dtype\":\"\(tensor.type.safetensorsName)\","
      text += "\"shape\":[\(extents)],\"data_offsets\":[\(offset),\(end)]}"
      offset = end
    }
    text += "}"
    // Tensors start at a multiple of 8 bytes; so does the header, after its length.
    let padding = max((8 - text.utf8.count % 8) % 8, byteCount - 8 - text.utf8.count)
    text += String(repeating: " ", count: padding)
    precondition(text.utf8.count <= headerLimit, "a header of \(text.utf8.count) bytes")
    return withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { [UInt8]($0) } + text.utf8
  }
}

extension ElementType {
  /// The reference's order of types: by alignment, falling.
  fileprivate var writingRank: Int {
    switch self {
    case .int64: 0
    case .float32: 1
    case .int32: 2
    case .uint8: 3
    case .boolean: 4
    }
  }
}

/// Orders names by their UTF-8 bytes, as the reference does.
private func precedes(_ first: String, _ second: String) -> Bool {
  first.utf8.lexicographicallyPrecedes(second.utf8)
}

/// A JSON string: only what must be escaped is.
private func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\u{8}": result += "\\b"
    case "\u{c}": result += "\\f"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case "\0"..<" ": result += "\\u00" + UInt8(scalar.value).hexadecimal
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
