internal import GANGraph

extension Pixels {
  /// Each image moved down and to the right by whole numbers of pixels.
  ///
  /// The published code moves up and to the left, which comes to the same distribution.
  func translated(_ uniform: (AugmentationRandomness) -> Tensor) -> Pixels {
    gathered(
      rows: uniform(.translationRows).distances(inEighthOf: height).coordinates(to: height),
      columns: uniform(.translationColumns).distances(inEighthOf: width).coordinates(to: width))
  }
}
