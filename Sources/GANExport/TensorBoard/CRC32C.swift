/// The checksum of records: CRC-32C (Castagnoli), bit by bit from the lowest.
///
/// - Source: RFC 3720, section 12.1 and appendix B.4; the mask is that of TensorFlow's
///   `tensorflow/core/lib/hash/crc32c.h`.
enum CRC32C {
  private static let polynomial: UInt32 = 0x82F6_3B78
  private static let maskDelta: UInt32 = 0xA282_EAD8

  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { rest, _ in
      rest & 1 == 1 ? rest >> 1 ^ polynomial : rest >> 1
    }
  }

  /// The checksum of some bytes.
  static func checksum(of bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
  }

  /// The checksum as records hold it, so that checksums of data with checksums stay good.
  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let checksum = checksum(of: bytes)
    return (checksum >> 15 | checksum << 17) &+ maskDelta
  }
}
