package import GANLearning

/// The augmentation of the images that a judge sees.
package struct JudgeAugmentation: Hashable, Sendable {
  /// The augmentations of every image.
  package var kinds: [Augmentation]
  /// Their strength, from 0 to 1.
  package var strength: ScheduledValue
  /// How likely each change of an image is.
  package var probability: Probability

  /// The probability of each change of an image.
  package enum Probability: Hashable, Sendable {
    /// A value from 0 to 1; the constant 1 draws no chances.
    case scheduled(ScheduledValue)
    /// One that follows the judge's overfitting, up where that is above the target, else down.
    ///
    /// - Parameter images: Real images on the way from 0 to 1.
    case adapted(target: Double, images: Int)
  }

  package init(
    _ kinds: [Augmentation] = [], strength: ScheduledValue = 1,
    probability: Probability = .scheduled(1)
  ) {
    (self.kinds, self.strength, self.probability) = (kinds, strength, probability)
  }
}
