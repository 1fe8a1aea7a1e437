/// A format of pictures that this program knows by its first bytes and does not read.
package enum ForeignPicture: String, Sendable, CaseIterable {
  /// Apple's photographs, and others of its container.
  case heic = "HEIC"
  case avif = "AVIF"
  case gif = "GIF"
  /// TIFF, and the cameras' raw formats that are built of it.
  case tiff = "TIFF"
  case jpeg2000 = "JPEG 2000"
  case jpegXL = "JPEG XL"
  /// Netpbm's PBM, PGM and PPM.
  case netpbm = "PNM"
  case photoshop = "PSD"
  case openEXR = "OpenEXR"
  case qoi = "QOI"

  /// Bytes that are enough to recognise any of them.
  package static let leadingByteCount = 32

  /// Endings of names that such files have, lower case.
  package static let extensions: Set<String> = [
    "heic", "heif", "hif", "avif", "gif", "tif", "tiff", "jp2", "j2k", "jpx", "jxl", "pbm", "pgm",
    "ppm", "pnm", "psd", "exr", "qoi",
  ]

  /// Recognises a format by the first bytes of a file.
  package init?(firstBytes bytes: [UInt8]) {
    func starts(_ text: String, at offset: Int = 0) -> Bool {
      bytes.dropFirst(offset).starts(with: text.utf8)
    }
    if starts("ftyp", at: 4) {
      let brands = stride(from: 8, to: min(bytes.count, Self.leadingByteCount) - 3, by: 4).map {
        String(decoding: bytes[$0..<$0 + 4], as: UTF8.self)
      }
      if brands.contains(where: { ["avif", "avis"].contains($0) }) {
        self = .avif
      } else if brands.contains(where: { Self.heicBrands.contains($0) }) {
        self = .heic
      } else {
        return nil
      }
      return
    }
    let signatures: [(Self, [UInt8])] = [
      (.gif, [UInt8]("GIF8".utf8)), (.tiff, [0x49, 0x49, 42, 0]), (.tiff, [0x4d, 0x4d, 0, 42]),
      (.tiff, [0x49, 0x49, 43, 0]), (.tiff, [0x4d, 0x4d, 0, 43]),
      (.jpeg2000, [0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20]), (.jpeg2000, [0xff, 0x4f, 0xff, 0x51]),
      (.jpegXL, [0, 0, 0, 12, 0x4a, 0x58, 0x4c, 0x20]), (.photoshop, [UInt8]("8BPS".utf8)),
      (.openEXR, [0x76, 0x2f, 0x31, 0x01]), (.qoi, [UInt8]("qoif".utf8)),
    ]
    if let (format, _) = signatures.first(where: { bytes.starts(with: $0.1) }) {
      self = format
    } else if bytes.count > 2, bytes[0] == UInt8(ascii: "P"),
      (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(bytes[1]),
      [0x20, 0x09, 0x0a, 0x0d].contains(bytes[2])
    {
      self = .netpbm
    } else if bytes.starts(with: [0xff, 0x0a]) {
      self = .jpegXL
    } else {
      return nil
    }
  }

  /// A way to make files of this format readable.
  package var conversion: String {
    switch self {
    case .heic: "heif-convert picture.heic picture.png (libheif), or save as JPEG"
    case .avif: "avifdec picture.avif picture.png (libavif)"
    case .jpegXL: "djxl picture.jxl picture.png (libjxl)"
    case .gif, .tiff, .jpeg2000, .netpbm, .photoshop, .openEXR, .qoi:
      "mogrify -format png " + "'*.\(usualExtension)' (ImageMagick)"
    }
  }

  private var usualExtension: String {
    switch self {
    case .heic: "heic"
    case .avif: "avif"
    case .gif: "gif"
    case .tiff: "tif"
    case .jpeg2000: "jp2"
    case .jpegXL: "jxl"
    case .netpbm: "p?m"
    case .photoshop: "psd"
    case .openEXR: "exr"
    case .qoi: "qoi"
    }
  }

  private static let heicBrands: Set = [
    "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1",
  ]
}
