import GANData
package import GANFormats
package import GANTensor

/// The arrangement of images on a terminal: as large as still lets a few stand side by side.
///
/// An image is shrunk by a whole number, each pixel the mean of a square; black lines of one pixel
/// stand between images and around them.
package struct ContactSheet: Hashable, Sendable {
  /// The side, in pixels, of the square that every pixel stands for.
  package let reduction: Int
  /// Images in a row.
  package let perRow: Int
  /// Images that fit and are shown: the first ones, in full rows.
  package let count: Int

  /// Images that should stand side by side before any is shown larger.
  private static let wantedPerRow = 5
  /// The least rows and columns of pixels in which a digit can be read.
  private static let smallestSide = 8

  /// Lays images out; nil where the space is too small to see anything.
  ///
  /// - Parameters:
  ///   - shape: `[N, C, H, W]` of the images.
  ///   - columns: Characters in a line.
  ///   - lines: Lines to fill at most.
  package init?(of shape: Shape, columns: Int, lines: Int) {
    precondition(shape.rank == 4 && shape.elementCount > 0, "images are [N, C, H, W]; got \(shape)")
    let (total, height, width) = (shape[0], shape[2], shape[3])
    let largest = max(1, min(height, width) / Self.smallestSide)
    let wanted = min(total, Self.wantedPerRow)
    // The last resort is the largest reduction, with fewer side by side.
    for reduction in 1...largest {
      let (reducedHeight, reducedWidth) = (
        (height + reduction - 1) / reduction, (width + reduction - 1) / reduction
      )
      let perRow = min(total, (columns - 1) / (reducedWidth + 1))
      let rows = (2 * lines - 1) / (reducedHeight + 1)
      guard rows >= 1, perRow >= (reduction == largest ? 1 : wanted) else { continue }
      self.reduction = reduction
      self.perRow = perRow
      count = min(total, perRow * min(rows, max(1, total / perRow)))
      return
    }
    return nil
  }

  /// Draws the images that are shown.
  ///
  /// - Parameter images: `float32`, `[N, C, H, W]` in `[-1, 1]`, of the shape that was laid out.
  package func picture(of images: HostTensor) -> PixelImage {
    ImageGrid(perRow: perRow, padding: 1).picture(of: reduced(images))
  }

  private func reduced(_ images: HostTensor) -> HostTensor {
    let shape = images.shape
    let (channels, height, width) = (shape[1], shape[2], shape[3])
    let samples = images.floats
    let rows = stride(from: 0, to: height, by: reduction)
    let columns = stride(from: 0, to: width, by: reduction)
    var means: [Float] = []
    for plane in 0..<count * channels {
      for top in rows {
        for left in columns {
          let square = (top..<min(top + reduction, height)).flatMap { row in
            let start = (plane * height + row) * width
            return samples[start + left..<start + min(left + reduction, width)]
          }
          means.append(square.reduce(0, +) / Float(square.count))
        }
      }
    }
    let extents = [count, channels, Array(rows).count, Array(columns).count]
    return HostTensor(shape: Shape(extents), means)
  }
}
