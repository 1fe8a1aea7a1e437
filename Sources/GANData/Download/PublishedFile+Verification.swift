import GANFormats

extension PublishedFile {
  /// Bytes looked at together: few enough to stay in cache.
  private static let pieceByteCount = 256 << 10

  /// Checks a file that is kept as `cachedName` says.
  ///
  /// - Throws: `FormatError`: `missing`, or `invalid` where the bytes are not those published.
  func verify(_ path: String) throws(FormatError) {
    try read(path) { _ throws(FormatError) in }
  }

  /// Keeps a downloaded file, plain or compressed, as `cachedName` says.
  ///
  /// - Throws: `FormatError`: `invalid` where the bytes are not those published, and then nothing
  ///   is kept; `unwritable`.
  func keep(_ download: String, at path: String) throws(FormatError) {
    try AtomicFile.write(to: path) { output throws(FormatError) in
      try read(download) { piece throws(FormatError) in try output.append(piece) }
    }
  }

  /// Reads the bytes that are proved, and proves them.
  private func read(
    _ path: String, _ take: ([UInt8]) throws(FormatError) -> Void
  ) throws(FormatError) {
    switch proof {
    case .contents(let expected):
      var reader = try ByteReader(path: path)
      try prove(path, is: expected, take) { count throws(FormatError) in
        try reader.bytes(upTo: count)
      }
    case .archive(let expected):
      let file = try InputFile(path: path)
      try prove(path, is: expected, take) { count throws(FormatError) in
        try file.bytes(upTo: count)
      }
    }
  }

  private func prove(
    _ path: String, is expected: String, _ take: ([UInt8]) throws(FormatError) -> Void,
    next: (Int) throws(FormatError) -> [UInt8]
  ) throws(FormatError) {
    var digest = SHA256()
    var total = 0
    while true {
      let piece = try next(Self.pieceByteCount)
      guard !piece.isEmpty else { break }
      total += piece.count
      // What is compressed may claim to have no end.
      guard total <= byteCount else {
        throw FormatError(path, .trailing(format, excessBytes: total - byteCount))
      }
      digest.append(piece)
      try take(piece)
    }
    let found = digest.hexadecimalDigest()
    guard found == expected else {
      throw FormatError(path, .corrupt(format, .digest(found: found, published: expected)))
    }
  }
}
