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
    guard space != TJCS_CMYK.rawValue, space != TJCS_YCCK.rawValue else {
      // Their look depends on a profile of the press.
      let name = space == TJCS_CMYK.rawValue ? "CMYK" : "YCCK"
      throw FormatError(path, .unsupported(.jpeg, what: "colours in", value: name))
    }
    return Summary(
      kind: .jpeg, width: Int(width), height: Int(height), channels: isGray ? 1 : 3,
      mode: isGray ? "gray" : "colour",
      orientation: ImageContainer.orientation(ofJPEG: bytes) ?? .upright)
  }

  /// Decodes; what TurboJPEG only warns of, above all that data end early, counts as damage.
  static func decodedJPEG(
    _ bytes: [UInt8], _ summary: Summary, _ path: String
  ) throws(FormatError) -> RasterImage {
    let decoder = TurboJPEG()
    let (width, height) = (Int32(summary.width), Int32(summary.height))
    var pixels = [UInt8](repeating: 0, count: summary.width * summary.height * summary.channels)
    let format = summary.channels == 1 ? TJPF_GRAY : TJPF_RGB
    // A small file can ask for thousands of scans, each of which takes time.
    let status = tjDecompress2(
      decoder.handle, bytes, UInt(bytes.count), &pixels, width, 0, height,
      format.rawValue, TJFLAG_LIMITSCANS | TJFLAG_STOPONWARNING)
    guard status == 0 else { throw corruptJPEG(path, decoder.message) }
    return RasterImage(
      width: summary.width, height: summary.height, channels: summary.channels, pixels: pixels,
      orientation: summary.orientation)
  }

  private static func corruptJPEG(_ path: String, _ message: String) -> FormatError {
    FormatError(path, .corrupt(.jpeg, .decoder(message: message)))
  }
}
