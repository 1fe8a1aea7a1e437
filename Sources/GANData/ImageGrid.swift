package import GANFormats
package import GANTensor

/// Images side by side in one picture, laid out as torchvision's `make_grid` does.
///
/// Images follow each other in rows, black lines of `padding` pixels around each; a last row that
/// is not full ends in black. One image alone stands without padding.
///
/// Unlike torchvision, images of one channel give a gray picture: the same samples, a third of
/// the size.
package struct ImageGrid: Hashable, Sendable {
  /// Images in a full row.
  package let perRow: Int
  /// Pixels between images and around them.
  package let padding: Int

  /// Describes a grid; the defaults are torchvision's.
  package init(perRow: Int = 8, padding: Int = 2) {
    precondition(perRow > 0 && padding >= 0, "got \(perRow) a row, padding \(padding)")
    self.perRow = perRow
    self.padding = padding
  }

  /// Rows and columns of pixels of the picture of `count` images.
  package func extents(count: Int, height: Int, width: Int) -> (rows: Int, columns: Int) {
    let border = count == 1 ? 0 : padding
    let columns = min(perRow, count)
    let rows = (count + columns - 1) / columns
    return (rows * (height + border) + border, columns * (width + border) + border)
  }

  /// Images as the bytes of a PNG file: several as an overview, which no data set takes for an image, one
  /// alone as what may be trained on.
  ///
  /// - Parameters:
  ///   - images: As for `picture(of:)`.
  ///   - path: Named in errors.
  /// - Throws: As `PNG.encoded(_:for:)`.
  package func png(
    of images: HostTensor, for path: String = "picture"
  ) throws(FormatError) -> [UInt8] {
    let picture = picture(of: images)
    return images.shape[0] > 1
      ? try PNG.encodedOverview(picture, for: path) : try PNG.encoded(picture, for: path)
  }

  /// Draws images.
  ///
  /// A sample is `x` in `[-1, 1]`, drawn as `floor(255 (x + 1) / 2 + 0.5)`, which `save_image`
  /// computes of the denormalised image; values outside are clamped, NaN is black.
  ///
  /// - Parameter images: `float32`, `[N, C, H, W]`, N at least 1, C 1 or 3.
  package func picture(of images: HostTensor) -> PixelImage {
    let shape = images.shape
    precondition(
      shape.rank == 4 && shape.elementCount > 0 && (shape[1] == 1 || shape[1] == 3),
      "a grid shows [N, 1 or 3, H, W]; got \(shape)")
    let (count, channels, height, width) = (shape[0], shape[1], shape[2], shape[3])
    let samples = images.floats

    let border = count == 1 ? 0 : padding
    let columns = min(perRow, count)
    let (gridHeight, gridWidth) = extents(count: count, height: height, width: width)
    var pixels = [UInt8](repeating: 0, count: gridWidth * gridHeight * channels)
    for image in 0..<count {
      let top = image / columns * (height + border) + border
      let left = image % columns * (width + border) + border
      for channel in 0..<channels {
        for row in 0..<height {
          let source = ((image * channels + channel) * height + row) * width
          let destination = ((top + row) * gridWidth + left) * channels + channel
          for column in 0..<width {
            pixels[destination + column * channels] = Self.sample(samples[source + column])
          }
        }
      }
    }
    return PixelImage(width: gridWidth, height: gridHeight, channels: channels, pixels: pixels)
  }

  /// A sample in `[-1, 1]` as 0 to 255, in the order of operations of `save_image`.
  package static func sample(_ value: Float) -> UInt8 {
    let unit = (value + 1) / 2
    // Comparisons with NaN fail: it ends up black.
    guard unit > 0 else { return 0 }
    return UInt8(min(unit, 1) * 255 + 0.5)
  }
}
