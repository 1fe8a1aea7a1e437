import CWebPEncoder
import GANFormats

// Animated WebP: a container around what libwebp makes of each frame.
//
// Source: "WebP Container Specification", https://developers.google.com/speed/webp/docs/riff_container
extension Animation {
  /// The bytes of an animated WebP without loss.
  func webP() throws -> [UInt8] {
    let (width, height) = (frames[0].width, frames[0].height)
    var body = [UInt8]("WEBP".utf8)
    // One flag: it is animated.
    var header: [UInt8] = [0x02, 0, 0, 0]
    header.append(width - 1, bytes: 3)
    header.append(height - 1, bytes: 3)
    Self.append("VP8X", header, to: &body)
    // No background; again and again.
    Self.append("ANIM", [0, 0, 0, 0, 0, 0], to: &body)
    for (index, frame) in frames.enumerated() {
      var contents = [UInt8](repeating: 0, count: 6)
      contents.append(width - 1, bytes: 3)
      contents.append(height - 1, bytes: 3)
      contents.append(duration(ofFrame: index, unitsPerSecond: 1_000), bytes: 3)
      // Replaces what was there.
      contents.append(0x02)
      Self.append("ANMF", contents + (try Self.picture(frame)), to: &body)
    }
    var bytes = [UInt8]("RIFF".utf8)
    bytes.append(body.count, bytes: 4)
    return bytes + body
  }

  private static func append(_ type: String, _ contents: [UInt8], to bytes: inout [UInt8]) {
    bytes += Array(type.utf8)
    bytes.append(contents.count, bytes: 4)
    bytes += contents
    if !contents.count.isMultiple(of: 2) { bytes.append(0) }
  }

  /// The chunk of a still picture, without the file around it.
  private static func picture(_ frame: PixelImage) throws -> [UInt8] {
    let rgb =
      frame.channels == 3 ? frame.pixels : frame.pixels.flatMap { [UInt8](repeating: $0, count: 3) }
    var output: UnsafeMutablePointer<UInt8>?
    let count = WebPEncodeLosslessRGB(
      rgb, Int32(frame.width), Int32(frame.height), Int32(3 * frame.width), &output)
    defer { WebPFree(output) }
    guard count > 12, let output else {
      throw FormatError(
        "picture", .unencodable(.webP, message: "\(frame.width) x \(frame.height)"))
    }
    // After the file's own header of 12 bytes.
    return Array(UnsafeBufferPointer(start: output + 12, count: count - 12))
  }
}
