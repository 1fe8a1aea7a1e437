extension SafetensorsFile {
  /// The key of the metadata that holds the seal.
  package static let sealKey = "sha256"

  /// The same contents with a digest of themselves among the metadata: a seal.
  ///
  /// It is the SHA-256 of the bytes of the file as it is written without the seal, so that a
  /// change anywhere is noticed: the format itself would take a flipped bit in a tensor for a value.
  package func sealed() -> SafetensorsFile {
    var file = self
    file.metadata[Self.sealKey] = file.digestWithoutSeal()
    return file
  }

  /// True where the contents are those that were sealed; false where none were.
  package var isIntact: Bool {
    // The digest does not cover the format: every file is written with ours.
    metadata[Self.formatKey, default: Self.format] == Self.format
      && metadata[Self.sealKey] == digestWithoutSeal()
  }

  private func digestWithoutSeal() -> String {
    var bare = self
    bare.metadata[Self.sealKey] = nil
    var digest = SHA256()
    for piece in bare.pieces { digest.append(piece) }
    return digest.hexadecimalDigest()
  }
}
