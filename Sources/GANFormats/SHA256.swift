#if canImport(CryptoKit)
  import CryptoKit
#else
  import CImageLibraries
#endif

/// SHA-256, by the system's library.
package struct SHA256: ~Copyable {
  #if canImport(CryptoKit)
    private var hasher = CryptoKit.SHA256()
  #else
    private let context: UnsafeMutableRawPointer
    private var isEnded = false
  #endif

  /// Begins with no bytes.
  package init() {
    #if !canImport(CryptoKit)
      guard let context = gan_sha256_begin() else { preconditionFailure("no SHA-256 in libcrypto") }
      self.context = context
    #endif
  }

  #if !canImport(CryptoKit)
    deinit {
      // Ending frees the context, which a digest that was never asked for still holds.
      guard !isEnded else { return }
      var digest = [UInt8](repeating: 0, count: 32)
      _ = gan_sha256_end(context, &digest)
    }
  #endif

  /// Takes more bytes.
  ///
  /// - Complexity: About 1.4 GB/s where the processor has instructions for it.
  package mutating func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { append($0) }
  }

  /// Takes more bytes from where they are.
  package mutating func append(_ bytes: UnsafeRawBufferPointer) {
    #if canImport(CryptoKit)
      hasher.update(bufferPointer: bytes)
    #else
      let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      let status = gan_sha256_append(context, start, bytes.count)
      precondition(status == 0, "libcrypto's SHA-256 fails")
    #endif
  }

  /// The digest of all bytes taken, as 64 lower-case hexadecimal digits.
  package consuming func hexadecimalDigest() -> String {
    #if canImport(CryptoKit)
      let digest = [UInt8](hasher.finalize())
    #else
      var digest = [UInt8](repeating: 0, count: 32)
      let status = gan_sha256_end(context, &digest)
      isEnded = true
      precondition(status == 0, "libcrypto's SHA-256 fails")
    #endif
    return digest.map(\.hexadecimal).joined()
  }

  /// The digest of `bytes` as 64 lower-case hexadecimal digits.
  package static func hexadecimalDigest(of bytes: [UInt8]) -> String {
    var digest = SHA256()
    digest.append(bytes)
    return digest.hexadecimalDigest()
  }
}
