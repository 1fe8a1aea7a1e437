import CImageLibraries

extension ImageFile {
  static func summaryOfWebP(_ bytes: [UInt8], _ path: String) throws(FormatError) -> Summary {
    let features = try features(of: bytes, path)
    // An animation is decoded on a canvas with opacity.
    let hasAlpha = features.has_alpha != 0 || features.has_animation != 0
    let mode = hasAlpha ? "colour with alpha" : "colour"
    return Summary(
      kind: .webP, width: Int(features.width), height: Int(features.height),
      channels: hasAlpha ? 4 : 3, mode: features.has_animation == 0 ? mode : "animation",
      orientation: ImageContainer.orientation(ofWebP: bytes) ?? .upright)
  }

  static func decodedWebP(
    _ bytes: [UInt8], _ summary: Summary, _ path: String
  ) throws(FormatError) -> RasterImage {
    let isAnimation = try features(of: bytes, path).has_animation != 0
    let stride = summary.width * summary.channels
    var pixels = [UInt8](repeating: 0, count: stride * summary.height)
    let byteCount = pixels.count
    let isDecoded =
      if isAnimation {
        decodeFirstFrame(bytes, into: &pixels)
      } else if summary.channels == 4 {
        WebPDecodeRGBAInto(bytes, bytes.count, &pixels, byteCount, Int32(stride)) != nil
      } else {
        WebPDecodeRGBInto(bytes, bytes.count, &pixels, byteCount, Int32(stride)) != nil
      }
    guard isDecoded else {
      throw FormatError(path, .corrupt(.webP, .decoder(message: "its picture data are damaged")))
    }
    return RasterImage(
      width: summary.width, height: summary.height, channels: summary.channels, pixels: pixels,
      orientation: summary.orientation)
  }

  private static func features(
    of bytes: [UInt8], _ path: String
  ) throws(FormatError) -> WebPBitstreamFeatures {
    var features = WebPBitstreamFeatures()
    let status = WebPGetFeatures(bytes, bytes.count, &features)
    guard status == VP8_STATUS_OK else {
      let message =
        status == VP8_STATUS_NOT_ENOUGH_DATA
        ? "its header ends early" : "its header is damaged"
      throw FormatError(path, .corrupt(.webP, .decoder(message: message)))
    }
    return features
  }

  /// Draws an animation's first frame on a clear canvas, which `pixels` has room for.
  private static func decodeFirstFrame(_ bytes: [UInt8], into pixels: inout [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { bytes in
      var data = WebPData(bytes: bytes.baseAddress, size: bytes.count)
      guard let decoder = WebPAnimDecoderNew(&data, nil) else { return false }
      defer { WebPAnimDecoderDelete(decoder) }
      // The canvas is as large as another part of the library says it is.
      var canvasInfo = WebPAnimInfo()
      guard WebPAnimDecoderGetInfo(decoder, &canvasInfo) != 0,
        4 * Int(canvasInfo.canvas_width) * Int(canvasInfo.canvas_height) == pixels.count
      else { return false }
      var canvas: UnsafeMutablePointer<UInt8>?
      var milliseconds: Int32 = 0
      guard WebPAnimDecoderGetNext(decoder, &canvas, &milliseconds) != 0, let canvas else {
        return false
      }
      pixels.withUnsafeMutableBytes {
        $0.copyMemory(from: UnsafeRawBufferPointer(start: canvas, count: $0.count))
      }
      return true
    }
  }
}
