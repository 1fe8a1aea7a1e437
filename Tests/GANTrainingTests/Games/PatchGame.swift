import GANData
import GANLearning
import GANNetworks
import GANTensor
import GANTestSupport
import GANTraining

/// A game of two on images whose discriminator judges patches: its verdict is a map, `[N, 1, 6, 6]`.
///
/// - Source: the discriminator is that of Isola et al., "Image-to-Image Translation with Conditional
///   Adversarial Networks", 2016, arXiv:1611.07004, section 3.2.2, with fewer layers.
enum PatchGame {
  static let imageShape: Shape = [1, 14, 14]
  static let mapShape: Shape = [1, 6, 6]

  static func game() -> Game {
    .adversarialPair(
      generator: NetworkDescription(
        inputShape: [8],
        layers: [
          .linear(inputs: 8, outputs: 4 * 7 * 7), .softplus, .reshape(to: [4, 7, 7]),
          .transposedConvolution(inputs: 4, outputs: 1, window: 4, stride: 2, padding: 1), .tanh,
        ]),
      discriminator: NetworkDescription(
        inputShape: imageShape,
        layers: [
          .convolution(inputs: 1, outputs: 8, window: 4, stride: 2, padding: 1), .softplus,
          .convolution(inputs: 8, outputs: 1, window: 4, stride: 1, padding: 1),
        ]),
      objective: .leastSquares, penalties: [PenaltyTerm(.r1, weight: 0.1, interval: 2)],
      imageShape: imageShape)
  }

  /// Noise.
  static func data(count: Int = 300) -> ImageDataset {
    var random = SplitMix(seed: 7)
    let pixels = (0..<count * imageShape.elementCount).map { _ in
      UInt8.random(in: 0...255, using: &random)
    }
    return ImageDataset(name: "noise", imageShape: imageShape, pixels: pixels)
  }
}
