/// The position of a camera: the eight values of EXIF's tag 274, by where the picture's top row and
/// left column are in the file.
///
/// - Source: CIPA DC-008, "Exchangeable image file format for digital still cameras: Exif", 4.6.4.
package enum ImageOrientation: UInt8, Sendable, CaseIterable {
  /// Top row at the top, left column at the left: nothing to do.
  case upright = 1
  /// Left and right are exchanged.
  case mirrored = 2
  /// Upside down.
  case halfTurned = 3
  /// Top and bottom are exchanged.
  case flipped = 4
  /// Rows and columns are exchanged.
  case transposed = 5
  /// To be turned a quarter clockwise.
  case quarterTurned = 6
  /// Rows and columns are exchanged, and the whole is upside down.
  case transversed = 7
  /// To be turned a quarter counter-clockwise.
  case threeQuartersTurned = 8

  /// True where rows of the file are columns of the picture.
  package var isTransposed: Bool { rawValue >= Self.transposed.rawValue }

  /// The file's rows, or columns, that reading the picture from its top left corner goes through
  /// from the last to the first.
  package var isReversed: (rows: Bool, columns: Bool) {
    switch self {
    case .upright, .transposed: (false, false)
    case .mirrored, .threeQuartersTurned: (false, true)
    case .flipped, .quarterTurned: (true, false)
    case .halfTurned, .transversed: (true, true)
    }
  }
}

extension ImageOrientation {
  private static let tag = 0x0112
  /// TIFF's number for unsigned 16-bit integers.
  private static let shortType = 3

  /// Reads the one tag from the first directory of a TIFF block.
  ///
  /// A block that is damaged says nothing, and neither does an unknown value: the picture is good
  /// all the same. Whatever the block claims, no byte outside it is read, and no more than 65,535
  /// entries are looked at.
  init?(tiff block: ArraySlice<UInt8>) {
    let bytes = TIFFBytes(block)
    guard let bytes, let directory = bytes.integer(at: 4, byteCount: 4),
      let entryCount = bytes.integer(at: directory, byteCount: 2)
    else { return nil }
    for entry in 0..<entryCount {
      let place = directory + 2 + 12 * entry
      guard let tag = bytes.integer(at: place, byteCount: 2) else { return nil }
      guard tag == Self.tag else { continue }
      guard bytes.integer(at: place + 2, byteCount: 2) == Self.shortType,
        bytes.integer(at: place + 4, byteCount: 4) == 1,
        let value = bytes.integer(at: place + 8, byteCount: 2)
      else { return nil }
      self.init(rawValue: UInt8(clamping: value))
      return
    }
    return nil
  }
}

/// Integers of a TIFF block, in the order of bytes that it declares.
private struct TIFFBytes {
  private let bytes: ArraySlice<UInt8>
  private let isLittleEndian: Bool

  init?(_ bytes: ArraySlice<UInt8>) {
    switch Array(bytes.prefix(4)) {
    case [0x49, 0x49, 42, 0]: isLittleEndian = true
    case [0x4d, 0x4d, 0, 42]: isLittleEndian = false
    default: return nil
    }
    self.bytes = bytes
  }

  func integer(at offset: Int, byteCount: Int) -> Int? {
    guard offset <= bytes.count - byteCount else { return nil }
    let start = bytes.startIndex + offset
    let part = bytes[start..<start + byteCount]
    return isLittleEndian ? part.reversed().bigEndianInteger : part.bigEndianInteger
  }
}

extension Collection<UInt8> {
  /// The bytes as one unsigned integer, the first the most significant; at most seven of them.
  var bigEndianInteger: Int { reduce(0) { $0 << 8 | Int($1) } }
  /// The bytes as one unsigned integer, the first the least significant; at most seven of them.
  var littleEndianInteger: Int { reversed().bigEndianInteger }
}
