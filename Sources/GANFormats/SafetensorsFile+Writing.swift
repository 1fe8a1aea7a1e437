import GANTensor

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

  /// The file's bytes: the header with its length, then each tensor.
  var pieces: [[UInt8]] {
    let ordered = entries.sorted { first, second in
      let ranks = (first.tensor.elementType.writingRank, second.tensor.elementType.writingRank)
      return ranks.0 == ranks.1 ? precedes(first.name, second.name) : ranks.0 < ranks.1
    }
    let header = header(describing: ordered)
    precondition(header.count <= Self.headerLimit, "a header of \(header.count) bytes")
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { [UInt8]($0) }
    return [length + header] + ordered.map(\.tensor.bytes)
  }

  private func header(describing ordered: [Entry]) -> [UInt8] {
    let strings = metadata.merging([Self.formatKey: Self.format]) { _, ours in ours }
    let pairs = strings.sorted { precedes($0.key, $1.key) }
      .map { "\(quoted($0.key)):\(quoted($0.value))" }
    var text = "{\(quoted(Self.metadataKey)):{\(pairs.joined(separator: ","))}"
    var offset = 0
    for entry in ordered {
      let end = offset + entry.tensor.bytes.count
      let extents = entry.tensor.shape.dimensions.map(String.init).joined(separator: ",")
      text += ",\(quoted(entry.name)):{\"dtype\":\"\(entry.tensor.elementType.safetensorsName)\","
      text += "\"shape\":[\(extents)],\"data_offsets\":[\(offset),\(end)]}"
      offset = end
    }
    text += "}"
    // Tensors start at a multiple of 8 bytes; so does the header, after its length.
    text += String(repeating: " ", count: (8 - text.utf8.count % 8) % 8)
    return [UInt8](text.utf8)
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
