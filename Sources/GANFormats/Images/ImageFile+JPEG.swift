import CImageLibraries

extension ImageFile {
  /// A decoder of TurboJPEG's; its identity is the library's state.
  private struct TurboJPEG: ~Copyable {
    let handle: tjhandle?

    init() { handle = tjInitDecompress() }

    deinit { if let handle { tjDestroy(handle) } }

    /// The library's last complaint.
    var message: String { tjGetErrorStr2(handle).map { String(cString: $0) } ?? "no reason" }
  }

  static func summaryOfJPEG(_ bytes: [UInt8], _ path: String) throws(FormatError) -> Summary {
    let decoder = TurboJPEG()
    var (width, height, subsampling, space) = (Int32(0), Int32(0), Int32(0), Int32(0))
    let status = tjDecompressHeader3(
      decoder.handle, bytes, UInt(bytes.count), &width, &height, &subsampling, &space)
    guard status == 0 else { throw corruptJPEG(path, decoder.message) }
    let isGray = space == TJCS_GRAY.rawValue
    let mode =
      switch space {
      case Int32(TJCS_GRAY.rawValue): "gray"
      case Int32(TJCS_CMYK.rawValue): "CMYK"
      case Int32(TJCS_YCCK.rawValue): "YCCK"
      default: "colour"
      }
    return Summary(
      kind: .jpeg, width: Int(width), height: Int(height), channels: isGray ? 1 : 3, mode: mode,
      orientation: ImageContainer.orientation(ofJPEG: bytes) ?? .upright)
  }

  /// Decodes; what TurboJPEG only warns of, above all that data end early, counts as damage.
  static func decodedJPEG(
    _ bytes: [UInt8], _ summary: Summary, _ path: String
  ) throws(FormatError) -> RasterImage {
    let decoder = TurboJPEG()
    let (width, height) = (Int32(summary.width), Int32(summary.height))
    let isInk = summary.mode == "CMYK" || summary.mode == "YCCK"
    let depth = isInk ? 4 : summary.channels
    var pixels = [UInt8](repeating: 0, count: summary.width * summary.height * depth)
    let format = isInk ? TJPF_CMYK : summary.channels == 1 ? TJPF_GRAY : TJPF_RGB
    // A small file can ask for thousands of scans, each of which takes time.
    let status = tjDecompress2(
      decoder.handle, bytes, UInt(bytes.count), &pixels, width, 0, height,
      format.rawValue, TJFLAG_LIMITSCANS | TJFLAG_STOPONWARNING)
    guard status == 0 else { throw corruptJPEG(path, decoder.message) }
    if isInk { pixels = colours(ofInk: pixels, isInverted: ImageContainer.hasAdobeSegment(bytes)) }
    return RasterImage(
      width: summary.width, height: summary.height, channels: summary.channels, pixels: pixels,
      orientation: summary.orientation)
  }

  /// The colours of ink on white paper, as Pillow has them: without the profile of a press.
  ///
  /// - Parameter isInverted: True where 255 is no ink, as programs of Adobe's write it.
  private static func colours(ofInk samples: [UInt8], isInverted: Bool) -> [UInt8] {
    var colours: [UInt8] = []
    colours.reserveCapacity(samples.count / 4 * 3)
    for pixel in stride(from: 0, to: samples.count, by: 4) {
      let key = Int(isInverted ? samples[pixel + 3] : 255 - samples[pixel + 3])
      for ink in samples[pixel..<pixel + 3] {
        let paper = Int(isInverted ? ink : 255 - ink)
        colours.append(UInt8((paper * key + 127) / 255))
      }
    }
    return colours
  }

  /// Blames a file for what the library says: codings that it has not are no damage.
  private static func corruptJPEG(_ path: String, _ message: String) -> FormatError {
    let isUnsupported = ["Unsupported", "subsampling", "not supported", "precision"]
      .contains { message.contains($0) }
    return isUnsupported
      ? FormatError(path, .unsupported(.jpeg, what: "libjpeg-turbo says:", value: message))
      : FormatError(path, .corrupt(.jpeg, .decoder(message: message)))
  }
}
