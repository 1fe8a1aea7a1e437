internal import GANGraph
internal import GANTensor

extension Pixels {
  /// Brightness, saturation and contrast, each of what the one before gives, with u of its own:
  ///
  ///     x + (u - 1/2)
  ///     (x - m) 2u + m            m: the mean of the pixel's channels
  ///     (x - m) (u + 1/2) + m     m: the mean of the image
  ///
  /// A single channel has nothing to saturate.
  func recolored(_ uniform: (AugmentationRandomness) -> Tensor) -> Pixels {
    var x = tensor + everywhere(uniform(.brightness) - 0.5)
    if channels > 1 {
      let mean = Pixels(x).channelMeans
      x = (x - mean) * everywhere(2 * uniform(.saturation)) + mean
    }
    let mean = everywhere(
      x.summed(over: [1, 2, 3]) * (1 / Double(height * width * channels)))
    return Pixels((x - mean) * everywhere(uniform(.contrast) + 0.5) + mean)
  }

  /// The mean of a pixel's channels at each of them. One product: sums of three, and repeating them
  /// three times, are too short for loops.
  private var channelMeans: Tensor {
    let averaging = tensor.builder.constant(1 / Double(channels), [channels, channels])
    return tensor.reshaped(to: [count * height * width, channels]).matmul(averaging)
      .reshaped(to: tensor.shape)
  }
}
