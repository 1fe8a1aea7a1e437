internal import GANGraph
internal import GANTensor

/// Images with the channels of a pixel side by side, so that a pixel moves as one row of a matrix.
///
/// Convolutions compute in this layout too, and where they follow nothing is copied for it.
struct Pixels {
  /// `[B, H, W, C]`.
  let tensor: Tensor

  init(_ tensor: Tensor) { self.tensor = tensor }

  /// Of images `[B, C, H, W]`.
  init(of images: Tensor) {
    precondition(images.shape.rank == 4, "images are [B, C, H, W], got \(images.shape)")
    tensor = images.permuted([0, 2, 3, 1])
  }

  /// `[B, C, H, W]` again.
  var images: Tensor { tensor.permuted([0, 3, 1, 2]) }

  var count: Int { tensor.shape[0] }
  var height: Int { tensor.shape[1] }
  var width: Int { tensor.shape[2] }
  var channels: Int { tensor.shape[3] }

  /// A number for each image, `[B]`, at all its values.
  func everywhere(_ numbers: Tensor) -> Tensor { numbers.broadcast(to: tensor.shape, axes: [0]) }

  /// Pixels in the batch, which are refused where there are too many to be moved.
  var countOfMovable: Int {
    let pixelCount = count * height * width
    if pixelCount > Augmentation.mostMovedPixels {
      tensor.builder.fail(
        "moving pixels",
        "needs at most \(Augmentation.mostMovedPixels) in a batch, got \(tensor.shape)",
        #fileID, #line)
    }
    return pixelCount
  }

  /// Images whose pixel at (y, x) is this image's at (`rows[y]`, `columns[x]`), or zeros outside
  /// it.
  ///
  /// - Parameters:
  ///   - rows: Whole numbers, `[B, H]`.
  ///   - columns: Whole numbers, `[B, W]`.
  func gathered(rows: Tensor, columns: Tensor) -> Pixels {
    let pixelCount = countOfMovable
    // The zeros lie behind the last pixel. Places outside along either axis are at least that far.
    let zeros = Double(pixelCount)
    let firstPixels = tensor.builder.coordinates(below: count) * Double(height * width)
    let firstInRow = rows * Double(width) + firstPixels.broadcast(to: rows.shape, axes: [0])
    let grid: Shape = [count, height, width]
    let indices =
      rows.within(height, select: firstInRow, else: zeros).broadcast(to: grid, axes: [0, 1])
      + columns.within(width, select: columns, else: zeros).broadcast(to: grid, axes: [0, 2])
    let farthest = indices.constant(zeros)
    let chosen = indices.compared(.greater, to: farthest).select(farthest, indices)
    let values = tensor.reshaped(to: [pixelCount, channels])
      .concatenated(with: [tensor.builder.constant(0, [1, channels])], axis: 0)
      .gatheredRows(chosen.reshaped(to: [pixelCount]).converted(to: .int32))
    return Pixels(values.reshaped(to: tensor.shape))
  }
}
