internal import GANGraph
internal import GANTensor

extension Pixels {
  /// Brightness and contrast, the luma mirrored, the hue turned about the luma's axis, and another
  /// saturation, in this order, as one affine map of each image's colours.
  ///
  /// With m the mean of a pixel's channels, and h its colour less m, turned by the hue's angle:
  ///
  ///     ± c (m + b) + c s h
  ///
  /// A single channel is all luma, and has neither hue nor saturation.
  ///
  /// - Source: Karras et al., 2020, arXiv:2006.06676, appendix B.
  func photometricallyChanged(_ draws: AugmentationDraws) -> Pixels {
    guard channels == 1 || channels == 3 else {
      tensor.builder.fail(
        "photometry", "needs 1 channel or 3, got \(channels)", #fileID, #line)
      return self
    }
    let brightness = draws.spread(
      .photometricBrightness, 0.2, where: draws.gate(.photometricBrightnessChance))
    let contrast = draws.spread(
      .photometricContrast, 0.5, where: draws.gate(.photometricContrastChance)
    ).powerOfTwo
    let luma = contrast * draws.signs(.lumaFlip, where: draws.gate(.lumaFlipChance))
    let light = luma * brightness
    guard channels == 3 else {
      return Pixels(tensor * everywhere(luma) + everywhere(light))
    }
    let hue = draws.gate(.hueChance).choice(of: draws.deviations(.hue), else: 0).cosineAndSine
    let colour =
      contrast
      * draws.spread(
        .photometricSaturation, 1, where: draws.gate(.photometricSaturationChance)
      ).powerOfTwo
    let along = colour * hue.cosine
    let across = colour * hue.sine * (1 / 3.0.squareRoot())
    let mean = (luma - along) * (1.0 / 3)
    return mixed(own: along + mean, next: mean - across, last: mean + across, addend: light)
  }

  /// Each channel times a number, the next channel times another, and the one before, all three around
  /// a circle.
  private func mixed(own: Tensor, next: Tensor, last: Tensor, addend: Tensor) -> Pixels {
    let planes = images
    func everywhere(_ numbers: Tensor) -> Tensor {
      numbers.broadcast(to: planes.shape, axes: [0])
    }
    /// The channels from one on, and then those before it.
    func circle(from channel: Int) -> Tensor {
      planes.sliced(axis: 1, start: channel, count: 3 - channel)
        .concatenated(with: [planes.sliced(axis: 1, start: 0, count: channel)], axis: 1)
    }
    let mixed =
      planes * everywhere(own) + circle(from: 1) * everywhere(next)
      + circle(from: 2) * everywhere(last) + everywhere(addend)
    return Pixels(of: mixed)
  }
}
