#if canImport(CryptoKit)
  import CryptoKit
#else
  import CImageLibraries
#endif

/// SHA-256, by the system's library.
package enum SHA256 {
  /// The digest of `bytes` as 64 lower-case hexadecimal digits.
  ///
  /// - Complexity: About 1.4 GB/s where the processor has instructions for it.
  package static func hexadecimalDigest(of bytes: [UInt8]) -> String {
    #if canImport(CryptoKit)
      let digest = [UInt8](CryptoKit.SHA256.hash(data: bytes))
    #else
      var digest = [UInt8](repeating: 0, count: 32)
      let status = gan_sha256(bytes, bytes.count, &digest)
      precondition(status == 0, "libcrypto has no SHA-256")
    #endif
    return digest.map(\.hexadecimal).joined()
  }
}
