internal import GANGraph
internal import GANTensor

extension Pixels {
  /// Zeros in a rectangle of t rows by t columns, t being s times the strength and s half of either
  /// extent, both rounded half up.
  ///
  /// Along an axis it begins at `⌊n u⌋ - ⌊t / 2⌋`, where n is the extent, and one more where s is
  /// even; what lies outside the image is cut off.
  ///
  /// - Parameter strength: `float32 []`, from 0 to 1.
  func cutOut(_ strength: Tensor, _ uniform: (AugmentationRandomness) -> Tensor) -> Pixels {
    /// 1 where the rectangle is, along one axis, else 0: `[B, extent]`.
    func covered(_ role: AugmentationRandomness, _ extent: Int) -> Tensor {
      let largest = (extent + 1) / 2
      let size = (strength * Double(largest) + 0.5).wholePart
      let centres = uniform(role).wholeNumbers(below: extent + 1 - largest % 2)
      let fromStart = (centres - (size * 0.5).wholePart.broadcast(to: centres.shape))
        .coordinates(to: extent)
      return fromStart.within(
        size.broadcast(to: fromStart.shape), select: fromStart.constant(1), else: 0)
    }
    let rows = covered(.cutoutRows, height)
    // Each column's mark lies in memory once for each channel, so that a row is one long loop.
    let columns = covered(.cutoutColumns, width)
      .broadcast(to: [count, width, channels], axes: [0, 1])
      .reshaped(to: [count, width * channels])
    let grid: Shape = [count, height, width * channels]
    let cut = rows.broadcast(to: grid, axes: [0, 1]) * columns.broadcast(to: grid, axes: [0, 2])
    return Pixels((tensor.reshaped(to: grid) * (1 - cut)).reshaped(to: tensor.shape))
  }
}
