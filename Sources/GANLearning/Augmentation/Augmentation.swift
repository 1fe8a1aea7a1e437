package import GANGraph
internal import GANTensor

/// A kind of differentiable augmentation: a closed family, one file for each.
///
/// The discriminator sees augmented images only, real and generated alike, and the generator learns
/// through the augmentation. Each image gets numbers of its own; `docs/augmentation.md` says how
/// they are made of random ones.
///
/// - Source: `geometry` and `photometry` are the geometric and colour transformations of Karras et
///   al., "Training Generative Adversarial Networks with Limited Data", 2020, arXiv:2006.06676,
///   appendix B; the others are those of Zhao, Liu, Lin, Zhu, Han, "Differentiable Augmentation for
///   Data-Efficient GAN Training", 2020, arXiv:2006.10738, and its published code.
public enum Augmentation: String, Codable, CaseIterable, Hashable, Sendable {
  /// Mirrored, turned, moved, scaled and stretched, as one affine map; mirror images come in.
  case geometry
  /// Another brightness, contrast, luma, hue and saturation, as one affine map of colours.
  case photometry
  /// Another brightness, saturation and contrast.
  case color
  /// A move by up to an eighth of the height and of the width; zeros come in.
  case translation
  /// Zeros in a rectangle of half the height and half the width, part of which may lie outside.
  case cutout

  /// True if pixels change their places.
  package var movesPixels: Bool {
    switch self {
    case .geometry, .translation: true
    case .photometry, .color, .cutout: false
    }
  }

  /// Pixels of a batch that can be moved or mirrored: `float32`, in which their indices are
  /// computed, has every whole number up to here.
  package static let mostMovedPixels = 1 << 24

  /// The range of strengths: from none to the published codes'.
  package static let strengthRange = 0..<1.0.nextUp

  /// The range of the probability of each change of an image.
  package static let probabilityRange = 0..<1.0.nextUp
}

extension Collection<Augmentation> {
  /// Images after each of these, in the order of the family whatever the order here.
  ///
  /// Differentiable in the images, to any order.
  ///
  /// - Parameters:
  ///   - images: `[B, C, H, W]`, about [-1, 1]; at most 2²⁴ pixels in all if they are to move, of
  ///     one channel or three for `photometry`.
  ///   - strength: `float32 []`, from 0, which changes nothing, to 1, the published codes'; nil is 1.
  ///   - probability: `float32 []`, from 0, which changes nothing, to the bit, to 1: that of each
  ///     change of each image by itself. Nil has every change happen and asks for no chances.
  ///   - numbers: Gives the random numbers of a role, `[B]`, of its distribution; asked once for
  ///     each in use only, so never for the hue of images of one channel.
  /// - Returns: `[B, C, H, W]`; colours may leave the range.
  package func applied(
    to images: Tensor, strength: Tensor? = nil, probability: Tensor? = nil,
    numbers: @escaping (AugmentationRandomness) -> Tensor
  ) -> Tensor {
    guard !isEmpty else { return images }
    let draws = AugmentationDraws(
      strength: strength ?? images.builder.constant(1), probability: probability, numbers: numbers)
    var pixels = Pixels(of: images)
    for augmentation in Augmentation.allCases where contains(augmentation) {
      pixels =
        switch augmentation {
        case .geometry: pixels.transformed(draws)
        case .photometry: pixels.photometricallyChanged(draws)
        case .color: pixels.changed(draws.gate(.colorChance)) { $0.recolored(draws.weakened) }
        case .translation:
          pixels.changed(draws.gate(.translationChance)) { $0.translated(draws.weakened) }
        case .cutout:
          pixels.changed(draws.gate(.cutoutChance)) { $0.cutOut(draws.strength, draws.numbers) }
        }
    }
    return pixels.images
  }
}

extension Pixels {
  /// Images after a change, where it happens to them.
  fileprivate func changed(_ gate: AugmentationGate, _ change: (Pixels) -> Pixels) -> Pixels {
    Pixels(gate.choice(of: change(self).tensor, else: tensor))
  }
}
