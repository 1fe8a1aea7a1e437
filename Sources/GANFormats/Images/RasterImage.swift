/// A picture as its file has it: 8-bit samples in sRGB, rows from the top, packed.
package struct RasterImage: Hashable, Sendable {
  /// Pixels in a row of the file.
  package let width: Int
  /// Rows of the file.
  package let height: Int
  /// 1 (gray), 2 (gray, opacity), 3 (red, green, blue) or 4 (and opacity), side by side in a pixel.
  ///
  /// Opacity is 0 (clear) to 255, and the colours are not multiplied by it.
  package let channels: Int
  /// `height * width * channels` samples, 0 (black) to 255.
  package let pixels: [UInt8]
  /// The turn that shows the picture upright.
  package let orientation: ImageOrientation

  /// Wraps samples already laid out.
  package init(
    width: Int, height: Int, channels: Int, pixels: [UInt8],
    orientation: ImageOrientation = .upright
  ) {
    precondition(width > 0 && height > 0, "a picture has extents; got \(width) x \(height)")
    precondition((1...4).contains(channels), "1 to 4 channels; got \(channels)")
    precondition(
      pixels.count == width * height * channels,
      "\(width) x \(height) x \(channels) needs as many samples; got \(pixels.count)")
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
    self.orientation = orientation
  }

  /// Pixels in a row of the picture as it is seen.
  package var uprightWidth: Int { orientation.isTransposed ? height : width }
  /// Rows of the picture as it is seen.
  package var uprightHeight: Int { orientation.isTransposed ? width : height }
}
