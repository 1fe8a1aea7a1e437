internal import GANGraph

extension Pixels {
  /// Each image moved down and to the right by whole numbers of pixels, `⌊(2r + 1) u⌋ - r` along
  /// each axis, r being an eighth of the extent, rounded half up.
  ///
  /// The published code moves up and to the left, which comes to the same distribution.
  func translated(_ uniform: (AugmentationRandomness) -> Tensor) -> Pixels {
    func origins(_ role: AugmentationRandomness, _ extent: Int) -> Tensor {
      let reach = (extent + 4) / 8
      return uniform(role).wholeNumbers(below: 2 * reach + 1) - Double(reach)
    }
    return gathered(
      rows: origins(.translationRows, height).coordinates(to: height),
      columns: origins(.translationColumns, width).coordinates(to: width))
  }
}
