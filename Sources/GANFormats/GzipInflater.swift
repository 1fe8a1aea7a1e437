import CImageLibraries

/// Decompresses the gzip members of a file, one after another, a piece at a time.
///
/// Lengths and checksums are zlib's to verify. Zero bytes between and after members are padding,
/// as they are to `gzip`.
struct GzipInflater: ~Copyable {
  /// The first two bytes of a member.
  static let magic: [UInt8] = [0x1f, 0x8b]

  /// Bytes read from the file at once.
  private static let inputCapacity = 128 << 10
  /// Bytes inflated at once: few enough that zlib's checksum finds them still in cache.
  private static let outputPiece = 256 << 10

  // zlib checks that its state does not move: it lives behind a pointer.
  private let stream: UnsafeMutablePointer<z_stream>
  private let input: UnsafeMutableRawBufferPointer
  private var isBetweenMembers = false

  /// Starts before a member whose first bytes, `leadingBytes`, were read already.
  init(leadingBytes: [UInt8]) {
    stream = .allocate(capacity: 1)
    let status = gan_inflate_init_gzip(stream)
    precondition(status == Z_OK, "zlib failed to start: status \(status)")
    input = .allocate(byteCount: Self.inputCapacity, alignment: 16)
    input.copyBytes(from: leadingBytes)
    offerInput(leadingBytes.count)
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  /// Inflates on until `destination` is full or the last member ends.
  ///
  /// - Returns: The number of bytes written; fewer than `destination.count` only at the end.
  mutating func fill(
    _ destination: UnsafeMutableRawBufferPointer, from file: borrowing InputFile
  ) throws(FormatError) -> Int {
    var filled = 0
    while filled < destination.count {
      if isBetweenMembers {
        guard try skipPadding(in: file) else { break }
        inflateReset(stream)
        isBetweenMembers = false
      }
      guard try hasInput(from: file) else {
        throw FormatError(file.path, .corrupt(.gzip, .endsEarly))
      }
      let piece = UnsafeMutableRawBufferPointer(
        rebasing: destination[filled...].prefix(Self.outputPiece))
      stream.pointee.next_out = piece.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.pointee.avail_out = UInt32(piece.count)
      let status = inflate(stream, Z_NO_FLUSH)
      filled += piece.count - Int(stream.pointee.avail_out)
      switch status {
      case Z_STREAM_END: isBetweenMembers = true
      case Z_OK, Z_BUF_ERROR: continue
      default:
        let message = stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)"
        throw FormatError(file.path, .corrupt(.gzip, .decoder(message: message)))
      }
    }
    return filled
  }

  /// True where another member follows the padding.
  private func skipPadding(in file: borrowing InputFile) throws(FormatError) -> Bool {
    while try hasInput(from: file) {
      guard stream.pointee.next_in.pointee == 0 else { return true }
      stream.pointee.next_in += 1
      stream.pointee.avail_in -= 1
    }
    return false
  }

  private func hasInput(from file: borrowing InputFile) throws(FormatError) -> Bool {
    if stream.pointee.avail_in == 0 { offerInput(try file.fill(input)) }
    return stream.pointee.avail_in > 0
  }

  private func offerInput(_ byteCount: Int) {
    stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in = UInt32(byteCount)
  }
}
