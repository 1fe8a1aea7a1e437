package import GANTensor

/// NumPy's array files; written as version 1.0, of 32-bit floating-point values in C order.
/// - Source: NumPy, `numpy.lib.format`.
package enum Npy {
  /// `\x93NUMPY`, then version 1.0.
  private static let magic: [UInt8] = [0x93] + [UInt8]("NUMPY".utf8) + [1, 0]
  /// The data's offset is a multiple of this.
  private static let alignment = 64
  /// Room NumPy leaves so that the first extent can grow in place.
  private static let growthDigits = 21

  /// Writes the bytes that `numpy.save` writes, whole or not at all.
  ///
  /// - Parameter tensor: `float32`, any shape.
  /// - Throws: `FormatError` of kind `unwritable`.
  package static func write(_ tensor: HostTensor, to path: String) throws(FormatError) {
    let header = headerBytes(of: tensor)
    try AtomicFile.write(to: path) { output throws(FormatError) in
      try output.append(header)
      try output.append(tensor.bytes)
    }
  }

  /// The bytes that `write` writes.
  package static func encoded(_ tensor: HostTensor) -> [UInt8] {
    headerBytes(of: tensor) + tensor.bytes
  }

  private static func headerBytes(of tensor: HostTensor) -> [UInt8] {
    precondition(tensor.elementType == .float32, "npy holds float32; got \(tensor.elementType)")
    return header(for: tensor.shape.dimensions)
  }

  /// Reads what `numpy.save` writes of numbers: any version of the format, type and order.
  ///
  /// - Throws: `FormatError`: `missing`, or `invalid` when it is none, holds anything but numbers, is
  ///   truncated, or longer than its shape says.
  /// - Complexity: Memory for the file; twice that in Fortran's order, or with big-endian numbers.
  package static func read(_ path: String) throws(FormatError) -> NumericArray {
    let file = try InputFile(path: path)
    return try array(in: file.bytes(upTo: file.byteCount), of: path)
  }

  /// Reads the bytes of such a file, which errors call `path`.
  package static func array(in bytes: [UInt8], of path: String) throws(FormatError) -> NumericArray
  {
    guard bytes.starts(with: magic.prefix(6)) else {
      throw FormatError(path, .foreign(.npy, leadingBytes: [UInt8](bytes.prefix(8))))
    }
    // Versions 2 and 3 differ in the length's length, and in what a header is encoded in.
    let lengthBytes = bytes.count > 6 && bytes[6] > 1 ? 4 : 2
    let textStart = 8 + lengthBytes
    func truncated(_ neededBytes: Int) -> FormatError {
      FormatError(path, .truncated(.npy, neededBytes: neededBytes, foundBytes: bytes.count))
    }
    guard bytes.count >= textStart else { throw truncated(textStart) }
    guard (1...3).contains(bytes[6]) else {
      throw FormatError(path, .unsupported(.npy, what: "version", value: "\(bytes[6])"))
    }
    let dataStart = textStart + bytes[8..<textStart].littleEndianInteger
    guard bytes.count >= dataStart else { throw truncated(dataStart) }
    let header = try Header(
      String(decoding: bytes[textStart..<dataStart], as: UTF8.self), of: path)
    guard
      let byteCount = packedByteCount(header.dimensions, elementBytes: header.element.byteCount),
      byteCount <= Int.max - dataStart
    else {
      throw FormatError(path, .corrupt(.npy, .sizeOverflow(dimensions: header.dimensions)))
    }
    let neededBytes = dataStart + byteCount
    guard bytes.count >= neededBytes else { throw truncated(neededBytes) }
    guard bytes.count == neededBytes else {
      throw FormatError(path, .trailing(.npy, excessBytes: bytes.count - neededBytes))
    }
    let stored = NumericArray(
      dimensions: header.isFortran ? header.dimensions.reversed() : header.dimensions,
      element: header.element, bytes: [UInt8](bytes[dataStart...]))
    let ordered =
      header.isFortran ? stored.transposed(stored.dimensions.indices.reversed()) : stored
    return header.isBigEndian ? ordered.byteSwapped() : ordered
  }

  private static func header(for dimensions: [Int]) -> [UInt8] {
    var text = dictionary(for: dimensions)
    if let first = dimensions.first {
      text += String(repeating: " ", count: growthDigits - String(first).count)
    }
    // Magic, length, text and a line feed fill a multiple of the alignment.
    let unpadded = magic.count + 2 + text.utf8.count + 1
    text += String(repeating: " ", count: (alignment - unpadded % alignment) % alignment) + "\n"
    let length = text.utf8.count
    precondition(length <= Int(UInt16.max), "version 1.0 has no room for \(dimensions.count) axes")
    return magic + [UInt8(length & 0xff), UInt8(length >> 8)] + [UInt8](text.utf8)
  }

  private static func dictionary(for dimensions: [Int]) -> String {
    let extents = dimensions.map(String.init).joined(separator: ", ")
    let tuple = dimensions.count == 1 ? "(\(extents),)" : "(\(extents))"
    return "{'descr': '<f4', 'fortran_order': False, 'shape': \(tuple), }"
  }

  /// A header's claims: a literal of Python's with three keys.
  private struct Header {
    let element: NumericArray.Element
    let isBigEndian: Bool
    let isFortran: Bool
    let dimensions: [Int]

    init(_ text: String, of path: String) throws(FormatError) {
      func unsupported() -> FormatError {
        FormatError(
          path,
          .unsupported(.npy, what: "header", value: String(text.prefix { $0 != "\n" }.prefix(200))))
      }
      func value(_ key: String) -> Substring? {
        for quote in ["'", "\""] {
          guard let place = text.firstRange(of: quote + key + quote) else { continue }
          let rest = text[place.upperBound...].drop { $0 == " " }
          guard rest.first == ":" else { return nil }
          return rest.dropFirst().drop { $0 == " " }
        }
        return nil
      }
      guard let type = value("descr"), let order = value("fortran_order"),
        let extents = value("shape"), extents.first == "(",
        let end = extents.firstIndex(of: ")"), order.hasPrefix("True") || order.hasPrefix("False")
      else { throw unsupported() }
      let parts = extents[extents.index(after: extents.startIndex)..<end].split(separator: ",")
        .map { $0.drop { $0 == " " }.prefix { $0 != " " } }
        .filter { !$0.isEmpty }
      let dimensions = parts.compactMap { Int($0.hasSuffix("L") ? $0.dropLast() : $0) }
      let name = type.dropFirst().prefix { $0 != "'" && $0 != "\"" }
      guard dimensions.count == parts.count, dimensions.allSatisfy({ $0 >= 0 }),
        let quote = type.first, quote == "'" || quote == "\"", let mark = name.first,
        let element = Npy.types[String("<>|=".contains(mark) ? name.dropFirst() : name)]
      else { throw unsupported() }
      (self.element, self.dimensions) = (element, dimensions)
      (isBigEndian, isFortran) = (mark == ">", order.hasPrefix("True"))
    }
  }

  /// NumPy's names of types, without the order of bytes.
  static let types: [String: NumericArray.Element] = [
    "b1": .boolean, "u1": .uint8, "i1": .int8, "u2": .uint16, "i2": .int16, "u4": .uint32,
    "i4": .int32, "u8": .uint64, "i8": .int64, "f2": .float16, "f4": .float32, "f8": .float64,
  ]
}
