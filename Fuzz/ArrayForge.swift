/// Files of numbers as other programs write them.
enum ArrayForge {
  private static let pixels = (0..<120).map { UInt8(2 * $0) }

  /// Images, classes, and arrays of other types, orders and shapes.
  static let npyFiles = [
    npy("|u1", "(2, 5, 4, 3)", pixels), npy("<i8", "(2,)", widened([1, 0], byteCount: 8)),
    npy("<f4", "(30,)", pixels), npy(">i2", "(6, 10)", pixels), npy("<f8", "(15, 1)", pixels),
    npy("|b1", "(2, 60)", widened(pixels.map { $0 & 1 }, byteCount: 1)),
    npy("<f2", "(3, 4, 5)", pixels, isFortran: true),
    npy("|u1", "(1, 120)", pixels, version: 2), npy("|u1", "()", [7]),
  ]

  /// Pairs of images and classes.
  static let idxPairs: [(images: [UInt8], labels: [UInt8])] = [
    (idx(8, [2, 3, 4], Array(pixels.prefix(24))), idx(8, [2], [7, 3])),
    (idx(8, [2, 3, 4], Array(pixels.prefix(24))), []),
    (idx(13, [1, 2, 3], Array(pixels.prefix(24))), idx(12, [1], [0, 0, 0, 9])),
    (idx(11, [2, 2, 2, 3], Array(pixels.prefix(48))), idx(8, [2, 1], [1, 1])),
    (
      ArchiveForge.gzip(idx(8, [2, 3, 4], Array(pixels.prefix(24)))), idx(8, [2, 2], [0, 1, 1, 0])
    ),
  ]

  private static func npy(
    _ type: String, _ shape: String, _ data: [UInt8], isFortran: Bool = false, version: UInt8 = 1
  ) -> [UInt8] {
    let order = isFortran ? "True" : "False"
    let text = "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }"
    let lengthBytes = version == 1 ? 2 : 4
    let length = (text.utf8.count + 9 + lengthBytes + 63) / 64 * 64 - 8 - lengthBytes
    let padding = [UInt8](repeating: 0x20, count: length - text.utf8.count - 1) + [0x0a]
    return [0x93] + "NUMPY".utf8 + [version, 0] + [UInt8(length & 255), UInt8(length >> 8)]
      + [UInt8](repeating: 0, count: lengthBytes - 2) + text.utf8 + padding + data
  }

  private static func idx(_ type: UInt8, _ extents: [UInt8], _ data: [UInt8]) -> [UInt8] {
    [0, 0, type, UInt8(extents.count)] + extents.flatMap { [0, 0, 0, $0] } + data
  }

  private static func widened(_ values: [UInt8], byteCount: Int) -> [UInt8] {
    values.flatMap { [$0] + [UInt8](repeating: 0, count: byteCount - 1) }
  }
}
