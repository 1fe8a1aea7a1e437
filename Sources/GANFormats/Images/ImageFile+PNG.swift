import CImageLibraries

extension ImageFile {
  static func summaryOfPNG(_ bytes: [UInt8], _ path: String) throws(FormatError) -> Summary {
    try ImageContainer.requireWholeChunks(ofPNG: bytes, path)
    var (width, height, channels) = (UInt32(0), UInt32(0), UInt32(0))
    try PNG.throwing(path) { message in
      gan_png_inspect(bytes, bytes.count, 1, &width, &height, &channels, message)
    }
    // libpng has checked the header chunk, which is the first.
    let (bitDepth, colourType) = (bytes[24], bytes[25])
    let colours =
      switch colourType {
      case 3: "palette"
      case 0, 4: "gray"
      default: "colour"
      }
    let depth = colourType == 3 || bitDepth == 8 ? "" : "\(bitDepth)-bit "
    return Summary(
      kind: .png, width: Int(width), height: Int(height), channels: Int(channels),
      mode: depth + colours + (channels.isMultiple(of: 2) ? " with alpha" : ""),
      orientation: ImageContainer.chunks(ofPNG: bytes).orientation ?? .upright)
  }

  static func decodedPNG(
    _ bytes: [UInt8], _ summary: Summary, _ path: String
  ) throws(FormatError) -> RasterImage {
    // libpng stops at the last pixel and would not miss what is cut off after it.
    let chunks = ImageContainer.chunks(ofPNG: bytes)
    guard chunks.neededBytes <= bytes.count else {
      throw FormatError(
        path, .truncated(.png, neededBytes: chunks.neededBytes, foundBytes: bytes.count))
    }
    var bytes = bytes
    if let gamma = chunks.overruledGamma { bytes.removeSubrange(gamma) }
    let byteCount = summary.width * summary.height * summary.channels
    var pixels = [UInt8](repeating: 0, count: byteCount)
    try PNG.throwing(path) { message in
      gan_png_decode(bytes, bytes.count, 1, &pixels, byteCount, message)
    }
    return RasterImage(
      width: summary.width, height: summary.height, channels: summary.channels, pixels: pixels,
      orientation: summary.orientation)
  }
}
