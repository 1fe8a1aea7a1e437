package import GANGraph
internal import GANTensor

/// A kind of differentiable augmentation: a closed family, one file for each.
///
/// The discriminator sees augmented images only, real and generated alike, and the generator learns
/// through the augmentation. Each image gets numbers of its own; `docs/augmentation.md` says how
/// they are made of uniforms.
///
/// - Source: Zhao, Liu, Lin, Zhu, Han, "Differentiable Augmentation for Data-Efficient GAN Training",
///   2020, arXiv:2006.10738, and its published code.
public enum Augmentation: String, Codable, CaseIterable, Hashable, Sendable {
  /// Another brightness, saturation and contrast.
  case color
  /// A move by up to an eighth of the height and of the width; zeros come in.
  case translation
  /// Zeros in a rectangle of half the height and half the width, part of which may lie outside.
  case cutout

  /// Pixels of a batch that a translation or a flip can move: `float32`, in which their indices are
  /// computed, has every whole number up to here.
  package static let mostMovedPixels = 1 << 24

  /// The range of strengths: from none to the published code's.
  package static let strengthRange = 0..<1.0.nextUp
}

extension Collection<Augmentation> {
  /// Images after each of these, in the order of the family whatever the order here.
  ///
  /// Differentiable in the images, to any order.
  ///
  /// - Parameters:
  ///   - images: `[B, C, H, W]`, about [-1, 1]; at most 2²⁴ pixels in all if they are to move.
  ///   - strength: `float32 []`, from 0, which changes nothing, to 1, the published code's; nil is 1.
  ///   - uniform: Gives uniforms on [0, 1), `[B]`, for a role; asked for those in use only, so never
  ///     for the saturation of images of one channel.
  /// - Returns: `[B, C, H, W]`; colours may leave the range.
  package func applied(
    to images: Tensor, strength: Tensor? = nil, uniform: (AugmentationRandomness) -> Tensor
  ) -> Tensor {
    guard !isEmpty else { return images }
    let strength = strength ?? images.builder.constant(1)
    /// The same numbers nearer to 1/2, which stands for no change.
    func weakened(_ role: AugmentationRandomness) -> Tensor {
      let deviation = uniform(role) - 0.5
      return deviation * strength.broadcast(to: deviation.shape) + 0.5
    }
    var pixels = Pixels(of: images)
    for augmentation in Augmentation.allCases where contains(augmentation) {
      pixels =
        switch augmentation {
        case .color: pixels.recolored(weakened)
        case .translation: pixels.translated(weakened)
        case .cutout: pixels.cutOut(strength, uniform)
        }
    }
    return pixels.images
  }
}
