import GANTensor

/// The format of MNIST's files: `00 00 type rank`, the extents as big-endian 32-bit integers,
/// then the elements, row-major.
package enum IDX {
  /// The types of the format by their numbers.
  private static let types: [UInt8: NumericArray.Element] = [
    0x08: .uint8, 0x09: .int8, 0x0b: .int16, 0x0c: .int32, 0x0d: .float32, 0x0e: .float64,
  ]

  /// Reads an array of any type and rank, from a plain or a gzip file.
  ///
  /// - Parameter path: The file; its first bytes, not its name, say whether it is compressed.
  /// - Throws: `FormatError`: `missing` when there is no such file, `invalid` when it is not IDX, or
  ///   is shorter or longer than its extents say.
  /// - Complexity: Peak memory is the elements' bytes plus 128 KiB; of more than one byte each,
  ///   twice those.
  package static func read(_ path: String) throws(FormatError) -> NumericArray {
    var reader = try ByteReader(path: path)
    let magic = try reader.bytes(upTo: 4)
    guard magic.count == 4, magic[0] == 0, magic[1] == 0, let element = types[magic[2]] else {
      throw FormatError(path, .foreign(.idx, leadingBytes: magic))
    }

    let rank = Int(magic[3])
    let extents = try reader.bytes(upTo: 4 * rank)
    let headerBytes = 4 + 4 * rank
    guard extents.count == 4 * rank else {
      throw FormatError(
        path, .truncated(.idx, neededBytes: headerBytes, foundBytes: 4 + extents.count))
    }
    let dimensions = (0..<rank).map { axis in
      extents[4 * axis..<4 * axis + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    guard let byteCount = packedByteCount(dimensions, elementBytes: element.byteCount),
      byteCount <= Int.max - headerBytes
    else {
      throw FormatError(path, .corrupt(.idx, .sizeOverflow(dimensions: dimensions)))
    }

    // Extents are not to be trusted with an allocation the file cannot fill.
    let neededBytes = headerBytes + byteCount
    guard neededBytes <= reader.maximumByteCount else {
      throw FormatError(
        path,
        .truncated(.idx, neededBytes: neededBytes, foundBytes: reader.maximumByteCount))
    }
    let elements = try reader.bytes(upTo: byteCount)
    guard elements.count == byteCount else {
      throw FormatError(
        path,
        .truncated(.idx, neededBytes: neededBytes, foundBytes: headerBytes + elements.count))
    }
    // Looking for one byte more also makes zlib check the length and checksum that end a member.
    guard try reader.bytes(upTo: 1).isEmpty else {
      throw FormatError(path, .trailing(.idx, excessBytes: 1))
    }
    return NumericArray(dimensions: dimensions, element: element, bytes: elements).byteSwapped()
  }
}
