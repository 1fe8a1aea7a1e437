package import GANTensor

/// NumPy's array files, version 1.0, of 32-bit floating-point values in C order.
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
    precondition(tensor.elementType == .float32, "npy holds float32; got \(tensor.elementType)")
    let header = header(for: tensor.shape.dimensions)
    try AtomicFile.write(to: path) { output throws(FormatError) in
      try output.append(header)
      try output.append(tensor.bytes)
    }
  }

  /// Reads what `write` and `numpy.save` write of `float32` in C order.
  ///
  /// - Throws: `FormatError`: `missing`, or `invalid` when it is another kind of array, truncated,
  ///   or longer than its shape says.
  package static func read(_ path: String) throws(FormatError) -> HostTensor {
    let file = try InputFile(path: path)
    let prefix = try file.bytes(upTo: magic.count + 2)
    guard prefix.starts(with: magic) else {
      throw FormatError(path, .foreign(.npy, leadingBytes: [UInt8](prefix.prefix(8))))
    }
    guard prefix.count == magic.count + 2 else {
      throw FormatError(
        path, .truncated(.npy, neededBytes: magic.count + 2, foundBytes: prefix.count))
    }
    let headerBytes = Int(prefix[8]) | Int(prefix[9]) << 8
    let dataStart = prefix.count + headerBytes
    let text = try file.bytes(upTo: headerBytes)
    guard text.count == headerBytes else {
      throw FormatError(path, .truncated(.npy, neededBytes: dataStart, foundBytes: file.byteCount))
    }
    let dimensions = try dimensions(in: text, path: path)
    guard let byteCount = packedByteCount(dimensions, elementBytes: 4),
      byteCount <= Int.max - dataStart
    else {
      throw FormatError(path, .corrupt(.npy, .sizeOverflow(dimensions: dimensions)))
    }
    let neededBytes = dataStart + byteCount
    guard file.byteCount >= neededBytes else {
      throw FormatError(
        path, .truncated(.npy, neededBytes: neededBytes, foundBytes: file.byteCount))
    }
    guard file.byteCount == neededBytes else {
      throw FormatError(path, .trailing(.npy, excessBytes: file.byteCount - neededBytes))
    }
    let bytes = try file.bytes(upTo: byteCount)
    guard bytes.count == byteCount else {
      throw FormatError(
        path, .truncated(.npy, neededBytes: neededBytes, foundBytes: dataStart + bytes.count))
    }
    return HostTensor(shape: Shape(dimensions), elementType: .float32, bytes: bytes)
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

  /// The extents in a header that says nothing but what ours would say of them.
  private static func dimensions(in text: [UInt8], path: String) throws(FormatError) -> [Int] {
    let header = String(decoding: text, as: UTF8.self)
    let tuple = header.drop { $0 != "(" }.dropFirst().prefix { $0 != ")" }
    let dimensions = tuple.split { !$0.isASCII || !$0.isNumber }.compactMap { Int($0) }
    let padding = header.dropFirst(dictionary(for: dimensions).count)
    guard header.hasPrefix(dictionary(for: dimensions)), padding.last == "\n",
      padding.dropLast().allSatisfy({ $0 == " " })
    else {
      throw FormatError(
        path, .unsupported(.npy, what: "header", value: String(header.prefix { $0 != "\n" })))
    }
    return dimensions
  }
}
