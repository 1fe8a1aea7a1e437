/// The contents of a file from front to back, decompressed when they are gzip.
///
/// The first bytes decide, not the name. Memory is what the caller asks for plus 128 KiB.
package struct ByteReader: ~Copyable {
  /// The most bytes that may still come: exact for a plain file, a bound for a compressed one.
  package let maximumByteCount: Int

  private let file: InputFile
  /// Bytes of a plain file that were read to recognise it.
  private var pending: ArraySlice<UInt8>
  private var inflater: GzipInflater?

  /// Deflate codes at most 258 bytes in two bits: 1032 to 1, and no more.
  private static let greatestExpansion = 1032

  /// Opens a file and looks at its first two bytes.
  ///
  /// - Throws: `FormatError` of kind `missing`.
  package init(path: String) throws(FormatError) {
    let opened = try InputFile(path: path)
    let leadingBytes = try opened.bytes(upTo: GzipInflater.magic.count)
    if leadingBytes == GzipInflater.magic {
      inflater = GzipInflater(leadingBytes: leadingBytes)
      pending = []
      let (product, overflows) = opened.byteCount.multipliedReportingOverflow(
        by: Self.greatestExpansion)
      maximumByteCount = overflows ? .max : product
    } else {
      inflater = nil
      pending = leadingBytes[...]
      maximumByteCount = opened.byteCount
    }
    file = opened
  }

  /// Reads on until `destination` is full or the contents end.
  ///
  /// - Returns: The number of bytes written; fewer than `destination.count` only at the end.
  /// - Throws: `FormatError`: unreadable, or compressed data that are damaged or cut off.
  package mutating func fill(
    _ destination: UnsafeMutableRawBufferPointer
  ) throws(FormatError) -> Int {
    if inflater != nil { return try inflater?.fill(destination, from: file) ?? 0 }
    let early = pending.prefix(destination.count)
    destination.copyBytes(from: early)
    pending.removeFirst(early.count)
    return early.count
      + (try file.fill(UnsafeMutableRawBufferPointer(rebasing: destination[early.count...])))
  }

  /// Reads everything that is left.
  ///
  /// - Parameters:
  ///   - limit: The most bytes that may come.
  ///   - format: The format that an error names.
  /// - Throws: `FormatError` as `fill`; of kind `invalid` where more come than `limit`.
  package mutating func allBytes(
    upTo limit: Int, of format: FormatError.Format
  ) throws(FormatError) -> [UInt8] {
    // No more at once than may come: most files are small.
    let pieceByteCount = min(Self.largestPiece, max(maximumByteCount, 1))
    var all: [UInt8] = []
    while true {
      let piece = try bytes(upTo: pieceByteCount)
      guard !piece.isEmpty else { return all }
      all += piece
      guard all.count <= limit else {
        throw FormatError(file.path, .tooManyBytes(format, found: all.count, limit: limit))
      }
    }
  }

  private static let largestPiece = 1 << 24

  /// Reads up to `count` bytes; fewer only at the end.
  package mutating func bytes(upTo count: Int) throws(FormatError) -> [UInt8] {
    try [UInt8](capacity: count) { destination throws(FormatError) in try fill(destination) }
  }
}
