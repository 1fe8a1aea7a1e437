/// The parts of which a picture's file consists, as far as they say where it ends and which way up
/// it is.
///
/// Decoders do the rest, but neither TurboJPEG nor libpng's simple reader nor libwebp's tells the
/// orientation. Lengths are checked against the file before they are used.
enum ImageContainer {
  private static let exifPrefix = [UInt8]("Exif".utf8) + [0, 0]

  /// The orientation among the segments before a JPEG's picture.
  static func orientation(ofJPEG bytes: [UInt8]) -> ImageOrientation? {
    for (marker, payload) in segments(ofJPEG: bytes)
    where marker == 0xe1 && payload.starts(with: exifPrefix) {
      return ImageOrientation(tiff: payload.dropFirst(exifPrefix.count))
    }
    return nil
  }

  /// True where a JPEG has the segment with which programs of Adobe's say how colours are meant.
  static func hasAdobeSegment(_ bytes: [UInt8]) -> Bool {
    segments(ofJPEG: bytes).contains { $0.marker == 0xee && $0.payload.starts(with: "Adobe".utf8) }
  }

  /// The segments before a JPEG's picture, as far as they are whole.
  private static func segments(
    ofJPEG bytes: [UInt8]
  ) -> [(marker: UInt8, payload: ArraySlice<UInt8>)] {
    var segments: [(marker: UInt8, payload: ArraySlice<UInt8>)] = []
    var offset = 2
    while offset + 4 <= bytes.count, bytes[offset] == 0xff {
      let marker = bytes[offset + 1]
      switch marker {
      case 0xff:
        offset += 1
        continue
      case 0x01, 0xd0...0xd8:
        offset += 2
        continue
      case 0xd9, 0xda:
        return segments
      default: break
      }
      let byteCount = bytes[offset + 2..<offset + 4].bigEndianInteger
      guard byteCount >= 2, offset + 2 + byteCount <= bytes.count else { return segments }
      segments.append((marker, bytes[offset + 4..<offset + 2 + byteCount]))
      offset += 2 + byteCount
    }
    return segments
  }

  /// The parts of a PNG that libpng's simple reader does not tell.
  struct PNGChunks {
    var orientation: ImageOrientation?
    /// The bytes of all chunks; more than there are, where the file ends before the chunk that ends it.
    var neededBytes = 0
    /// Where a gamma stands that does not hold, since the picture has a colour profile.
    ///
    /// - Source: PNG Specification, Third Edition, 4.3, "Colour spaces": the profile has precedence.
    var overruledGamma: Range<Int>? { hasProfile ? gamma : nil }

    fileprivate var hasProfile = false
    fileprivate var gamma: Range<Int>?
  }

  /// Walks through a PNG's chunks.
  static func chunks(ofPNG bytes: [UInt8]) -> PNGChunks {
    var chunks = PNGChunks()
    var offset = 8
    while offset + 12 <= bytes.count {
      let byteCount = bytes[offset..<offset + 4].bigEndianInteger
      let end = offset + 12 + byteCount
      let type = bytes[offset + 4..<offset + 8]
      chunks.neededBytes = end
      guard end <= bytes.count else { return chunks }
      switch String(decoding: type, as: UTF8.self) {
      case "eXIf": chunks.orientation = ImageOrientation(tiff: bytes[offset + 8..<end - 4])
      case "iCCP": chunks.hasProfile = true
      case "gAMA": chunks.gamma = offset..<end
      case "IEND": return chunks
      default: break
      }
      offset = end
    }
    chunks.neededBytes = max(offset + 12, bytes.count + 1)
    return chunks
  }

  /// Makes sure that no chunk of a PNG but those of pixels claims more bytes than there are: libpng
  /// takes memory for as many before it looks for them.
  ///
  /// - Throws: `FormatError` of kind `invalid`.
  static func requireWholeChunks(ofPNG bytes: [UInt8], _ path: String) throws(FormatError) {
    var offset = 8
    while offset + 8 <= bytes.count {
      let end = offset + 12 + bytes[offset..<offset + 4].bigEndianInteger
      guard end <= bytes.count || bytes[offset + 4..<offset + 8].elementsEqual("IDAT".utf8) else {
        throw FormatError(path, .truncated(.png, neededBytes: end, foundBytes: bytes.count))
      }
      offset = end
    }
  }

  /// The orientation among a WebP's chunks.
  static func orientation(ofWebP bytes: [UInt8]) -> ImageOrientation? {
    var offset = 12
    while offset + 8 <= bytes.count {
      let byteCount = bytes[offset + 4..<offset + 8].littleEndianInteger
      let end = offset + 8 + byteCount
      guard end <= bytes.count else { return nil }
      if bytes[offset..<offset + 4].elementsEqual("EXIF".utf8) {
        let payload = bytes[offset + 8..<end]
        // The prefix is JPEG's, but some programs write it here too.
        let isPrefixed = payload.starts(with: exifPrefix)
        return ImageOrientation(tiff: isPrefixed ? payload.dropFirst(exifPrefix.count) : payload)
      }
      // Chunks begin at even offsets.
      offset = end + byteCount % 2
    }
    return nil
  }
}
