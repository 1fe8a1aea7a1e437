/// A picture of 8-bit samples, rows from the top, packed; channels side by side in a pixel.
package struct PixelImage: Hashable, Sendable {
  /// Pixels in a row.
  package let width: Int
  /// Rows.
  package let height: Int
  /// 1 (gray) or 3 (red, green, blue).
  package let channels: Int
  /// `height * width * channels` samples, 0 (black) to 255.
  package let pixels: [UInt8]

  /// Wraps samples already laid out.
  package init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    precondition(width > 0 && height > 0, "a picture has extents; got \(width) x \(height)")
    precondition(channels == 1 || channels == 3, "1 or 3 channels; got \(channels)")
    precondition(
      pixels.count == width * height * channels,
      "\(width) x \(height) x \(channels) needs \(width * height * channels) samples; "
        + "got \(pixels.count)")
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }
}
